/** What the options of one repository say about names, evaluated. */
import { isImap, type RepositoryConfig } from "../config/config.ts";
import {
  encodeMailboxName,
  readableMailboxName,
} from "../imap/mailbox_name.ts";
import { ImapStore } from "../imap/store/store.ts";
import type { MaildirStore } from "../maildir/store.ts";
import type { Expressions } from "./expressions.ts";
import type { NameRules } from "./naming.ts";
import { WrittenNames } from "./written_names.ts";

/** What a repository's own options say about names. */
export interface SideRules extends Pick<NameRules, "translate" | "accepts"> {
  /** `folderincludes`. */
  readonly included: WrittenNames;
}

/**
 * Evaluates nametrans, folderfilter and folderincludes of a repository.
 * @param only `-f`: these folders instead.
 * @throws {MailError} Scope account: an expression is wrong.
 */
export async function sideRules(
  repository: RepositoryConfig,
  expressions: Expressions,
  only: readonly string[] | undefined,
): Promise<SideRules> {
  const translate = await translation(repository, expressions);
  if (only !== undefined) {
    const names = new WrittenNames(only);
    return {
      translate,
      accepts: (name) => Promise.resolve(names.has(name)),
      included: new WrittenNames([]),
    };
  }
  const filter = await expressions.filter(repository.folderFilter, {
    dynamic: repository.dynamicFolderFilter,
  });
  const included = new WrittenNames(
    await expressions.strings(repository.folderIncludes),
  );
  return {
    translate,
    accepts: async (name) => included.has(name) || await filter(name),
    included,
  };
}

/** nametrans; with decodefoldernames its result is decoded, as OfflineIMAP meant. */
async function translation(
  repository: RepositoryConfig,
  expressions: Expressions,
): Promise<SideRules["translate"]> {
  const translate = await expressions.nameTransform(repository.nameTrans);
  if (!isImap(repository) || !repository.decodeFolderNames) return translate;
  return async (name) => readableMailboxName(await translate(name));
}

/** What decodefoldernames and reference say of the names of a side. */
export function serverRules(
  repository: RepositoryConfig,
  store: ImapStore | MaildirStore,
): Pick<NameRules, "spell" | "within"> {
  if (!isImap(repository) || !(store instanceof ImapStore)) return {};
  const { reference, decodeFolderNames } = repository;
  return {
    ...(decodeFolderNames ? { spell: encodeMailboxName } : {}),
    ...(reference === undefined
      ? {}
      : { within: { reference, lists: (name) => store.lists(name) } }),
  };
}

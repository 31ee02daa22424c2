/** Both sides of an account, opened, with its status and its name rules. */
import type { MailboxNames } from "../events.ts";
import {
  encodeMailboxName,
  isInbox,
  readableMailboxName,
} from "../imap/mailbox_name.ts";
import type { ImapStore } from "../imap/store/store.ts";
import { mailboxMark } from "../maildir/filename.ts";
import { foldName } from "../maildir/mailbox_name.ts";
import { MaildirStore } from "../maildir/store.ts";
import { openState, type SqliteState, stateFile } from "../state/mod.ts";
import { type ImapRepository, isImap } from "../config/config.ts";
import type { MailboxInfo } from "../sync/ports.ts";
import type { AccountIo, AccountRun } from "./api.ts";
import { Expressions, type NewMailHook } from "./expressions.ts";
import { labelHeaderOf } from "./labels.ts";
import { listRemote, type RemoteListing } from "./list_remote.ts";
import {
  type NamedPair,
  nameMailboxes,
  type NameRules,
  type Names,
} from "./naming.ts";
import { Sessions } from "./sessions.ts";
import { imapStore, maildirStore } from "./stores.ts";
import { unsubscribedNotice, withoutUnsubscribed } from "./unsubscribed.ts";
import { WrittenNames } from "./written_names.ts";
import type { Sorter } from "../python/mod.ts";

/** An account that is ready to be synchronised. Disposing of it closes all. */
export interface OpenAccount extends AsyncDisposable {
  readonly run: AccountRun;
  readonly io: AccountIo;
  readonly remote: ImapStore;
  readonly local: MaildirStore | ImapStore;
  readonly state: SqliteState;
  /** Sessions with the server of the remote repository. */
  readonly sessions: Sessions;
  /** The same of the local one, if that is a server, too. */
  readonly localSessions: Sessions | undefined;
  /** `foldersort`. */
  readonly sort: Sorter<string>;
  /** `newmail_hook`, given variables for its environment. */
  readonly newMailHook: NewMailHook | undefined;
  /** `copy_ignore_eval`: UIDs of a remote folder, by its name after nametrans. */
  readonly ignored: (visible: string) => Promise<readonly number[]>;
  /** What shapes the view of both sides; other options make tokens void. */
  readonly viewOptions: string;
  /** The mark of a local mailbox in file names. Known after {@link pair}. */
  readonly markOf: (localName: string) => string;
  /** All names of a pair, for reports. Known after {@link pair}. */
  readonly namesOf: (pair: NamedPair) => MailboxNames;
  /** Lists the remote side, with what folderincludes names beyond LIST. */
  listRemote(): Promise<RemoteListing>;
  /** Lists the local side; if it is a server, in the same way. */
  listLocal(): Promise<RemoteListing>;
  /** The name rules of both sides; separators are known after a listing. */
  rules(): { remote: NameRules; local: NameRules };
  /** Pairs the mailboxes of both listings. */
  pair(
    remote: readonly MailboxInfo[],
    local: readonly MailboxInfo[],
  ): Promise<Names>;
  /** What is to be done when a run has ended well. */
  finish(): void;
}

/** Opens an account. Nothing is asked of the server yet. */
export async function openAccount(
  run: AccountRun,
  io: AccountIo,
): Promise<OpenAccount> {
  const resources = new AsyncDisposableStack();
  try {
    const expressions = resources.use(
      new Expressions({
        pythonFile: run.pythonFile,
        onOutput: (text) =>
          io.emit({ type: "notice", account: run.account.name, text }),
      }),
    );
    const state = resources.use(openState({
      file: stateFile(run.metadata, run.account.name),
      fsync: run.options.fsync,
      dryRun: run.options.dryRun,
      step: io.step,
    }));
    const sessions = new Sessions(run.account.remote, run, io, expressions);
    const { account } = run;
    const remote = resources.use(
      imapStore(account.remote, run, io, sessions),
    );
    const marks = new Map<string, string>();
    const [local, localSessions] = isImap(account.local)
      ? localServer(account.local, run, io, expressions)
      : [maildirStore(account.local, run, io, state, marks)];
    resources.use(local);
    const evaluated = {
      sort: await expressions.sorter(account.remote.folderSort),
      newMailHook: await expressions.hook(account.remote.newMailHook),
      ignored: await expressions.uids(account.remote.copyIgnoreEval),
      remote: decoding(
        account.remote,
        await sideRules(account.remote, expressions, account.onlyFolders),
      ),
      local: await sideRules(account.local, expressions, undefined),
    };
    const parts = {
      ...{ state, sessions, localSessions },
      ...{ remote, local, marks, evaluated },
    };
    return new Opened(run, io, parts, resources.move());
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

function localServer(
  repository: ImapRepository,
  run: AccountRun,
  io: AccountIo,
  expressions: Expressions,
): [ImapStore, Sessions] {
  const sessions = new Sessions(repository, run, io, expressions);
  return [imapStore(repository, run, io, sessions), sessions];
}

interface Parts {
  readonly state: SqliteState;
  readonly sessions: Sessions;
  readonly localSessions: Sessions | undefined;
  readonly remote: ImapStore;
  readonly local: MaildirStore | ImapStore;
  /** Local names after nametrans: what marks are made of. */
  readonly marks: Map<string, string>;
  readonly evaluated: {
    readonly sort: Sorter<string>;
    readonly newMailHook: NewMailHook | undefined;
    readonly ignored: OpenAccount["ignored"];
    readonly remote: SideRules;
    readonly local: SideRules;
  };
}

class Opened implements OpenAccount {
  readonly remote: ImapStore;
  readonly local: MaildirStore | ImapStore;
  readonly state: SqliteState;
  readonly sessions: Sessions;
  readonly localSessions: Sessions | undefined;
  readonly viewOptions: string;
  readonly sort: Sorter<string>;
  readonly newMailHook: NewMailHook | undefined;
  readonly ignored: OpenAccount["ignored"];
  readonly #parts: Parts;

  constructor(
    readonly run: AccountRun,
    readonly io: AccountIo,
    parts: Parts,
    readonly resources: AsyncDisposableStack,
  ) {
    this.#parts = parts;
    this.remote = parts.remote;
    this.local = parts.local;
    this.state = parts.state;
    this.sessions = parts.sessions;
    this.localSessions = parts.localSessions;
    this.sort = parts.evaluated.sort;
    this.newMailHook = parts.evaluated.newMailHook;
    this.ignored = parts.evaluated.ignored;
    this.viewOptions = viewOptions(run);
  }

  readonly markOf = (localName: string): string =>
    mailboxMark(
      this.#parts.marks.get(localName) ?? localName,
      this.local.separator,
    );

  readonly namesOf = ({ remote, visible, local }: NamedPair): MailboxNames => ({
    remote,
    remoteVisible: visible,
    local,
    localVisible: this.#parts.marks.get(local) ?? local,
  });

  listRemote(): Promise<RemoteListing> {
    const { account } = this.run;
    return listRemote(this.remote, {
      repository: account.remote.name,
      included: this.#parts.evaluated.remote.included,
      utf8Names: account.utf8FolderNames,
      signal: this.io.signal,
    });
  }

  async listLocal(): Promise<RemoteListing> {
    const { account } = this.run;
    if (!isImap(account.local)) {
      return { mailboxes: await this.local.list(), problems: [] };
    }
    return await listRemote(this.local, {
      repository: account.local.name,
      included: this.#parts.evaluated.local.included,
      utf8Names: account.utf8FolderNames,
      signal: this.io.signal,
    });
  }

  rules(): { remote: NameRules; local: NameRules } {
    const { account } = this.run;
    const { reference, decodeFolderNames } = account.remote;
    const { local } = this;
    // Names on a server differ when their letters do; file systems fold them.
    const folding = local instanceof MaildirStore ? local.folding() : undefined;
    const foldFile = (name: string) =>
      folding === undefined ? name : foldName(name, folding);
    return {
      remote: {
        ...this.#parts.evaluated.remote,
        repository: account.remote.name,
        separator: this.remote.separator,
        mayCreate: account.remote.createFolders && !account.remote.readonly,
        // RFC 9051 §5.1: INBOX alone is case-insensitive.
        fold: (name) => isInbox(name) ? "INBOX" : name,
        ...(decodeFolderNames ? { spell: encodeMailboxName } : {}),
        ...(reference === undefined ? {} : {
          within: {
            reference,
            lists: (name) => this.remote.lists(name),
          },
        }),
      },
      local: {
        ...this.#parts.evaluated.local,
        repository: account.local.name,
        isServer: isImap(account.local),
        separator: this.local.separator,
        mayCreate: account.local.createFolders && !account.local.readonly,
        fold: (name) => isInbox(name) ? "INBOX" : foldFile(name),
        foldFile,
      },
    };
  }

  async pair(
    remote: readonly MailboxInfo[],
    local: readonly MailboxInfo[],
  ): Promise<Names> {
    const { account } = this.run;
    const rules = this.rules();
    const named = await nameMailboxes(remote, local, rules);
    const names = account.remote.subscribedOnly
      ? await this.#subscribed(named)
      : named;
    for (const { local: name } of names.pairs) {
      this.#parts.marks.set(name, await rules.local.translate(name));
    }
    return names;
  }

  /** Without what is on the server and not subscribed: that is left alone. */
  async #subscribed(names: Names): Promise<Names> {
    if (!names.pairs.some(({ create }) => create === "remote")) return names;
    const { kept, left } = withoutUnsubscribed(
      names.pairs,
      await this.remote.listNames(),
    );
    if (left.length > 0) {
      const { account } = this.run;
      this.io.emit({
        type: "notice",
        account: account.name,
        text: unsubscribedNotice(account.remote.name, left),
      });
    }
    return { ...names, pairs: kept };
  }

  finish(): void {
    if (this.run.options.dryRun) return;
    if (this.local instanceof MaildirStore) this.local.purgeKept(Date.now());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.resources.disposeAsync();
  }
}

interface SideRules extends Pick<NameRules, "translate" | "accepts"> {
  /** `folderincludes`. */
  readonly included: WrittenNames;
}

async function sideRules(
  repository: AccountRun["account"]["remote" | "local"],
  expressions: Expressions,
  only: readonly string[] | undefined,
): Promise<SideRules> {
  const translate = await expressions.nameTransform(repository.nameTrans);
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

/** decodefoldernames: what nametrans returns is decoded, as OfflineIMAP meant to. */
function decoding(
  { decodeFolderNames }: ImapRepository,
  rules: SideRules,
): SideRules {
  if (!decodeFolderNames) return rules;
  return {
    ...rules,
    translate: async (name) => readableMailboxName(await rules.translate(name)),
  };
}

/** Options that decide what is seen; if they change, everything is looked at. */
function viewOptions({ account }: AccountRun): string {
  return JSON.stringify([
    account.maxAge,
    account.maxSizeBytes,
    account.remote.startDate,
    account.local.startDate,
    account.remote.readonly,
    account.local.readonly,
    account.remote.syncDeletes,
    account.local.syncDeletes,
    isImap(account.local) ? undefined : account.local.customFlags,
    ...(account.remote.realDelete ? ["realdelete"] : []),
    ...(labelHeaderOf(account) === undefined
      ? []
      : [account.labelsHeader, account.ignoreLabels]),
  ]);
}

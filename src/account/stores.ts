/** The stores of an account's repositories, as its configuration says. */
import { join } from "node:path";
import {
  type ImapRepository,
  isImap,
  type MaildirRepository,
} from "../config/config.ts";
import { MailError } from "../errors.ts";
import { GmailLabels } from "../imap/store/labels.ts";
import { ImapStore } from "../imap/store/store.ts";
import { MaildirStore } from "../maildir/store.ts";
import { accountFolder, type SqliteState } from "../state/mod.ts";
import type { AccountIo, AccountRun } from "./api.ts";
import { debugLog } from "./debug_log.ts";
import { labelHeaderOf } from "./labels.ts";
import { limitsOf, needDetails } from "./limits.ts";
import type { Sessions } from "./sessions.ts";

/** The mailboxes of a repository on a server. */
export function imapStore(
  repository: ImapRepository,
  run: AccountRun,
  io: AccountIo,
  sessions: Sessions,
): ImapStore {
  const { account, options } = run;
  const log = debugLog(run, io.emit, "imap");
  const trace = debugLog(run, io.emit, "thread");
  const labels = repository === account.remote
    ? labelHeaderOf(account)
    : undefined;
  return new ImapStore({
    // OfflineIMAP's word for a server on the local side.
    typeName: repository === account.local ? "MappedIMAP" : repository.type,
    openSession: () => sessions.open(),
    maxConnections: options.sequential ? 1 : repository.maxConnections,
    utf8Names: account.utf8FolderNames,
    ...(repository.reference === undefined
      ? {}
      : { reference: repository.reference }),
    subscribedOnly: repository.subscribedOnly,
    expunge: repository.expunge,
    details: needDetails(limitsOf(account, Date.now())),
    ...(labels === undefined ? {} : {
      labels: new GmailLabels((label) => labels.isIgnored(label)),
    }),
    ...(repository.type === "Gmail" && repository.realDelete
      ? {
        realDelete: {
          trash: repository.trashFolder,
          spam: repository.spamFolder,
        },
      }
      : {}),
    // Towards a Maildir nothing is filtered: only what is uploaded is.
    ...(isImap(account.local) && account.filterHeaders.length > 0
      ? {
        hidden: new Set(
          account.filterHeaders.map((name) => name.toLowerCase()),
        ),
      }
      : {}),
    timeoutMs: sessions.timeoutMs,
    step: io.step,
    ...(io.kept === undefined
      ? {}
      : { shelf: io.kept.shelfOf(repository.name) }),
    ...(log === undefined ? {} : { log }),
    ...(trace === undefined
      ? {}
      : { trace: (text: string) => trace(`${repository.name}: ${text}`) }),
  });
}

/**
 * The mailboxes of the local repository on this machine.
 *
 * @param marks Local names after nametrans, which become known with a listing.
 */
export function maildirStore(
  local: MaildirRepository,
  run: AccountRun,
  io: AccountIo,
  state: SqliteState,
  marks: ReadonlyMap<string, string>,
): MaildirStore {
  const { account, options, metadata } = run;
  const { broker } = io;
  if (local.localFolders === "") {
    throw new MailError(`Repository ${local.name} has no folder`, {
      code: "config.localfolders",
      scope: "account",
    });
  }
  const expected = [...state.statuses()].some(({ size }) => size > 0);
  const cacheName = local.localFolders;
  const labels = labelHeaderOf(account);
  const log = debugLog(run, io.emit, "maildir");
  return new MaildirStore({
    typeName: local.type,
    ...(labels === undefined ? {} : { labels }),
    filterHeaders: account.filterHeaders,
    root: local.localFolders,
    makeRoot: broker && (() => broker.makeRoot()),
    separator: local.separator,
    translate: (name) => marks.get(name) ?? name,
    keywords: new Map(Object.entries(local.customFlags)),
    windowsCompatible: account.maildirWindowsCompatible,
    ...local.infoSeparator === undefined
      ? {}
      : { infoSeparator: local.infoSeparator },
    filenameUseMailTimestamp: local.filenameUseMailTimestamp,
    utimeFromHeader: local.utimeFromHeader,
    restoreAtime: local.restoreAtime,
    fsync: options.fsync,
    expected,
    dryRun: options.dryRun,
    kept: {
      directory: join(accountFolder(metadata, account.name), "deleted"),
      days: account.keepDeletedDays,
    },
    cache: {
      get: () => state.storeToken("local", cacheName),
      set: (text) => {
        if (state.storeToken("local", cacheName) === text) return;
        state.setStoreToken("local", cacheName, text);
      },
    },
    warn: (text) =>
      io.emit({
        type: "warning",
        account: account.name,
        code: "maildir",
        text,
      }),
    ...(log === undefined ? {} : { log }),
    step: io.step,
  });
}

/** Both sides of an account, opened, with its status and its name rules. */
import type { MailboxNames } from "../events.ts";
import { isInbox } from "../imap/mailbox_name.ts";
import { ImapStore } from "../imap/store/store.ts";
import { mailboxMark } from "../maildir/filename.ts";
import { MaildirStore } from "../maildir/store.ts";
import { openState, type SqliteState, stateFile } from "../state/mod.ts";
import { type ImapRepository, isImap } from "../config/config.ts";
import type { MailboxInfo } from "../sync/ports.ts";
import type { Side } from "../sync/types.ts";
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
import {
  decoding,
  serverRules,
  type SideRules,
  sideRules,
} from "./side_rules.ts";
import { imapStore, maildirStore } from "./stores.ts";
import { unsubscribedNotice, withoutUnsubscribed } from "./unsubscribed.ts";
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
  /** `newmail_hook` of both sides, given variables for its environment. */
  readonly newMailHooks: Readonly<Record<Side, NewMailHook | undefined>>;
  /** `copy_ignore_eval` of both sides. Known after {@link pair}. */
  readonly ignored: (
    pair: NamedPair,
  ) => Promise<Readonly<Record<Side, readonly number[]>>>;
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
      newMailHooks: {
        remote: await expressions.hook(account.remote.newMailHook),
        local: await expressions.hook(
          isImap(account.local) ? account.local.newMailHook : undefined,
        ),
      },
      ignored: {
        remote: await expressions.uids(account.remote.copyIgnoreEval),
        local: await expressions.uids(
          isImap(account.local) ? account.local.copyIgnoreEval : undefined,
        ),
      },
      remote: decoding(
        account.remote,
        await sideRules(account.remote, expressions, account.onlyFolders),
      ),
      local: decoding(
        account.local,
        await sideRules(account.local, expressions, undefined),
      ),
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
    readonly newMailHooks: OpenAccount["newMailHooks"];
    /** By a folder's name after nametrans. */
    readonly ignored: Readonly<
      Record<Side, (visible: string) => Promise<readonly number[]>>
    >;
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
  readonly newMailHooks: OpenAccount["newMailHooks"];
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
    this.newMailHooks = parts.evaluated.newMailHooks;
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

  readonly ignored: OpenAccount["ignored"] = async (pair) => {
    const { ignored } = this.#parts.evaluated;
    const { remoteVisible, localVisible } = this.namesOf(pair);
    return {
      remote: await ignored.remote(remoteVisible),
      local: await ignored.local(localVisible),
    };
  };

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
    const { local } = this;
    // Names on a server differ when their letters do; file systems fold them.
    const foldFile = (name: string) =>
      local instanceof MaildirStore ? local.directoryKey(name) : name;
    return {
      remote: {
        ...this.#parts.evaluated.remote,
        repository: account.remote.name,
        separator: this.remote.separator,
        mayCreate: account.remote.createFolders && !account.remote.readonly,
        // RFC 9051 §5.1: INBOX alone is case-insensitive.
        fold: (name) => isInbox(name) ? "INBOX" : name,
        ...serverRules(account.remote, this.remote),
      },
      local: {
        ...this.#parts.evaluated.local,
        repository: account.local.name,
        isServer: isImap(account.local),
        separator: this.local.separator,
        mayCreate: account.local.createFolders && !account.local.readonly,
        fold: (name) => isInbox(name) ? "INBOX" : foldFile(name),
        foldFile,
        ...serverRules(account.local, local),
      },
    };
  }

  async pair(
    remote: readonly MailboxInfo[],
    local: readonly MailboxInfo[],
  ): Promise<Names> {
    const rules = this.rules();
    const named = await nameMailboxes(remote, local, rules);
    const remotely = await this.#subscribed(named, "remote", this.remote);
    const names = await this.#subscribed(remotely, "local", this.local);
    for (const { local: name } of names.pairs) {
      this.#parts.marks.set(name, await rules.local.translate(name));
    }
    return names;
  }

  /** Without what is on the server and not subscribed: that is left alone. */
  async #subscribed(
    names: Names,
    side: Side,
    store: ImapStore | MaildirStore,
  ): Promise<Names> {
    const { account } = this.run;
    if (!(store instanceof ImapStore) || !store.options.subscribedOnly) {
      return names;
    }
    if (!names.pairs.some(({ create }) => create === side)) return names;
    const existing = await store.listNames();
    const { kept, left } = withoutUnsubscribed(names.pairs, existing, side);
    // Told by full syncs, not each time that something is heard of a folder.
    if (left.length > 0 && this.run.options.focus === undefined) {
      this.io.emit({
        type: "notice",
        account: account.name,
        text: unsubscribedNotice(
          account[side].name,
          left.map((pair) => pair[side]),
        ),
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

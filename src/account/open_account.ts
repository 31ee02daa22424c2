/** Both sides of an account, opened, with its status and its names. */
import {
  type AccountConfig,
  type ImapRepository,
  isImap,
} from "../config/config.ts";
import type { ImapStore } from "../imap/store/store.ts";
import { MaildirStore } from "../maildir/store.ts";
import type { Sorter } from "../python/mod.ts";
import { openState, type SqliteState, stateFile } from "../state/mod.ts";
import type { Side } from "../sync/types.ts";
import { AccountNames } from "./account_names.ts";
import type { AccountIo, AccountRun } from "./api.ts";
import { Expressions, type NewMailHook } from "./expressions.ts";
import type { NamedPair } from "./naming.ts";
import { Sessions } from "./sessions.ts";
import { sideRules } from "./side_rules.ts";
import { imapStore, maildirStore } from "./stores.ts";
import { viewOptions } from "./view_options.ts";

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
  /** What its mailboxes are called. */
  readonly names: AccountNames;
  /** `copy_ignore_eval` of both sides, for a pair of {@link names}. */
  readonly ignored: (
    pair: NamedPair,
  ) => Promise<Readonly<Record<Side, readonly number[]>>>;
  /** What shapes the view of both sides; other options make tokens void. */
  readonly viewOptions: string;
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
        outside: io.broker?.python(),
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
    const names = new AccountNames(run, io, {
      remote: {
        store: remote,
        rules: await sideRules(
          account.remote,
          expressions,
          account.onlyFolders,
        ),
      },
      local: {
        store: local,
        rules: await sideRules(account.local, expressions, undefined),
      },
      marks,
    });
    const evaluated = {
      sort: await expressions.sorter(account.remote.folderSort),
      newMailHooks: {
        remote: await expressions.hook(account.remote.newMailHook),
        local: await expressions.hook(
          isImap(account.local) ? account.local.newMailHook : undefined,
        ),
      },
      ignored: await ignoredBy(account, expressions, names),
    };
    const opened = resources.move();
    return {
      ...{ run, io, remote, local, state, sessions, localSessions, names },
      ...evaluated,
      viewOptions: viewOptions(run),
      finish: () => {
        if (run.options.dryRun || !(local instanceof MaildirStore)) return;
        local.purgeKept(Date.now());
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
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

/** `copy_ignore_eval` goes by a folder's name after nametrans. */
async function ignoredBy(
  { remote, local }: AccountConfig,
  expressions: Expressions,
  names: AccountNames,
): Promise<OpenAccount["ignored"]> {
  const remotely = await expressions.uids(remote.copyIgnoreEval);
  const locally = await expressions.uids(
    isImap(local) ? local.copyIgnoreEval : undefined,
  );
  return async (pair) => {
    const { remoteVisible, localVisible } = names.of(pair);
    return {
      remote: await remotely(remoteVisible),
      local: await locally(localVisible),
    };
  };
}

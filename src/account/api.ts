/**
 * The border of an account's core: plain data in, events out.
 *
 * Everything here passes a structured clone, so that the core of an account can
 * run in the same thread or in a worker with permissions of its own.
 */
import type { Focus } from "./focus.ts";
import type { LoginMemory } from "../auth/login_memory.ts";
import type { DebugTopic, Emit, ErrorReport, Totals } from "../events.ts";
import type { Step } from "../effects.ts";
import type { AccountConfig } from "../config/config.ts";
import type { Broker } from "./broker.ts";
import type { Kept } from "./kept.ts";
import type { NewsDesk } from "./watch/news.ts";

/** How one sync of an account is to be done. */
export interface RunOptions {
  /** Show the plan, change nothing on either side. */
  readonly dryRun: boolean;
  /** Trust cheap checks: skip what looks unchanged (`-q`, `quick`). */
  readonly quick: boolean;
  /** Carry out deletions that the guard would stop (`--allow-deletes`). */
  readonly allowDeletes: boolean;
  /** Go on after a new UIDVALIDITY that little was found again under. */
  readonly acceptValidity: boolean;
  /** Undo local changes that a read-only repository cannot take (`--restore`). */
  readonly restore: boolean;
  /** One connection, one mailbox at a time (`-1`). */
  readonly sequential: boolean;
  /** Make every message durable before the status says that it is there. */
  readonly fsync: boolean;
  /** Say nothing of what a read-only repository cannot take (`ignore-readonly`). */
  readonly ignoreReadonly: boolean;
  /** Synchronise these mailboxes only: they were heard of. Absent: all. */
  readonly focus?: Focus;
  /** Something was heard of; hooks are told so (`OFFLINEIMAPSYNCMODE=idle`). */
  readonly heard?: boolean;
  /** Topics of `-d`. */
  readonly debug: readonly DebugTopic[];
}

/** What the core of an account needs to know, as plain data. */
export interface AccountRun {
  readonly account: AccountConfig;
  /** The metadata directory, absolute (`~/.offlineimap`). */
  readonly metadata: string;
  /** Absolute path of `general.pythonfile`. */
  readonly pythonFile: string | undefined;
  /** `general.socktimeout`, milliseconds; undefined for the default. */
  readonly socketTimeoutMs: number | undefined;
  /** What ID tells the server. */
  readonly version: string;
  /** Do not look for passwords in the system's keyring (`ignore-keyring`). */
  readonly ignoreKeyring?: boolean;
  /** Keep passwords that worked in the system's keyring (`update-keyring`). */
  readonly updateKeyring?: boolean;
  /**
   * What no link in its Maildir opens to it: the configuration and the mail of
   * other accounts; absolute. @default nothing
   */
  readonly closed?: readonly string[];
  readonly options: RunOptions;
}

/** A local folder. */
export interface LocalFolder {
  readonly name: string;
  /** Where it lies below the root: mostly its name. */
  readonly path: string;
}

/** The folders of an account after its sync. */
export interface AccountFolders {
  readonly account: string;
  /** Root of the local repository; empty where that is no folder. */
  readonly root: string;
  /** In the order of the sync. */
  readonly folders: readonly LocalFolder[];
}

/** What the core of an account reaches the world by. */
export interface AccountIo {
  readonly emit: Emit;
  /**
   * Asks the user for a password.
   * @returns undefined when the UI cannot ask.
   */
  readonly askPassword: (
    question: {
      repository: string;
      user: string;
      /** What was said of the password before, which was refused. */
      refusal?: string | undefined;
    },
  ) => Promise<string | undefined>;
  /**
   * What the logins of earlier syncs of the same run left, by repository, for this
   * one to add to. Absent: nothing is kept.
   */
  readonly logins?: Map<string, LoginMemory>;
  /**
   * Called when the folders of an account are done, before postsynchook, which may
   * want to see what comes of it: the list of `[mbnames]`. Never rejects.
   */
  readonly foldersDone?: (done: AccountFolders) => Promise<void>;
  /** What an earlier sync of the same run left for this one. Absent: nothing. */
  readonly kept?: Kept;
  /** Aborted: finish the message in hand, leave everything consistent, return. */
  readonly signal: AbortSignal;
  /** The seam of effects; a test kills or cuts here. */
  readonly step: Step;
  /** Does what is out of this thread's rights. Absent: nothing is. */
  readonly broker?: Broker;
}

/** What goes on between the syncs of an account. Disposing of it ends all. */
export interface AccountWatch extends AsyncDisposable {
  /** For the syncs of the account. */
  readonly kept: Kept;
  /** What is heard of both sides. */
  readonly news: NewsDesk;
  /** A sync is over: watches from now on, what gave up as well. */
  start(): void;
}

/** How one sync of an account ended. */
export interface AccountOutcome {
  readonly totals: Totals;
  /** Everything that failed, whatever its reach. Empty: all is in step. */
  readonly errors: readonly ErrorReport[];
  /** At least one mailbox waits for a decision about its UIDVALIDITY. */
  readonly validityProblem: boolean;
}

/** Synchronises an account once. Never rejects for what a mailbox or server did. */
export type SyncAccount = (
  run: AccountRun,
  io: AccountIo,
) => Promise<AccountOutcome>;

/**
 * The code of an error about a folder whose UIDVALIDITY waits for a decision. It
 * has an exit code of its own, so it does not count as a failure.
 */
export const VALIDITY_CODE = "sync.validity";

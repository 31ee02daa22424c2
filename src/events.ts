/** Everything that a run tells: one typed stream that every UI consumes. */
import type { MailError } from "./errors.ts";

/** Which side of an account an event is about. */
export type EventSide = "remote" | "local";

/** What a mailbox is called where. */
export interface MailboxNames {
  /** On the server. */
  readonly remote: string;
  /** The server's name after nametrans. */
  readonly remoteVisible: string;
  /** In the local repository; empty for its top folder. */
  readonly local: string;
  /** The local name after the local nametrans. */
  readonly localVisible: string;
}

/** One event. Plain data: it crosses a worker's border by structured clone. */
export type SyncEvent =
  | {
    type: "run.started";
    version: string;
    accounts: string[];
    /** Topics of `-d`, and whether they imply `-1`. */
    debug?: { topics: string[]; sequential: boolean };
  }
  | { type: "run.finished"; failed: number; ms: number; exitCode: number }
  | { type: "account.started"; account: string }
  | {
    type: "account.finished";
    account: string;
    ms: number;
    totals: Totals;
    failed: boolean;
  }
  | { type: "account.sleeping"; account: string; remainingMs: number }
  | {
    type: "connection.opening";
    account: string;
    repository: string;
    /** A name or address, or the option of the tunnel that leads there. */
    host: string;
    /** Undefined: a tunnel. */
    port?: number;
  }
  | {
    type: "mailbox.created";
    account: string;
    repository: string;
    mailbox: string;
    dryRun: boolean;
  }
  | {
    /** Nothing was known of a mailbox before; `mailbox` as files call it. */
    type: "status.created";
    account: string;
    repository: string;
    mailbox: string;
  }
  | {
    type: "mailbox.started";
    account: string;
    mailbox: string;
    names: MailboxNames;
    /** The types of both repositories. */
    from: string;
    to: string;
  }
  | {
    type: "mailbox.unchanged";
    account: string;
    mailbox: string;
    names: MailboxNames;
    from: string;
    to: string;
  }
  | {
    /** Both sides were looked at; how many messages they have. */
    type: "mailbox.listed";
    account: string;
    mailbox: string;
    remote: number;
    local: number;
  }
  | {
    /** A new UIDVALIDITY that the mailbox waits for a decision about. */
    type: "mailbox.renumbered";
    account: string;
    mailbox: string;
    saved: number;
    got: number;
  }
  | {
    type: "mailbox.planned";
    account: string;
    mailbox: string;
    counts: PlanCounts;
    dryRun: boolean;
  }
  /** All of it is done, deletions and moves included. */
  | { type: "mailbox.finished"; account: string; mailbox: string; ms: number }
  | {
    type: "message.copied";
    account: string;
    mailbox: string;
    to: EventSide;
    uid: number | undefined;
    /** Position among the copies of this mailbox and direction. */
    index: number;
    total: number;
    sizeBytes: number;
    /** Whether somebody has read it. */
    seen: boolean;
  }
  /** `copy_ignore_eval` keeps a message from being copied. */
  | {
    type: "message.ignored";
    account: string;
    mailbox: string;
    from: EventSide;
    uid: number | undefined;
  }
  | {
    type: "messages.flagged";
    account: string;
    mailbox: string;
    on: EventSide;
    /** What `add` and `remove` name. @default "flag" */
    of?: "flag" | "label";
    /** One flag or label, added or removed. */
    add: string[];
    remove: string[];
    count: number;
    /** Of those among the messages that have one. */
    uids: number[];
  }
  | {
    type: "messages.deleted";
    account: string;
    mailbox: string;
    on: EventSide;
    uids: number[];
    dryRun: boolean;
  }
  | {
    /** Out of `mailbox`, `to` another one. */
    type: "messages.moved";
    account: string;
    mailbox: string;
    to: string;
    on: EventSide;
    count: number;
    /** It would be done. @default false */
    dryRun?: boolean;
  }
  | {
    /** A hook begins; in a dry run it is only announced. */
    type: "hook.started";
    account: string;
    name: string;
    command: string;
    dryRun: boolean;
  }
  | {
    /** A hook has ended. */
    type: "hook";
    account: string;
    name: string;
    command: string;
    stdout: string;
    stderr: string;
    code: number;
  }
  | { type: "notice"; account?: string; mailbox?: string; text: string }
  | {
    type: "warning";
    account?: string;
    mailbox?: string;
    code: string;
    text: string;
    hint?: string;
  }
  | {
    type: "error";
    account?: string;
    mailbox?: string;
    error: ErrorReport;
  }
  | { type: "debug"; account?: string; topic: DebugTopic; text: string };

/** A topic of `-d`. */
export type DebugTopic = "imap" | "maildir" | "thread";

/** Takes what `-d` tells, a line at a time, without secrets. */
export type DebugLog = (text: string) => void;

/** A {@link MailError} as plain data. */
export interface ErrorReport {
  code: string;
  scope: MailError["scope"];
  text: string;
  hint?: string;
  /** For `-d` only. */
  stack?: string;
}

/** What a plan holds, by kind. */
export interface PlanCounts {
  toLocal: number;
  toRemote: number;
  flagLocal: number;
  flagRemote: number;
  deleteLocal: number;
  deleteRemote: number;
  moved: number;
}

/** Nothing to do. */
export const NO_COUNTS: PlanCounts = {
  toLocal: 0,
  toRemote: 0,
  flagLocal: 0,
  flagRemote: 0,
  deleteLocal: 0,
  deleteRemote: 0,
  moved: 0,
};

/** What an account's run did. */
export interface Totals extends PlanCounts {
  mailboxes: number;
  unchanged: number;
  failures: number;
}

/** Nothing done. */
export const NO_TOTALS: Totals = {
  mailboxes: 0,
  unchanged: 0,
  failures: 0,
  ...NO_COUNTS,
};

/** Takes events; must not throw and must not wait. */
export type Emit = (event: SyncEvent) => void;

/** The report of an error for an event. */
export function reportOf(error: MailError): ErrorReport {
  return {
    code: error.code,
    scope: error.scope,
    text: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  };
}

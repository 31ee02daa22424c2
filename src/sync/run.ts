/** What a sync of an account's mailboxes works on and by. */
import type { Emit } from "../events.ts";
import type { Work } from "./execute/work.ts";
import type { GuardLimits } from "./guard.ts";
import type { Stranded } from "./last_copies.ts";
import type { Store } from "./ports.ts";
import type { SharedBodies } from "./shared_bodies.ts";
import type { AccountState } from "./status.ts";
import type { Task } from "./task.ts";
import type { Side } from "./types.ts";
import type { Words } from "./words.ts";

/** What a run works on and by. */
export interface Run {
  readonly account: string;
  readonly stores: Readonly<Record<Side, Store>>;
  readonly state: AccountState;
  /** The server shows messages in several mailboxes. @default it does not */
  readonly bodies?: SharedBodies | undefined;
  readonly limits: GuardLimits;
  readonly allowDeletes: boolean;
  /** Take an equal token for granted although the server is not exact. */
  readonly quick: boolean;
  /** What texts call the two sides. */
  readonly words: Words;
  /** The mark that file names of a local mailbox bear (`FMD5=`). */
  readonly originOf: (localName: string) => string;
  /** Called with a mailbox that is open, before it is looked at. */
  readonly prepare?: (task: Task, work: Work) => Promise<void>;
  /**
   * Called when the copies of a mailbox are done and it is closed. Never rejects.
   */
  readonly afterCopies?: (task: Task) => Promise<void>;
  /** Mailboxes worked on at once. */
  readonly concurrency: number;
  /** Messages one after the other, by UID. @default false */
  readonly inOrder?: boolean;
  /** Mailboxes that should be in step and have no partner. @default none */
  readonly stranded?: readonly Stranded[];
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

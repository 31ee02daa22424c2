/** What carrying out a plan needs: both sides of a mailbox and its status. */
import type { Emit } from "../../events.ts";
import type { Flags, Ref, Side } from "../types.ts";
import type { Mailbox } from "../ports.ts";
import type { MailboxState, Mutation } from "../status.ts";
import type { SharedBodies } from "../shared_bodies.ts";
import { MailError } from "../../errors.ts";
import type { Words } from "../words.ts";

/** One mailbox pair, opened on both sides. */
export interface Work {
  readonly account: string;
  /** The name to show: the local one, or INBOX for the top. */
  readonly name: string;
  /** What texts call the two sides. */
  readonly words: Words;
  readonly remote: Mailbox;
  readonly local: Mailbox;
  /** Bodies that need not be downloaded again. @default each is downloaded */
  readonly bodies?: SharedBodies | undefined;
  readonly state: MailboxState;
  /** Sides that may not be changed in any way (`readonly`). */
  readonly readOnly: Readonly<Record<Side, boolean>>;
  /** Messages are copied one after the other, by UID. */
  readonly inOrder: boolean;
  /** Flags that both sides can hold. */
  readonly canHold: (flag: string) => boolean;
  readonly emit: Emit;
  /** Aborted: finish the message in hand and return. */
  readonly signal: AbortSignal;
}

/** A message or a step of a mailbox that failed. The others went on. */
export interface Trouble {
  readonly side: Side;
  readonly ref: Ref | undefined;
  readonly error: MailError;
  /** It was told by an earlier run, and holds nothing back. @default false */
  readonly known?: boolean;
}

/** How many status changes wait before they are committed together. */
const BATCH_SIZE = 500;
/** How long a change waits at most: what a crash may make us do again. */
const BATCH_MS = 1_000;

/**
 * Collects status changes and commits them in batches, in order. A change is
 * added only when what it says has really happened.
 */
export class StatusBatch {
  #pending: Mutation[] = [];
  #since = 0;

  constructor(readonly state: MailboxState) {}

  /** Adds changes that must stand or fall together. */
  add(...mutations: Mutation[]): void {
    const now = performance.now();
    if (this.#pending.length === 0) this.#since = now;
    this.#pending.push(...mutations);
    if (this.#pending.length >= BATCH_SIZE || now - this.#since > BATCH_MS) {
      this.flush();
    }
  }

  /** Commits what waits. */
  flush(): void {
    if (this.#pending.length === 0) return;
    const mutations = this.#pending;
    this.#pending = [];
    this.state.commit(mutations);
  }
}

/**
 * Lets the local message `ref` bear the name of its remote peer. In a repository
 * that may not be changed it keeps the name it has: the status knows it by that.
 *
 * @returns Its ref from now on.
 */
export async function bindLocal(
  { local, readOnly }: Pick<Work, "local" | "readOnly">,
  ref: Ref,
  peer: Ref,
): Promise<Ref> {
  return readOnly.local ? ref : await local.bind?.(ref, peer) ?? ref;
}

/** The flags of `flags` that `mailbox` can hold, as a filter for one mailbox. */
export function holdable(mailbox: Mailbox): (flag: string) => boolean {
  return (flag) => mailbox.canHold(flag);
}

/** Whether a failure ends more than the message or mailbox it happened to. */
export function isFatal(error: unknown): boolean {
  return !(error instanceof MailError) || error.scope === "account" ||
    error.scope === "run";
}

/** The number of a remote ref where it is one, for reports. */
export function uidOf(ref: Ref): number | undefined {
  return typeof ref === "number" ? ref : undefined;
}

/** Flag sets repeat: the last few filtered ones are remembered. */
export function memoFilter(
  filter: (flags: Flags) => Flags,
): (flags: Flags) => Flags {
  const seen = new Map<Flags, Flags>();
  return (flags) => {
    let kept = seen.get(flags);
    if (kept === undefined) {
      if (seen.size > 1_000) seen.clear();
      kept = filter(flags);
      seen.set(flags, kept);
    }
    return kept;
  };
}

/** Copies messages from one side to the other, never twice. */
import { MailError } from "../../errors.ts";
import { filterFlags, hasFlag } from "../flags.ts";
import { matchIdentities } from "../match.ts";
import type { Failure, FetchOptions, Mailbox, Message } from "../ports.ts";
import type { Arrivals, Flags, Ref, Side } from "../types.ts";
import { otherSide } from "../types.ts";
import { noteFailures } from "./copy_failures.ts";
import {
  bindLocal,
  holdable,
  isFatal,
  memoFilter,
  StatusBatch,
  type Trouble,
  uidOf,
  type Work,
} from "./work.ts";

/** Messages on their way at once that share the sync of their directory. */
const WRITTEN_AT_ONCE = 32;

/** The same to a server, where they share round trips; stores bound the bytes. */
const SENT_AT_ONCE = 512;

/** Uploads whose intents are noted in one transaction. */
const INTENT_CHUNK = 1_000;

/**
 * Copies `arrivals` to the side `to` and notes each pair when it is done.
 *
 * Where an answer could be lost (a store with a `nextRef`), the intent is on disk
 * before the first byte goes out, so that the next run looks before it repeats.
 * One refused message does not stop the others.
 *
 * @throws {MailError} What ends the whole account: connection lost, disk full.
 */
export async function copyMessages(
  work: Work,
  to: Side,
  arrivals: Arrivals,
): Promise<Trouble[]> {
  if (arrivals.length === 0) return [];
  try {
    await work[to].prepareAppend?.();
  } catch (error) {
    if (!(error instanceof MailError) || isFatal(error)) throw error;
    return [{ side: to, ref: undefined, error }];
  }
  const troubles: Trouble[] = [];
  const refs = arrivals.map(({ ref }) => ref);
  const ordered = work.inOrder ? byUid(refs) : refs;
  const journalled = work[to].nextRef !== undefined;
  const size = journalled ? INTENT_CHUNK : ordered.length;
  for (let start = 0; start < ordered.length; start += size) {
    if (work.signal.aborted) break;
    const chunk = ordered.slice(start, start + size);
    const copy = new Copying(work, to, start, ordered.length);
    if (journalled) copy.intend(chunk);
    troubles.push(...await copy.run(chunk));
    if (copy.ended) break;
  }
  return troubles;
}

/** By UID; what has none, such as a file, stays in its order. */
function byUid(refs: readonly Ref[]): Ref[] {
  return refs.toSorted((a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : 0
  );
}

/** A message that was copied: without its body, which is not to be kept. */
interface Copied {
  readonly ref: Ref;
  readonly flags: Flags;
  readonly sizeBytes: number;
}

/** One chunk of copies. */
class Copying {
  readonly #target: Mailbox;
  readonly #source: Mailbox;
  readonly #batch: StatusBatch;
  readonly #stop = new AbortController();
  readonly #unresolved: Copied[] = [];
  /** Where servers without UIDPLUS are asked for the others. */
  readonly #taken = new Set<Ref>();
  readonly #forTarget: (flags: Flags) => Flags;
  readonly #shared: (flags: Flags) => Flags;
  #fatal: unknown;
  /** Nothing more can be stored in this mailbox. */
  #closed: MailError | undefined;
  #done: number;

  constructor(
    readonly work: Work,
    readonly to: Side,
    done: number,
    readonly total: number,
  ) {
    this.#target = work[to];
    this.#source = work[otherSide(to)];
    this.#batch = new StatusBatch(work.state);
    this.#done = done;
    this.#forTarget = memoFilter((flags) =>
      filterFlags(flags, holdable(this.#target))
    );
    this.#shared = memoFilter((flags) => filterFlags(flags, work.canHold));
  }

  /** Whether the mailbox takes no more messages, as a trouble has told. */
  get ended(): boolean {
    return this.#closed !== undefined;
  }

  /** Notes on disk what is about to be sent. */
  intend(chunk: readonly Ref[]): void {
    const nextRef = this.#target.nextRef ?? 0;
    this.work.state.commit(chunk.map((ref) => ({
      kind: "intend",
      intent: {
        ref,
        to: this.to,
        nextRef,
        validity: this.#target.validity,
        sent: false,
      },
    })));
  }

  async run(chunk: readonly Ref[]): Promise<Trouble[]> {
    const { work } = this;
    let failures: Failure[] = [];
    try {
      failures = await this.#fetch(chunk, {
        concurrency: work.inOrder
          ? 1
          : this.#journalled
          ? SENT_AT_ONCE
          : WRITTEN_AT_ONCE,
        signal: AbortSignal.any([work.signal, this.#stop.signal]),
      });
    } finally {
      // What did arrive is noted even if the connection was lost half-way.
      this.#batch.flush();
    }
    if (this.#fatal !== undefined) throw this.#fatal;
    if (this.#unresolved.length > 0) failures.push(...await this.#resolve());
    return noteFailures(work, this.to, failures, this.#closed);
  }

  #fetch(refs: readonly Ref[], options: FetchOptions): Promise<Failure[]> {
    const { bodies, local } = this.work;
    const take = (message: Message) => this.#one(message);
    if (bodies !== undefined && this.to === "local") {
      return bodies.fetch(this.#source, local.name, refs, take, options);
    }
    return this.#source.fetch(refs, async (m) => void await take(m), options);
  }

  /** @returns The ref of the copy, if it is known. */
  async #one(message: Message): Promise<Ref | undefined> {
    // What could not take one message takes no other. The answer is read to its
    // end: the connection is still of use.
    if (this.#closed !== undefined) throw this.#closed;
    try {
      const flags = this.#forTarget(message.flags);
      const ref = await this.#target.append({ ...message, flags }, message.ref);
      const { sizeBytes } = message.body;
      const copied = { ref: message.ref, flags: message.flags, sizeBytes };
      if (ref === undefined) {
        this.#sentWithoutRef(copied);
        return undefined;
      }
      if (this.#journalled) this.#taken.add(ref);
      await this.#pair(copied, ref);
      return ref;
    } catch (error) {
      if (isFatal(error)) {
        this.#fatal ??= error;
        this.#stop.abort();
      } else if (error instanceof MailError && error.scope === "mailbox") {
        this.#closed ??= error;
      }
      throw error;
    }
  }

  /**
   * The copy is where it belongs: gives the source its name, notes the pair, and
   * tells of it.
   */
  async #pair(message: Copied, ref: Ref): Promise<void> {
    const { work, to } = this;
    // Renamed first, noted after: a crash between leaves a name that says which
    // message it is, and the intent that makes the next run look.
    const [remote, local] = to === "local"
      ? [message.ref, ref]
      : [ref, await bindLocal(work, message.ref, ref)];
    const flags = this.#shared(message.flags);
    this.#batch.add(
      { kind: "pair", remote, local, flags },
      ...(this.#journalled
        ? [{ kind: "settle", to, ref: message.ref } as const]
        : []),
    );
    work.emit({
      type: "message.copied",
      account: work.account,
      mailbox: work.name,
      to,
      uid: uidOf(remote),
      index: ++this.#done,
      total: this.total,
      sizeBytes: message.sizeBytes,
      seen: hasFlag(message.flags, "\\Seen"),
    });
  }

  /** Whether an answer could be lost, so that intents are noted. */
  get #journalled(): boolean {
    return this.#target.nextRef !== undefined;
  }

  #sentWithoutRef(message: Copied): void {
    this.#unresolved.push(message);
    this.#batch.add({
      kind: "intend",
      intent: {
        ref: message.ref,
        to: this.to,
        nextRef: this.#target.nextRef ?? 0,
        validity: this.#target.validity,
        sent: true,
      },
    });
  }

  /**
   * Servers without UIDPLUS: finds by content what was just sent.
   * @returns What was found and could not be noted, such as a file that is gone.
   */
  async #resolve(): Promise<Failure[]> {
    const candidates = (await this.#target.refsFrom?.(
      this.#target.nextRef ?? 0,
    ) ?? []).filter((ref) => !this.#taken.has(ref));
    const refs = this.#unresolved.map(({ ref }) => ref);
    const matches = matchIdentities(
      await Array.fromAsync(this.#source.identify(refs)),
      await Array.fromAsync(this.#target.identify(candidates)),
    );
    const failures: Failure[] = [];
    try {
      for (const message of this.#unresolved) {
        const ref = matches.get(message.ref);
        if (ref === undefined) continue;
        try {
          await this.#pair(message, ref);
        } catch (error) {
          if (!(error instanceof Error) || isFatal(error)) throw error;
          failures.push({ ref: message.ref, error });
        }
      }
    } finally {
      this.#batch.flush();
    }
    return failures;
  }
}

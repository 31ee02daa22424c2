/** One download for a message that the server shows in several mailboxes. */
import { MailError } from "../errors.ts";
import type {
  BodyIndex,
  Described,
  Failure,
  FetchOptions,
  Mailbox,
  Message,
  Store,
} from "./ports.ts";
import type { Ref } from "./types.ts";

/** Notes of bodies that wait before they are written together. */
const BATCH_SIZE = 500;

/** Takes a message and stores it; tells the ref of the copy. */
export type Consume = (message: Message) => Promise<Ref | undefined>;

/** What {@link SharedBodies} works with. */
export interface SharedBodiesOptions {
  /** Where the copies lie. */
  readonly local: Store;
  readonly index: BodyIndex;
}

/**
 * Bodies by the server's name for the message (Gmail's X-GM-MSGID), over all
 * mailboxes of a run and those of the runs before.
 *
 * What lies in another local mailbox already is copied from there, if it has the
 * size that the server tells; what another mailbox downloads at this moment is
 * waited for. Everything else is downloaded: nothing depends on the index.
 */
export class SharedBodies {
  /** Downloads under way, by message. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(readonly options: SharedBodiesOptions) {}

  /**
   * As {@link Mailbox.fetch}, for a mailbox whose local name is `local`.
   */
  async fetch(
    remote: Mailbox,
    local: string,
    refs: readonly Ref[],
    consume: Consume,
    options: FetchOptions,
  ): Promise<Failure[]> {
    const described = await remote.describe?.(refs);
    const taken = new Taken(consume);
    const download = (these: readonly Ref[]) =>
      remote.fetch(these, (message) => taken.take(message), options);
    if (described === undefined) return await download(refs);
    const note = new Notes(this.options.index, local, described);
    taken.stored = (ref, copy) => note.add(ref, copy);
    const { first, second, release } = this.#share(refs, described);
    const failures: Failure[] = [];
    try {
      failures.push(...await download(first));
    } finally {
      note.flush();
      release();
    }
    const rest = await this.#copy(second, taken, options);
    failures.push(...taken.failures);
    if (rest.length > 0 && options.signal?.aborted !== true) {
      failures.push(...await download(rest));
    }
    note.flush();
    return failures;
  }

  /** What to download at once, and what lies somewhere, or soon will. */
  #share(refs: readonly Ref[], described: ReadonlyMap<Ref, Described>) {
    const first: Ref[] = [];
    const second: Described[] = [];
    const mine: string[] = [];
    const done = Promise.withResolvers<void>();
    for (const ref of refs) {
      const message = described.get(ref);
      if (message === undefined) first.push(ref);
      else if (
        this.#underWay.has(message.id) ||
        this.options.index.find(message.id).length > 0
      ) second.push(message);
      else {
        first.push(ref);
        mine.push(message.id);
        this.#underWay.set(message.id, done.promise);
      }
    }
    const release = () => {
      for (const id of mine) this.#underWay.delete(id);
      done.resolve();
    };
    return { first, second, release };
  }

  /** Copies local bodies. @returns What must be downloaded after all. */
  async #copy(
    messages: readonly Described[],
    taken: Taken,
    options: FetchOptions,
  ): Promise<Ref[]> {
    const sources = new Map<string, Map<Ref, Described[]>>();
    const left = new Set<Ref>();
    for (const message of messages) {
      await this.#underWay.get(message.id);
      left.add(message.ref);
      const [place] = this.options.index.find(message.id);
      if (place === undefined) continue;
      const refs = sources.get(place.mailbox) ?? new Map<Ref, Described[]>();
      sources.set(place.mailbox, refs);
      refs.set(place.ref, [...refs.get(place.ref) ?? [], message]);
    }
    for (const [mailbox, refs] of sources) {
      if (options.signal?.aborted === true) break;
      await this.#copyFrom(mailbox, refs, async (message) => {
        left.delete(message.ref);
        await taken.try(message);
      }, options);
    }
    return [...left];
  }

  async #copyFrom(
    name: string,
    wanted: ReadonlyMap<Ref, readonly Described[]>,
    take: (message: Message) => Promise<void>,
    options: FetchOptions,
  ): Promise<void> {
    try {
      await using source = await this.options.local.open(name, {
        readOnly: true,
        ...options.signal === undefined ? {} : { signal: options.signal },
      });
      // A file that is gone or was edited is no failure: it is downloaded.
      await source.fetch([...wanted.keys()], async ({ ref, body }) => {
        for (const { id: _, sizeBytes, ...message } of wanted.get(ref) ?? []) {
          if (body.sizeBytes === sizeBytes) await take({ ...message, body });
        }
      }, options);
    } catch (error) {
      if (!(error instanceof MailError) || error.scope !== "mailbox") {
        throw error;
      }
    }
  }
}

/** Hands messages on, and keeps what could not be stored. */
class Taken {
  readonly failures: Failure[] = [];
  stored: (ref: Ref, copy: Ref) => void = () => {};

  constructor(readonly consume: Consume) {}

  /** Notes a failure instead of throwing it. */
  async try(message: Message): Promise<void> {
    try {
      await this.take(message);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      this.failures.push({ ref: message.ref, error });
    }
  }

  async take(message: Message): Promise<void> {
    const copy = await this.consume(message);
    if (copy !== undefined) this.stored(message.ref, copy);
  }
}

/** Tells the index where bodies are, many at a time. */
class Notes {
  #waiting: { id: string; ref: Ref }[] = [];

  constructor(
    readonly index: BodyIndex,
    readonly mailbox: string,
    readonly described: ReadonlyMap<Ref, Described>,
  ) {}

  add(ref: Ref, copy: Ref): void {
    const id = this.described.get(ref)?.id;
    if (id === undefined) return;
    this.#waiting.push({ id, ref: copy });
    if (this.#waiting.length >= BATCH_SIZE) this.flush();
  }

  flush(): void {
    const entries = this.#waiting;
    this.#waiting = [];
    if (entries.length > 0) this.index.note(this.mailbox, entries);
  }
}

/** A store in memory with the whole contract and faults on demand. */
import { MailError } from "../../src/errors.ts";
import { noStep, type Step } from "../../src/effects.ts";
import {
  applyDelta,
  filterFlags,
  type FlagDelta,
  flagsOf,
  hasFlag,
} from "../../src/sync/flags.ts";
import type {
  Body,
  Failure,
  FetchOptions,
  Mailbox,
  MailboxInfo,
  Message,
  Removed,
  Store,
} from "../../src/sync/ports.ts";
import type { Known } from "../../src/sync/status.ts";
import type {
  Arrival,
  Changes,
  Flags,
  Hint,
  Identity,
  PairId,
  Ref,
  Reflagged,
} from "../../src/sync/types.ts";

/** A message in a {@link MemoryStore}. `text` stands for its bytes. */
export interface MemoryMessage {
  text: string;
  flags: Flags;
  hint?: Hint;
}

/** What a {@link MemoryStore} can do and how it misbehaves. */
export interface MemoryOptions {
  readonly typeName?: string;
  /** Numbers as refs and an order of arrival, as IMAP; else unique names. */
  readonly numbered: boolean;
  readonly canHold?: (flag: string) => boolean;
  /** Tells the new ref of an append (UIDPLUS). @default true */
  readonly tellsRef?: boolean;
  /** Can expunge single messages (UIDPLUS). @default true */
  readonly expunges?: boolean;
  readonly moves?: boolean;
  /** A mailbox shows a message once, and tells its old ref of another (Gmail). */
  readonly showsOnce?: boolean;
  readonly step?: Step;
  /** Called after an effect was done and before it is answered. */
  readonly answer?: (effect: string) => void;
  /** Messages refused by append. */
  readonly refuses?: (text: string) => boolean;
}

/** The messages of one mailbox, for tests to look at and to change. */
export class MemoryBox {
  readonly messages = new Map<Ref, MemoryMessage>();
  validity = 1;
  next = 1;
  version = 0;

  /** Adds a message as another client would. */
  add(message: MemoryMessage, numbered: boolean): Ref {
    this.version++;
    const ref = numbered ? this.next++ : `name${this.next++}`;
    this.messages.set(ref, message);
    return ref;
  }
}

/** A store in memory. */
export class MemoryStore implements Store {
  readonly separator = "/";
  readonly boxes = new Map<string, MemoryBox>();
  readonly typeName: string;
  /** Refs that listings leave out although they are there: a lying server. */
  readonly hidden = new Set<Ref>();
  /** How often a mailbox was opened. */
  opened = 0;

  constructor(readonly options: MemoryOptions) {
    this.typeName = options.typeName ?? "Memory";
  }

  box(name: string): MemoryBox {
    let box = this.boxes.get(name);
    if (box === undefined) this.boxes.set(name, box = new MemoryBox());
    return box;
  }

  list(): Promise<MailboxInfo[]> {
    return Promise.resolve(
      [...this.boxes].map(([name, box]) => ({
        name,
        specialUse: [],
        token: tokenOf(box),
      })),
    );
  }

  create(name: string): Promise<void> {
    this.box(name);
    return Promise.resolve();
  }

  open(name: string): Promise<Mailbox> {
    this.opened++;
    const box = this.boxes.get(name);
    if (box === undefined) {
      return Promise.reject(
        new MailError(`No mailbox "${name}"`, {
          code: "memory.none",
          scope: "mailbox",
        }),
      );
    }
    return Promise.resolve(new MemoryMailbox(name, box, this));
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function tokenOf(box: MemoryBox): string {
  return `${box.validity}:${box.version}`;
}

class MemoryMailbox implements Mailbox {
  readonly validity: number;
  readonly nextRef: number | undefined;
  readonly readOnly = false;
  readonly move: Mailbox["move"];
  readonly bind: Mailbox["bind"];
  readonly #options: MemoryOptions;
  readonly #step: Step;

  constructor(
    readonly name: string,
    readonly box: MemoryBox,
    readonly store: MemoryStore,
  ) {
    this.#options = store.options;
    this.#step = store.options.step ?? noStep;
    this.validity = box.validity;
    this.nextRef = this.#options.numbered ? box.next : undefined;
    this.move = this.#options.moves === true
      ? (refs, to) => this.#move(refs, to)
      : undefined;
    this.bind = this.#options.numbered
      ? undefined
      : (ref, peer) => this.#bind(ref, peer);
  }

  canHold(flag: string): boolean {
    return this.#options.canHold?.(flag) ?? true;
  }

  observe(known: Known): Promise<Changes> {
    const arrived: Arrival[] = [];
    const reflagged: Reflagged[] = [];
    const seen = new Set<PairId>();
    for (const [ref, { flags, hint }] of this.box.messages) {
      if (this.store.hidden.has(ref)) continue;
      const pair = known.find(ref);
      if (pair === undefined) {
        arrived.push({ ref, flags, ...(hint === undefined ? {} : { hint }) });
      } else {
        seen.add(pair.id);
        if (pair.flags !== flags) reflagged.push({ pair, flags });
      }
    }
    return Promise.resolve({
      arrived,
      reflagged,
      gone: [...known.pairs()].filter((pair) => !seen.has(pair.id)),
      total: this.box.messages.size,
      token: tokenOf(this.box),
    });
  }

  confirmAbsent(refs: readonly Ref[]): Promise<ReadonlySet<Ref>> {
    return Promise.resolve(
      new Set(refs.filter((ref) => !this.box.messages.has(ref))),
    );
  }

  refsFrom(next: number): Promise<Ref[]> {
    return Promise.resolve(
      [...this.box.messages.keys()].filter((ref) => Number(ref) >= next),
    );
  }

  async *identify(refs: readonly Ref[]): AsyncIterable<Identity> {
    for (const ref of refs) {
      const message = this.box.messages.get(ref);
      if (message === undefined) continue;
      const [key = ""] = message.text.split("\n");
      yield { ref, key, sizeBytes: message.text.length };
    }
  }

  async fetch(
    refs: readonly Ref[],
    consume: (message: Message) => Promise<void>,
    { signal }: FetchOptions,
  ): Promise<Failure[]> {
    const failures: Failure[] = [];
    for (const ref of refs) {
      if (signal?.aborted) break;
      const message = this.box.messages.get(ref);
      if (message === undefined) {
        failures.push({ ref, error: new Error("vanished") });
        continue;
      }
      try {
        await consume({
          ref,
          flags: message.flags,
          internalDate: undefined,
          body: bodyOf(message.text),
        });
      } catch (error) {
        failures.push({
          ref,
          error: error instanceof Error ? error : new Error(String(error)),
        });
      }
    }
    return failures;
  }

  append(message: Message, peer: Ref): Promise<Ref | undefined> {
    const text = new TextDecoder().decode(message.body.bytes);
    if (this.#options.refuses?.(text)) {
      return Promise.reject(
        new MailError("Too big", {
          code: "memory.refused",
          scope: "message",
          retry: "never",
        }),
      );
    }
    this.#do("append");
    const hint = typeof peer === "number"
      ? { hint: { uid: peer, here: true, origin: this.name } }
      : {};
    const kept = this.#options.numbered ? {} : hint;
    // An old ref is none that an append can tell.
    if (this.#shown(this.box, text) !== undefined) {
      return Promise.resolve(undefined);
    }
    const ref = this.box.add(
      { text, flags: this.#holdable(message.flags), ...kept },
      this.#options.numbered,
    );
    this.#options.answer?.("append");
    return Promise.resolve(this.#options.tellsRef === false ? undefined : ref);
  }

  #bind(ref: Ref, peer: Ref): Promise<Ref> {
    const message = this.box.messages.get(ref);
    if (message === undefined) return Promise.resolve(ref);
    this.#do("bind");
    this.box.messages.delete(ref);
    const bound = this.box.add({
      ...message,
      hint: { uid: Number(peer), here: true, origin: this.name },
    }, false);
    this.#options.answer?.("bind");
    return Promise.resolve(bound);
  }

  changeFlags(
    changes: readonly { ref: Ref; delta: FlagDelta }[],
  ): Promise<Failure[]> {
    const failures: Failure[] = [];
    for (const { ref, delta } of changes) {
      const message = this.box.messages.get(ref);
      if (message === undefined) {
        failures.push({ ref, error: new Error("vanished") });
        continue;
      }
      this.#do("flags");
      message.flags = this.#holdable(applyDelta(message.flags, delta));
      this.box.version++;
      this.#options.answer?.("flags");
    }
    return Promise.resolve(failures);
  }

  remove(refs: readonly Ref[]): Promise<Removed> {
    const removed: Ref[] = [];
    const marked: Ref[] = [];
    for (const ref of refs) {
      this.#do("remove");
      this.box.version++;
      const message = this.box.messages.get(ref);
      if (this.#options.expunges === false && message !== undefined) {
        message.flags = applyDelta(message.flags, {
          add: flagsOf(["\\Deleted"]),
          remove: flagsOf([]),
        });
        marked.push(ref);
      } else {
        this.box.messages.delete(ref);
        removed.push(ref);
      }
      this.#options.answer?.("remove");
    }
    return Promise.resolve({ removed, marked });
  }

  #move(refs: readonly Ref[], to: string): Promise<ReadonlyMap<Ref, Ref>> {
    const moved = new Map<Ref, Ref>();
    this.#do("move");
    for (const ref of refs) {
      const message = this.box.messages.get(ref);
      if (message === undefined) continue;
      this.box.messages.delete(ref);
      this.box.version++;
      const target = this.store.box(to);
      const shown = this.#shown(target, message.text);
      moved.set(ref, shown ?? target.add(message, true));
    }
    this.#options.answer?.("move");
    return Promise.resolve(
      this.#options.tellsRef === false ? new Map() : moved,
    );
  }

  #shown({ messages }: MemoryBox, text: string): Ref | undefined {
    if (this.#options.showsOnce !== true) return undefined;
    return [...messages].find(([, message]) => message.text === text)?.[0];
  }

  async flush(): Promise<void> {}
  async [Symbol.asyncDispose](): Promise<void> {}

  #do(effect: string): void {
    this.#step("imap", effect);
  }

  #holdable(flags: Flags): Flags {
    return filterFlags(flags, (flag) => this.canHold(flag));
  }
}

function bodyOf(text: string): Body {
  const bytes = new TextEncoder().encode(text);
  return {
    sizeBytes: bytes.length,
    bytes,
    async *chunks() {
      yield bytes;
    },
  };
}

/** Whether a message is marked for deletion. */
export function isMarked(message: MemoryMessage): boolean {
  return hasFlag(message.flags, "\\Deleted");
}

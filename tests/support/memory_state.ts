/** The status in memory: the simplest thing that keeps the contract. */
import type {
  AccountState,
  Base,
  Intent,
  Known,
  MailboxState,
  MailboxStatus,
  Mutation,
  PairStatus,
  Refusal,
} from "../../src/sync/status.ts";
import { noStep, type Step } from "../../src/effects.ts";
import type { Pair, PairId, Ref } from "../../src/sync/types.ts";

/** The status of one mailbox pair, in memory. */
export class MemoryMailboxState implements MailboxState {
  #pairs = new Map<PairId, Pair>();
  #intents: Intent[] = [];
  #refusals: Refusal[] = [];
  #nextId = 1;
  #status: Omit<MailboxStatus, "size"> = {
    remoteValidity: undefined,
    localValidity: undefined,
    remoteToken: undefined,
    localToken: undefined,
    options: undefined,
  };

  constructor(readonly step: Step = noStep) {}

  status(): MailboxStatus {
    return { ...this.#status, size: this.#pairs.size };
  }

  load(): Base {
    const pairs = [...this.#pairs.values()];
    return {
      size: pairs.length,
      remote: knownOf(
        pairs.filter((p) => p.doomed !== "local"),
        (pair) => pair.remote,
      ),
      local: knownOf(
        pairs.filter((p) => p.doomed !== "remote"),
        (pair) => pair.local,
      ),
    };
  }

  intents(): readonly Intent[] {
    return this.#intents;
  }

  refusals(): readonly Refusal[] {
    return this.#refusals;
  }

  commit(mutations: readonly Mutation[]): void {
    if (mutations.length === 0) return;
    this.step("state", "commit");
    for (const mutation of mutations) this.#apply(mutation);
  }

  #apply(mutation: Mutation): void {
    switch (mutation.kind) {
      case "pair": {
        const { remote, local, flags } = mutation;
        for (const pair of this.#pairs.values()) {
          if (pair.remote === remote) throw new Error(`two pairs of ${remote}`);
          if (pair.local === local && pair.doomed !== "remote") {
            throw new Error(`two pairs of ${local}`);
          }
        }
        const id = this.#nextId++ as PairId;
        this.#pairs.set(id, { id, remote, local, flags, doomed: false });
        return;
      }
      case "flags":
        return this.#update(mutation.id, { flags: mutation.flags });
      case "rebind":
        return this.#update(mutation.id, {
          local: mutation.local,
          doomed: false,
        });
      case "doom":
        return this.#update(mutation.id, { doomed: mutation.on });
      case "forget":
        this.#pairs.delete(mutation.id);
        return;
      case "intend": {
        const { ref, to } = mutation.intent;
        this.#settle(to, ref);
        this.#intents = [...this.#intents, mutation.intent];
        return;
      }
      case "settle":
        return this.#settle(mutation.to, mutation.ref);
      case "refuse":
        this.#refusals = [...this.#refusals, mutation.refusal];
        return;
      case "done": {
        const { remoteToken, localToken, options } = mutation;
        this.#status = { ...this.#status, remoteToken, localToken, options };
        return;
      }
      case "validity":
        this.#status = {
          ...this.#status,
          remoteValidity: mutation.remote,
          localValidity: mutation.local,
        };
        return;
      default:
        mutation satisfies never;
    }
  }

  #settle(to: Intent["to"], ref: Ref): void {
    this.#intents = this.#intents.filter((i) => i.to !== to || i.ref !== ref);
  }

  #update(id: PairId, change: Partial<Pair>): void {
    const pair = this.#pairs.get(id);
    if (pair === undefined) throw new Error(`no pair ${id}`);
    this.#pairs.set(id, { ...pair, ...change });
  }
}

function knownOf(pairs: readonly Pair[], ref: (pair: Pair) => Ref): Known {
  const byRef = new Map(pairs.map((pair) => [ref(pair), pair]));
  return {
    size: byRef.size,
    find: (wanted) => byRef.get(wanted),
    flagsOf: (wanted) => byRef.get(wanted)?.flags,
    refs: () => byRef.keys(),
    pairs: () => byRef.values(),
  };
}

/** The status of an account, in memory. */
export class MemoryState implements AccountState {
  readonly #mailboxes = new Map<
    string,
    { remote: string; local: string; state: MemoryMailboxState }
  >();

  constructor(readonly step: Step = noStep) {}

  mailbox(remote: string, local: string): MemoryMailboxState {
    const key = JSON.stringify([remote, local]);
    let entry = this.#mailboxes.get(key);
    if (entry === undefined) {
      entry = { remote, local, state: new MemoryMailboxState(this.step) };
      this.#mailboxes.set(key, entry);
    }
    return entry.state;
  }

  *statuses(): Iterable<PairStatus> {
    for (const { remote, local, state } of this.#mailboxes.values()) {
      yield {
        remote,
        local,
        unsettled: state.intents().length,
        ...state.status(),
      };
    }
  }
}

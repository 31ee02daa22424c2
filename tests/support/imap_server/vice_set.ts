/** Which vices act at a command. */
import { seededRandom } from "./random.ts";
import {
  NATURAL_COMMANDS,
  type Vice,
  type ViceKind,
  type ViceOf,
} from "./vices.ts";

/** What decides whether a vice acts. */
export interface ViceOccasion {
  readonly command: string;
  readonly connection: number;
  readonly mailbox: string | undefined;
}

/** A vice that was added, so that it can be taken away. */
export interface ViceHandle {
  /** How often it acted. */
  readonly fired: number;
  /** Resolves when it acts for the first time. */
  readonly firstFired: Promise<void>;
  /** The server is honest again in this respect. */
  remove(): void;
}

/** The vices of one command, decided once at its start. */
export class ActiveVices {
  readonly #active: readonly Vice[];

  constructor(active: readonly Vice[]) {
    this.#active = active;
  }

  /** The first active vice of the kind. */
  get<K extends ViceKind>(kind: K): ViceOf<K> | undefined {
    return this.#active.find((vice): vice is ViceOf<K> => vice.kind === kind);
  }

  /** All active vices of the kind. */
  all<K extends ViceKind>(kind: K): ViceOf<K>[] {
    return this.#active.filter((vice): vice is ViceOf<K> => vice.kind === kind);
  }

  /** Whether a vice of the kind is active and, if it names UIDs, names this one. */
  concerns(
    kind: "dropRows" | "duplicateRows" | "nilBodies" | "searchOmits",
    uid: number,
  ): boolean {
    return this.all(kind).some((v) =>
      v.uids === undefined || v.uids.includes(uid)
    );
  }
}

/** All vices of a server; can change at any time. */
export class ViceSet {
  #entries = new Set<Entry>();

  constructor(vices: readonly Vice[] = []) {
    for (const vice of vices) this.add(vice);
  }

  /** One more vice, counting from now. */
  add(vice: Vice): ViceHandle {
    const entry = new Entry(vice);
    this.#entries.add(entry);
    return {
      get fired() {
        return entry.fired;
      },
      firstFired: entry.firstFired,
      remove: () => void this.#entries.delete(entry),
    };
  }

  /** No vices any more. */
  clear(): void {
    this.#entries.clear();
  }

  /** Decides for one command; counts it. */
  decide(occasion: ViceOccasion): ActiveVices {
    if (this.#entries.size === 0) return NONE;
    return new ActiveVices(
      [...this.#entries].filter((entry) => entry.decide(occasion))
        .map((entry) => entry.vice),
    );
  }

  /** All of a kind, whatever `when` says. */
  standing<K extends ViceKind>(kind: K): ViceOf<K>[] {
    return [...this.#entries].map((entry) => entry.vice)
      .filter((vice): vice is ViceOf<K> => isKind(vice, kind));
  }

  /** Those of a connection as such, decided when it is made. */
  ofConnection<K extends ViceKind>(kind: K, connection: number): ViceOf<K>[] {
    const found: ViceOf<K>[] = [];
    for (const entry of this.#entries) {
      if (!isKind(entry.vice, kind)) continue;
      const vice: ViceOf<K> = entry.vice;
      if (entry.decide({ command: "", connection, mailbox: undefined })) {
        found.push(vice);
      }
    }
    return found;
  }
}

const NONE = new ActiveVices([]);

/** Kinds that are decided when a connection is made, not by commands. */
const CONNECTION_KINDS: ReadonlySet<ViceKind> = new Set<ViceKind>([
  "cutStream",
  "newUidValidity",
  "profileAfterLogin",
]);

class Entry {
  fired = 0;
  readonly firstFired: Promise<void>;
  #seen = 0;
  #markFired: () => void = () => {};
  readonly #random: () => number;

  constructor(readonly vice: Vice) {
    this.#random = seededRandom(vice.when?.seed ?? 1);
    this.firstFired = new Promise((resolve) => this.#markFired = resolve);
  }

  decide(occasion: ViceOccasion): boolean {
    const { when = {} } = this.vice;
    const ofConnection = occasion.command === "";
    if (CONNECTION_KINDS.has(this.vice.kind) !== ofConnection) return false;
    if (!ofConnection && !this.#concerns(occasion.command)) return false;
    if (
      when.connection !== undefined && when.connection !== occasion.connection
    ) return false;
    if (when.mailbox !== undefined && when.mailbox !== occasion.mailbox) {
      return false;
    }
    this.#seen++;
    if (when.nth !== undefined && this.#seen !== when.nth) return false;
    if (when.from !== undefined && this.#seen < when.from) return false;
    if (when.times !== undefined && this.fired >= when.times) return false;
    if (when.probability !== undefined && this.#random() >= when.probability) {
      return false;
    }
    this.fired++;
    this.#markFired();
    return true;
  }

  #concerns(command: string): boolean {
    const pattern = this.vice.when?.command ?? NATURAL_COMMANDS[this.vice.kind];
    if (pattern === undefined) return true;
    if (typeof pattern !== "string") return pattern.test(command);
    return command.toUpperCase() === pattern.toUpperCase();
  }
}

function isKind<K extends ViceKind>(vice: Vice, kind: K): vice is ViceOf<K> {
  return vice.kind === kind;
}

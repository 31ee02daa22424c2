/** What was heard of mailboxes, gathered until it is time to synchronise. */
import type { Clock } from "../../clock.ts";
import type { Side } from "../../sync/types.ts";
import type { Focus } from "../focus.ts";
import { backOff } from "../back_off.ts";

/** What is to be looked at. */
export interface News {
  /** Undefined: everything. */
  readonly focus: Focus | undefined;
  /**
   * Perhaps it is only the echo of our own changes: look first, and call no hook
   * when nothing is to be done.
   */
  readonly doubtful: boolean;
}

/** A burst is over when nothing came for so long, ... */
const QUIET_MS = 50;
/** ... and is not waited for any longer than this. */
const LONGEST_BURST_MS = 400;
/** After a sync echoes of its changes come for so long (Dovecot: half a second). */
const ECHO_MS = 2_000;
/** So many looks without a result are let pass before looking gets rarer. */
const PATIENCE = 5;
const RARER_MS = 500;
const RAREST_MS = 60_000;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 5 * 60_000;

/**
 * Gathers notices, so that a burst of them is one sync, and holds them back
 * while they lead to nothing: a mail program that touches a folder all the time,
 * or a sync that fails, must not keep the account busy for ever.
 */
export class NewsDesk {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #listeners = new Set<() => void>();
  /** Whether a notice is doubtful, by mailbox. */
  readonly #heard: Record<Side, Map<string, boolean>> = {
    remote: new Map(),
    local: new Map(),
  };
  /** Whether the notice about everything is doubtful; undefined without one. */
  #all: boolean | undefined;
  #first: number | undefined;
  #latest = 0;
  #notBefore = 0;
  #busy = false;
  #echoUntil = 0;
  #idleLooks = 0;
  #failures = 0;
  #cancel = () => {};

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Whether it is time to {@link take} something. */
  get ready(): boolean {
    return this.#first !== undefined && !this.#busy &&
      this.#clock.now() >= this.#dueAt();
  }

  /** Something was heard of a mailbox, or, without a name, of any. */
  note(side: Side, name?: string, doubtful = false): void {
    const echo = doubtful || this.#busy || this.#clock.now() < this.#echoUntil;
    if (name === undefined) this.#all = (this.#all ?? true) && echo;
    else {
      const heard = this.#heard[side];
      heard.set(name, (heard.get(name) ?? true) && echo);
    }
    this.#latest = this.#clock.now();
    this.#first ??= this.#latest;
    this.#schedule();
  }

  /** All that was heard so far; undefined: nothing that is due. */
  take(): News | undefined {
    if (!this.ready) return undefined;
    const { remote, local } = this.#heard;
    const doubts = [...remote.values(), ...local.values()];
    const focus = this.#all === undefined
      ? { remote: [...remote.keys()], local: [...local.keys()] }
      : undefined;
    const doubtful = (this.#all ?? true) && doubts.every((doubt) => doubt);
    this.clear();
    return { focus, doubtful };
  }

  /** Forgets what was heard: all of it is about to be looked at. */
  clear(): void {
    this.#heard.remote.clear();
    this.#heard.local.clear();
    this.#all = undefined;
    this.#first = undefined;
    this.#cancel();
  }

  /** A sync begins; what is heard from now on may be its echo. */
  begin(): void {
    this.#busy = true;
    this.#cancel();
  }

  /** A sync, or a look, has ended. */
  end(result: "changed" | "idle" | "failed"): void {
    const now = this.#clock.now();
    this.#busy = false;
    if (result === "changed") this.#echoUntil = now + ECHO_MS;
    this.#idleLooks = result === "idle" ? this.#idleLooks + 1 : 0;
    this.#failures = result === "failed" ? this.#failures + 1 : 0;
    this.#notBefore = now + this.#rest();
    if (this.#first !== undefined) this.#schedule();
  }

  /** What did not work is tried again. */
  again({ focus }: News): void {
    if (focus === undefined) return this.note("remote");
    for (const side of ["remote", "local"] as const) {
      for (const name of focus[side]) this.note(side, name);
    }
  }

  /** Calls `listener` when it is time. @returns what ends that. */
  onReady(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #rest(): number {
    if (this.#failures > 0) {
      return backOff(FIRST_RETRY_MS, this.#failures, this.#random(), {
        longestMs: LONGEST_RETRY_MS,
      });
    }
    const surplus = this.#idleLooks - PATIENCE;
    if (surplus <= 0) return 0;
    return backOff(RARER_MS, surplus, this.#random(), { longestMs: RAREST_MS });
  }

  #dueAt(): number {
    const first = this.#first ?? 0;
    const over = Math.min(this.#latest + QUIET_MS, first + LONGEST_BURST_MS);
    return Math.max(over, this.#notBefore);
  }

  #schedule(): void {
    this.#cancel();
    if (this.#busy) return;
    const ms = Math.max(0, this.#dueAt() - this.#clock.now());
    this.#cancel = this.#clock.after(ms, () => {
      if (this.ready) {
        for (const listener of [...this.#listeners]) listener();
      } else if (this.#first !== undefined) this.#schedule();
    });
  }
}

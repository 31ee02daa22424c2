/** How far a run is: a view of its events, made for one line. */
import type { PlanCounts, SyncEvent } from "../events.ts";

/** What the progress line shows. */
export interface ProgressView {
  readonly account: string;
  /** The folder that something was last done in. */
  readonly mailbox: string | undefined;
  /** Changes made and planned, over all folders of the account. */
  readonly done: number;
  readonly total: number;
  /** Bytes of messages copied, per second, over the last seconds. */
  readonly bytesPerSecond: number;
  /** Until all that is planned is done, ms; undefined: not known yet. */
  readonly remainingMs: number | undefined;
  /** Until the next sync, ms; undefined while one runs. */
  readonly pauseMs: number | undefined;
}

/** Rates are those of this many milliseconds. */
const WINDOW_MS = 5_000;

/** Rates over less than this say nothing. */
const LEAST_MS = 1_000;

interface AccountProgress {
  mailbox: string | undefined;
  done: number;
  total: number;
  pauseEndMs: number | undefined;
  readonly samples: Samples;
}

/** Follows events; {@link view} is what the line shows. */
export class Progress {
  readonly #accounts = new Map<string, AccountProgress>();

  /** Takes an event in. @param now Milliseconds of a clock that never goes back. */
  apply(event: SyncEvent, now: number): void {
    if (!("account" in event) || event.account === undefined) return;
    if (event.type === "account.started" || event.type === "account.finished") {
      this.#accounts.delete(event.account);
    }
    if (event.type === "account.finished") return;
    const state = this.#stateOf(event.account);
    switch (event.type) {
      case "account.sleeping":
        state.pauseEndMs = now + event.remainingMs;
        break;
      case "mailbox.started":
        this.#touch(event.account, event.mailbox);
        break;
      case "mailbox.planned":
        if (!event.dryRun) state.total += sumOf(event.counts);
        break;
      case "message.copied":
        this.#touch(event.account, event.mailbox);
        state.done++;
        state.samples.add(now, 1, event.sizeBytes);
        break;
      case "messages.flagged":
      case "messages.moved":
        if ("dryRun" in event && event.dryRun) break;
        this.#touch(event.account, event.mailbox);
        state.done += event.count;
        state.samples.add(now, event.count, 0);
        break;
      case "messages.deleted":
        if (event.dryRun) break;
        this.#touch(event.account, event.mailbox);
        state.done += event.uids.length;
        state.samples.add(now, event.uids.length, 0);
        break;
    }
  }

  /** The account that was last active, or undefined when none is. */
  view(now: number): ProgressView | undefined {
    const active = [...this.#accounts].reverse();
    // One that works is shown before one that waits.
    const [account, state] =
      active.find(([, state]) => state.pauseEndMs === undefined) ??
        active[0] ?? [];
    if (account === undefined || state === undefined) return undefined;
    const { mailbox, pauseEndMs } = state;
    // Several flags of one message are more done than was planned.
    const done = Math.min(state.done, state.total);
    const { changesPerMs, bytesPerMs } = state.samples.rates(now);
    const left = state.total - done;
    return {
      account,
      mailbox,
      done,
      total: state.total,
      bytesPerSecond: bytesPerMs * 1000,
      remainingMs: changesPerMs > 0 && left > 0
        ? left / changesPerMs
        : undefined,
      pauseMs: pauseEndMs === undefined
        ? undefined
        : Math.max(0, pauseEndMs - now),
    };
  }

  #stateOf(account: string): AccountProgress {
    const known = this.#accounts.get(account);
    if (known !== undefined) return known;
    const state = {
      mailbox: undefined,
      done: 0,
      total: 0,
      pauseEndMs: undefined,
      samples: new Samples(),
    };
    this.#accounts.set(account, state);
    return state;
  }

  /** Notes the folder, and moves the account to the end: the last active. */
  #touch(account: string, mailbox: string): void {
    const state = this.#stateOf(account);
    state.mailbox = mailbox;
    state.pauseEndMs = undefined;
    this.#accounts.delete(account);
    this.#accounts.set(account, state);
  }
}

/** Amounts over the last seconds, kept in steps of a tenth of a second. */
class Samples {
  readonly #steps: { ms: number; changes: number; bytes: number }[] = [];
  #firstMs: number | undefined;

  add(now: number, changes: number, bytes: number): void {
    this.#firstMs ??= now;
    const last = this.#steps.at(-1);
    if (last !== undefined && now - last.ms < 100) {
      last.changes += changes;
      last.bytes += bytes;
    } else {
      this.#steps.push({ ms: now, changes, bytes });
    }
    this.#drop(now);
  }

  rates(now: number): { changesPerMs: number; bytesPerMs: number } {
    this.#drop(now);
    const elapsedMs = Math.min(now - (this.#firstMs ?? now), WINDOW_MS);
    if (elapsedMs < LEAST_MS) return { changesPerMs: 0, bytesPerMs: 0 };
    let changes = 0;
    let bytes = 0;
    for (const step of this.#steps) {
      changes += step.changes;
      bytes += step.bytes;
    }
    return { changesPerMs: changes / elapsedMs, bytesPerMs: bytes / elapsedMs };
  }

  #drop(now: number): void {
    const old = this.#steps.findIndex(({ ms }) => now - ms <= WINDOW_MS);
    this.#steps.splice(0, old === -1 ? this.#steps.length : old);
  }
}

function sumOf(counts: PlanCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** What a run has done so far, and what failed in it. */
import { type MailError, toMailError } from "../errors.ts";
import { NO_TOTALS, reportOf, type Totals } from "../events.ts";
import type { Trouble } from "./execute/work.ts";
import type { Run } from "./run.ts";
import type { Task } from "./task.ts";
import type { Side } from "./types.ts";

/** Counts and failures of a run. A failure is told as soon as it is known. */
export class Ledger {
  readonly totals: Totals = { ...NO_TOTALS };
  /** Sides where an addition failed: nothing is deleted there in this run. */
  readonly incomplete = { remote: false, local: false };
  /** Mailboxes that failed, and will fail again. */
  readonly shut = new Set<Task>();
  readonly #run: Pick<Run, "account" | "emit">;
  readonly #errors: MailError[] = [];

  constructor(run: Pick<Run, "account" | "emit">) {
    this.#run = run;
  }

  /** Everything that failed, in order. */
  get errors(): readonly MailError[] {
    return this.#errors;
  }

  /** Takes moves for what they are: neither deletions nor copies. */
  moved(on: Side, count: number): void {
    this.totals.moved += count;
    this.totals[on === "remote" ? "deleteRemote" : "deleteLocal"] -= count;
    this.totals[on === "remote" ? "toRemote" : "toLocal"] -= count;
  }

  /** Notes messages that failed; an addition that failed holds deletions back. */
  note(task: Task, troubles: readonly Trouble[]): void {
    for (const { side, error, known = false } of troubles) {
      if (known) continue;
      if (error.scope === "mailbox" && error.retry === "never") {
        this.shut.add(task);
      } else if (error.code !== "sync.flags") this.incomplete[side] = true;
      this.fail(task, error);
    }
  }

  /** Nothing is deleted in this run, on either side. */
  holdDeletions(): void {
    this.incomplete.remote = true;
    this.incomplete.local = true;
  }

  /** Notes and tells a failure. */
  fail(task: Task, error: MailError): void {
    this.#errors.push(error);
    this.#run.emit({
      type: "error",
      account: this.#run.account,
      mailbox: task.name,
      error: reportOf(error),
    });
  }

  /**
   * Does work on one mailbox; a failure is noted.
   *
   * @returns Whether it came to its end.
   * @throws {MailError} Scope account or run: nothing else can go on.
   */
  async guarded(task: Task, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (cause) {
      const error = toMailError(cause, {
        message: `Cannot synchronise "${task.name}"`,
        code: "sync.mailbox",
        scope: "mailbox",
      });
      // One that never opens must not hold all deletions back for ever.
      if (error.retry === "never") this.shut.add(task);
      else this.holdDeletions();
      if (error.scope === "account" || error.scope === "run") throw error;
      this.fail(task, error);
      return false;
    }
  }
}

/** All mailboxes of an account: additions first, then moves, deletions last. */
import { type MailError, toMailError } from "../errors.ts";
import { type Emit, NO_TOTALS, reportOf, type Totals } from "../events.ts";
import { foresee } from "./dry_run.ts";
import { copyMessages } from "./execute/copy.ts";
import { deleteMessages } from "./execute/delete.ts";
import { type Move, moveMessages } from "./execute/move.ts";
import type { SharedBodies } from "./shared_bodies.ts";
import type { Trouble, Work } from "./execute/work.ts";
import type { GuardLimits } from "./guard.ts";
import { findMoves, type Links, type Waiting } from "./find_moves.ts";
import type { Store } from "./ports.ts";
import type { AccountState, PairStatus } from "./status.ts";
import { openWork, sameValidity } from "./open_work.ts";
import { forEachConcurrently } from "./pool.ts";
import { syncMailbox } from "./sync_mailbox.ts";
import { otherSide, type Pair, type Side } from "./types.ts";
import { isUnchanged } from "./unchanged.ts";
import type { Words } from "./words.ts";
import type { Task } from "./task.ts";

export type { Task } from "./task.ts";

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
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** How a run ended: everything that failed, in order. */
export interface RunOutcome {
  readonly totals: Totals;
  readonly errors: readonly MailError[];
}

/**
 * Brings all mailboxes of an account in step.
 *
 * A mailbox that fails does not stop the others. Deletions wait until every
 * mailbox has its additions, and are left out on a side where an addition failed:
 * what looks deleted may be a message on its way to another mailbox.
 *
 * @throws {MailError} Scope account: the connection or the disk is gone.
 */
export async function syncMailboxes(
  run: Run,
  tasks: readonly Task[],
): Promise<RunOutcome> {
  return await new Running(run).sync(tasks);
}

class Running {
  readonly #errors: MailError[] = [];
  readonly #totals: Totals = { ...NO_TOTALS };
  readonly #waiting: Waiting[] = [];
  /** Sides where an addition failed: nothing is deleted there in this run. */
  readonly #incomplete = { remote: false, local: false };
  /** Mailboxes to be looked at that were synchronised before. */
  readonly #settled = new Set<Task>();

  constructor(readonly run: Run) {}

  async sync(tasks: readonly Task[]): Promise<RunOutcome> {
    const { run } = this;
    const due = this.#due(tasks);
    try {
      await forEachConcurrently(due, run, (task) => this.#first(task));
      if (tasks.some(({ rules }) => rules.dryRun)) await this.#foresee();
      else {
        if (!run.signal.aborted) await this.#moves();
        if (!run.signal.aborted) await this.#deletions();
      }
    } finally {
      for (const entry of this.#waiting) this.#finish(entry);
    }
    this.#totals.failures = this.#errors.length;
    return { totals: this.#totals, errors: this.#errors };
  }

  /** Leaves out what has not changed on either side. */
  #due(tasks: readonly Task[]): Task[] {
    const { run } = this;
    const statuses = new Map<string, PairStatus>();
    for (const status of run.state.statuses()) {
      statuses.set(JSON.stringify([status.remote, status.local]), status);
    }
    this.#totals.mailboxes = tasks.length;
    return tasks.filter((task) => {
      const key = JSON.stringify([task.remote.name, task.local.name]);
      const status = statuses.get(key);
      const same = isUnchanged(task, status, run.quick);
      if (!same && status !== undefined && status.size > 0) {
        this.#settled.add(task);
      }
      if (same) {
        this.#totals.unchanged++;
        run.emit({
          type: "mailbox.unchanged",
          account: run.account,
          mailbox: task.name,
          names: task.names,
          from: run.stores.remote.typeName,
          to: run.stores.local.typeName,
        });
      }
      return !same;
    });
  }

  async #first(task: Task): Promise<void> {
    const start = performance.now();
    const { account, emit, stores } = this.run;
    const about = { account, mailbox: task.name };
    emit({
      type: "mailbox.started",
      ...about,
      names: task.names,
      from: stores.remote.typeName,
      to: stores.local.typeName,
    });
    let waits = false;
    await this.#guarded(task, async () => {
      await using work = await openWork(this.run, task);
      await this.run.prepare?.(task, work);
      const { counts, troubles, deferred } = await syncMailbox(
        work,
        task.rules,
        { mayBeMoves: this.#settled.difference(new Set([task])).size > 0 },
      );
      for (const key of Object.keys(counts) as (keyof typeof counts)[]) {
        this.#totals[key] += counts[key];
      }
      this.#note(task, troubles);
      if (deferred !== undefined) {
        this.#waiting.push({
          task,
          deferred,
          foreign: { ...deferred.foreign },
          deletions: { ...deferred.deletions },
          failed: false,
          ms: performance.now() - start,
          finished: false,
        });
        waits = true;
      }
    });
    if (!this.run.signal.aborted) await this.run.afterCopies?.(task);
    if (waits) return;
    emit({ type: "mailbox.finished", ...about, ms: performance.now() - start });
  }

  /** Tells once that nothing more is done about a mailbox. */
  #finish(entry: Waiting): void {
    if (entry.finished) return;
    entry.finished = true;
    this.run.emit({
      type: "mailbox.finished",
      account: this.run.account,
      mailbox: entry.task.name,
      ms: entry.ms,
    });
  }

  /** In a dry run, what would be made of what waits is only told. */
  async #foresee(): Promise<void> {
    const [first] = this.#waiting;
    if (first === undefined || this.run.signal.aborted) return;
    await this.#guarded(first.task, async () => {
      const refused = await foresee(this.run, this.#waiting, this.#totals);
      for (const { task, error } of refused) this.#fail(task, error);
    });
  }

  /** What came from another mailbox: moved there as well, or else copied. */
  async #moves(): Promise<void> {
    for (const on of ["local", "remote"] as const) {
      const receivers = this.#waiting
        .filter(({ foreign }) => foreign[on].length > 0);
      const links = await this.#links(on, receivers);
      for (const to of receivers) {
        await this.#guarded(to.task, async () => {
          for (const [from, moves] of links.get(to) ?? []) {
            await this.#move(from, to, on, moves);
          }
          await this.#copyRest(to, on);
        }, to);
      }
    }
  }

  /** Without links, where they cannot be found out, what was moved is copied. */
  async #links(on: Side, receivers: readonly Waiting[]): Promise<Links> {
    let links: Links = new Map();
    const [first] = receivers;
    if (first === undefined) return links;
    await this.#guarded(first.task, async () => {
      links = await findMoves(this.run, on, this.#waiting);
    }, first);
    return links;
  }

  /** What is no move is new. */
  async #copyRest(to: Waiting, on: Side): Promise<void> {
    const { task, deferred, foreign } = to;
    if (foreign[on].length === 0 || this.run.signal.aborted) return;
    await using work = await openWork(this.run, task, deferred.validity);
    const troubles = await copyMessages(work, on, foreign[on]);
    to.failed ||= troubles.length > 0 || work.state.intents().length > 0;
    this.#note(task, troubles);
    await Promise.all([work.local.flush(), work.remote.flush()]);
  }

  async #move(
    from: Waiting,
    to: Waiting,
    on: Side,
    moves: readonly Move[],
  ): Promise<void> {
    const { account, emit, signal, stores } = this.run;
    const { task, deferred } = to;
    // Flags that differ between the two messages are seen by the next look.
    to.failed = true;
    const here = otherSide(on);
    const source = await stores[on].open(from.task[on].name, {
      readOnly: false,
      signal,
    });
    await using _source = source;
    sameValidity(source, from.deferred.validity[on]);
    const arrivedIn = await stores[here].open(task[here].name, {
      readOnly: task.rules.readOnly[here],
      signal,
    });
    await using _arrivedIn = arrivedIn;
    sameValidity(arrivedIn, deferred.validity[here]);
    const { done, rest, troubles } = await moveMessages(
      { mailbox: source, state: this.#state(from.task) },
      {
        account,
        name: task.name,
        on,
        nameThere: task[on].name,
        arrivedIn,
        state: this.#state(task),
        readOnly: task.rules.readOnly,
        validity: deferred.validity[on],
        nextRef: deferred.nextRef[on],
        emit,
      },
      moves,
    );
    this.#note(task, troubles);
    const kept = new Set(rest.map(({ arrival }) => arrival));
    const linked = new Set(moves.map(({ arrival }) => arrival));
    to.foreign[on] = to.foreign[on].filter((arrival) =>
      !linked.has(arrival) || kept.has(arrival)
    );
    const gone = new Set(done.map(({ pair }) => pair.id));
    from.deletions[on] = from.deletions[on].filter(({ id }) => !gone.has(id));
    this.#totals.moved += done.length;
    this.#totals[on === "remote" ? "deleteRemote" : "deleteLocal"] -=
      done.length;
    this.#totals[on === "remote" ? "toRemote" : "toLocal"] -= done.length;
  }

  async #deletions(): Promise<void> {
    await forEachConcurrently(this.#waiting, this.run, async (entry) => {
      const { task, deferred, deletions: pairs } = entry;
      const before = this.#errors.length;
      await this.#guarded(task, async () => {
        if (pairs.remote.length + pairs.local.length > 0) {
          await using work = await openWork(
            this.run,
            task,
            deferred.validity,
          );
          for (const on of ["local", "remote"] as const) {
            if (this.#incomplete[on]) this.#postpone(entry, pairs[on]);
            else await this.#deleteOn(work, on, pairs[on], entry);
          }
          await Promise.all([work.local.flush(), work.remote.flush()]);
        }
        const clean = !entry.failed && this.#errors.length === before &&
          !this.run.signal.aborted;
        if (clean && deferred.done !== undefined) {
          this.#state(task).commit([deferred.done]);
        }
      }, entry);
      this.#finish(entry);
    });
  }

  async #deleteOn(
    work: Work,
    on: Side,
    pairs: readonly Pair[],
    entry: Waiting,
  ): Promise<void> {
    const { task, deferred } = entry;
    const { troubles, kept } = await deleteMessages(work, on, pairs, {
      limits: this.run.limits,
      agreed: deferred.agreed,
      allowed: this.run.allowDeletes || task.unguarded,
    });
    entry.failed ||= kept > 0;
    for (const { error } of troubles) this.#fail(task, error);
  }

  #postpone(entry: Waiting, pairs: readonly Pair[]): void {
    if (pairs.length === 0) return;
    entry.failed = true;
    this.run.emit({
      type: "warning",
      account: this.run.account,
      mailbox: entry.task.name,
      code: "sync.postponed",
      text: `${pairs.length} deletions in "${entry.task.name}" wait for the ` +
        "next run, since a message could not be copied in this one",
    });
  }

  #state(task: Task) {
    return this.run.state.mailbox(task.remote.name, task.local.name);
  }

  /** Notes messages that failed; an addition that failed holds deletions back. */
  #note(task: Task, troubles: readonly Trouble[]): void {
    for (const { side, error, known = false } of troubles) {
      if (known) continue;
      if (error.code !== "sync.flags") this.#incomplete[side] = true;
      this.#fail(task, error);
    }
  }

  #fail(task: Task, error: MailError): void {
    this.#errors.push(error);
    this.run.emit({
      type: "error",
      account: this.run.account,
      mailbox: task.name,
      error: reportOf(error),
    });
  }

  /** Runs work on one mailbox; only what ends the account leaves it. */
  async #guarded(
    task: Task,
    work: () => Promise<void>,
    entry?: Waiting,
  ): Promise<void> {
    try {
      await work();
    } catch (cause) {
      const error = toMailError(cause, {
        message: `Cannot synchronise "${task.name}"`,
        code: "sync.mailbox",
        scope: "mailbox",
      });
      if (entry !== undefined) entry.failed = true;
      // A mailbox that never opens must not hold deletions back for ever.
      if (error.retry !== "never") {
        this.#incomplete.remote = true;
        this.#incomplete.local = true;
      }
      if (error.scope === "account" || error.scope === "run") throw error;
      this.#fail(task, error);
    }
  }
}

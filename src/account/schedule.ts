/** When which account is synchronised: in turn, at once, again and again. */
import type { LoginMemory } from "../auth/login_memory.ts";
import type { Clock } from "../clock.ts";
import { MailError, toMailError } from "../errors.ts";
import {
  type DebugLog,
  type Emit,
  type ErrorReport,
  NO_COUNTS,
  NO_TOTALS,
  type PlanCounts,
  reportOf,
  type Totals,
} from "../events.ts";
import {
  type AccountIo,
  type AccountOutcome,
  type AccountRun,
  type AccountWatch,
  type RunOptions,
  type SyncAccount,
  VALIDITY_CODE,
} from "./api.ts";
import { pauseAfter } from "./back_off.ts";
import { debugLog } from "./debug_log.ts";
import type { RunControl } from "./run_control.ts";
import { hushed } from "./watch/hushed.ts";
import type { TurnSource } from "./turns.ts";

/** An account and when it is to be synchronised. */
export interface ScheduledAccount {
  /** `options.quick` is decided anew for every sync. */
  readonly run: AccountRun;
  /** Pause between two syncs, ms; 0: one sync. */
  readonly autorefreshMs: number;
  /** `quick`: 0 never, below 0 always, n: after a full sync n quick ones. */
  readonly quick: number;
}

/** The lock of an account, held during a sync. See `acquireLock`. */
export interface HeldLock extends AsyncDisposable {
  /** @returns false when another program holds the lock now. */
  verify(): Promise<boolean>;
}

/** What a schedule works by. */
export interface ScheduleParts
  extends Omit<AccountIo, "signal" | "logins" | "kept"> {
  readonly sync: SyncAccount;
  /** Takes an account's lock. @throws {MailError} When it is held. */
  readonly lock: (run: AccountRun) => Promise<HeldLock>;
  /** Watches an account between its syncs. @default nothing is watched */
  readonly watch?: (
    run: AccountRun,
    io: AccountIo,
  ) => Promise<AccountWatch | undefined>;
  readonly clock: Clock;
  readonly control: RunControl;
  /** A number from 0 up to 1, for the back-off. @default Math.random */
  readonly random?: () => number;
}

/** How a schedule ended. */
export interface ScheduleOutcome {
  /** Accounts with at least one error in at least one sync. */
  readonly failedAccounts: number;
  /** At least one folder was left out because of its UIDVALIDITY. */
  readonly validityProblem: boolean;
}

/** What a sync does to messages. */
const COUNTS = Object.keys(NO_COUNTS) as (keyof PlanCounts)[];

/** Pauses are slept in steps: after a suspend the next one shows the time. */
const STEP_MS = 10_000;

/** How often a held lock is looked at. */
const VERIFY_MS = 5_000;

/**
 * Synchronises accounts, as many at the same time as `turns` allows, until each has
 * had its sync, or with `autorefresh` until the user ends it.
 *
 * Accounts do not touch each other: whatever one reports or throws, the others
 * go on, and it has its next turn. Emits the `account.*` events and an `error`
 * for what keeps a sync from being done; the core emits everything else.
 *
 * Never rejects.
 */
export async function runSchedule(
  accounts: readonly ScheduledAccount[],
  turns: TurnSource,
  parts: ScheduleParts,
): Promise<ScheduleOutcome> {
  const loops = accounts.map((account) => new AccountLoop(account, parts));
  await Promise.all(loops.map((loop) => loop.run(turns)));
  return {
    failedAccounts: loops.filter(({ failed }) => failed).length,
    validityProblem: loops.some(({ validityProblem }) => validityProblem),
  };
}

/** Whether the sync with this number since the start is a quick one. */
export function isQuick(quick: number, round: number): boolean {
  if (quick <= 0) return quick < 0;
  return round % (quick + 1) !== 0;
}

class AccountLoop {
  failed = false;
  validityProblem = false;
  readonly #account: ScheduledAccount;
  readonly #parts: ScheduleParts;
  readonly #name: string;
  /** `-d thread`. */
  readonly #trace: DebugLog;
  readonly #logins = new Map<string, LoginMemory>();
  #watch: AccountWatch | undefined;

  constructor(account: ScheduledAccount, parts: ScheduleParts) {
    this.#account = account;
    this.#parts = parts;
    this.#name = account.run.account.name;
    const trace = debugLog(account.run, parts.emit, "thread");
    this.#trace = (text) => trace?.(`Account ${this.#name} ${text}`);
  }

  async run(turns: TurnSource): Promise<void> {
    const { autorefreshMs, quick } = this.#account;
    const { control, random = Math.random } = this.#parts;
    if (autorefreshMs > 0) this.#watch = await this.#openWatch();
    await using _watch = this.#watch;
    let round = 0;
    let failures = 0;
    let wakes = control.wakes;
    while (true) {
      {
        this.#trace("asks for a turn");
        using _turn = await turns.next();
        if (control.ending) return;
        // All of it is looked at now.
        this.#watch?.news.clear();
        this.#watch?.news.begin();
        const { reached, changed } = await this.#sync({
          quick: isQuick(quick, round),
        });
        this.#watch?.news.end(changed ? "changed" : "idle");
        failures = reached ? 0 : failures + 1;
      }
      if (autorefreshMs <= 0) return;
      // Where the server refused, a watch would only ask it again.
      if (failures === 0) this.#watch?.start();
      await this.#pause(
        pauseAfter(autorefreshMs, failures, random()),
        wakes,
        turns,
      );
      if (control.ending) return;
      // Who wakes an account wants to see everything; and a full sync that was
      // not done does not count.
      if (control.wakes > wakes) round = 0;
      else if (failures === 0) round++;
      wakes = control.wakes;
    }
  }

  async #openWatch(): Promise<AccountWatch | undefined> {
    return await this.#parts.watch?.(this.#account.run, {
      ...this.#io(),
      signal: this.#parts.control.signal,
    });
  }

  /** What every sync of this account works by. */
  #io(): Omit<AccountIo, "signal"> {
    const { emit, askPassword, step, foldersDone } = this.#parts;
    const logins = this.#logins;
    const kept = this.#watch?.kept;
    return {
      emit,
      askPassword,
      logins,
      step,
      ...(foldersDone === undefined ? {} : { foldersDone }),
      ...(kept === undefined ? {} : { kept }),
    };
  }

  /** Looks after what was heard of during a pause. */
  async #attend(turns: TurnSource): Promise<void> {
    const { control } = this.#parts;
    this.#trace("has heard of something and asks for a turn");
    using _turn = await turns.next();
    const desk = this.#watch?.news;
    const news = desk?.take();
    if (control.ending || desk === undefined || news === undefined) return;
    desk.begin();
    const focus = news.focus === undefined ? {} : { focus: news.focus };
    const hushes = news.doubtful && !this.#hasHooks();
    if (news.doubtful && !hushes && !await this.#isWorthwhile(focus)) {
      this.#trace("has found nothing to do");
      return desk.end("idle");
    }
    const { clean, changed } = await this.#sync(
      { heard: true, ...focus },
      hushes ? hushed(this.#parts.emit) : undefined,
    );
    desk.end(!clean ? "failed" : changed ? "changed" : "idle");
    if (!clean) desk.again(news);
  }

  /** Whether a sync that does nothing would still be noticed. */
  #hasHooks(): boolean {
    const { presyncHook = "", postsyncHook = "" } = this.#account.run.account;
    return presyncHook !== "" || postsyncHook !== "";
  }

  /** Whether a sync would do anything; when in doubt it would. */
  async #isWorthwhile(focus: Pick<RunOptions, "focus">): Promise<boolean> {
    let created = false;
    const { foldersDone: _, ...io } = this.#io();
    try {
      const outcome = await this.#locked({ ...focus, dryRun: true }, {
        ...io,
        emit: (event) => {
          created ||= event.type === "mailbox.created";
        },
      });
      return created || outcome.errors.length > 0 || hasChanges(outcome.totals);
    } catch {
      // Perhaps another program is at it; then the sync says so.
      return true;
    }
  }

  /** One sync, and what came of it. */
  async #sync(
    options: Partial<RunOptions>,
    emit: Emit = this.#parts.emit,
  ): Promise<Result> {
    const { clock } = this.#parts;
    const start = clock.now();
    emit({ type: "account.started", account: this.#name });
    let totals = NO_TOTALS;
    let errors: readonly Pick<ErrorReport, "code" | "scope">[];
    try {
      const outcome = await this.#locked(options, { ...this.#io(), emit });
      ({ totals, errors } = outcome);
      this.validityProblem ||= outcome.validityProblem;
    } catch (cause) {
      const error = toMailError(cause, {
        message: `Cannot synchronise account ${this.#name}`,
        code: "account.crashed",
        scope: "account",
      });
      errors = [error];
      emit({ type: "error", account: this.#name, error: reportOf(error) });
    }
    const failed = errors.some(({ code }) => code !== VALIDITY_CODE);
    this.failed ||= failed;
    emit({
      type: "account.finished",
      account: this.#name,
      ms: clock.now() - start,
      totals,
      failed,
    });
    return {
      reached: !errors.some(({ scope }) =>
        scope === "account" || scope === "run"
      ),
      clean: !failed,
      changed: hasChanges(totals),
    };
  }

  async #locked(
    options: Partial<RunOptions>,
    io: Omit<AccountIo, "signal">,
  ): Promise<AccountOutcome> {
    const { run } = this.#account;
    const { sync, lock, control } = this.#parts;
    await using held = await lock(run);
    this.#trace("has its turn and its lock");
    using guard = this.#guard(held);
    const outcome = await sync(
      { ...run, options: { ...run.options, quick: false, ...options } },
      {
        ...io,
        signal: AbortSignal.any([control.signal, guard.lost]),
      },
    );
    if (guard.lost.aborted) throw guard.lost.reason;
    return outcome;
  }

  /** Looks again and again whether the lock still is ours. */
  #guard(held: HeldLock): Disposable & { readonly lost: AbortSignal } {
    const { clock } = this.#parts;
    const lost = new AbortController();
    let ended = false;
    let cancel = () => {};
    const look = async () => {
      // Unreadable for a moment is not lost.
      const ours = await held.verify().catch(() => true);
      if (ended) return;
      if (ours) cancel = clock.after(VERIFY_MS, look);
      else lost.abort(lockLost(this.#name));
    };
    cancel = clock.after(VERIFY_MS, look);
    return {
      lost: lost.signal,
      [Symbol.dispose]: () => {
        ended = true;
        cancel();
      },
    };
  }

  /** Waits until it is time, or someone wakes the account or ends the run. */
  async #pause(ms: number, wakes: number, turns: TurnSource): Promise<void> {
    const { clock, control, emit } = this.#parts;
    const account = this.#name;
    this.#trace(`pauses for ${Math.round(ms / 1_000)} seconds`);
    const due = clock.now() + ms;
    const wallDue = clock.wall() + ms;
    while (!control.ending && control.wakes === wakes) {
      if (this.#watch?.news.ready) {
        await this.#attend(turns);
        continue;
      }
      // The one clock stands in suspend, the other may be set back.
      const remainingMs = Math.min(due - clock.now(), wallDue - clock.wall());
      if (remainingMs <= 0) break;
      emit({ type: "account.sleeping", account, remainingMs });
      await this.#sleep(Math.min(remainingMs, STEP_MS));
    }
    emit({ type: "account.sleeping", account, remainingMs: 0 });
    this.#trace(
      control.ending
        ? "ends"
        : control.wakes === wakes
        ? "has had its pause"
        : "is woken by a signal",
    );
  }

  /** Waits for a time, for a wish of the user, or for news. */
  #sleep(ms: number): Promise<void> {
    const { clock, control } = this.#parts;
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        stop();
        deaf();
        resolve();
      };
      const stop = control.onChange(wake);
      const deaf = this.#watch?.news.onReady(wake) ?? (() => {});
      const cancel = clock.after(ms, wake);
    });
  }
}

/** What came of a sync. */
interface Result {
  /** The account as a whole could be done. */
  readonly reached: boolean;
  /** Nothing failed. */
  readonly clean: boolean;
  /** Something was done on either side. */
  readonly changed: boolean;
}

function hasChanges(totals: Totals): boolean {
  return COUNTS.some((name) => totals[name] !== 0);
}

function lockLost(account: string): MailError {
  return new MailError(
    `Another program has taken the lock of account ${account} during a sync`,
    {
      code: "lock.lost",
      scope: "account",
      retry: "later",
      hint:
        "OfflineIMAP deletes the lock file when it does not get the lock; " +
        "let only one of the two programs synchronise this account",
    },
  );
}

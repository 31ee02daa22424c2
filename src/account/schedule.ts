/** When which account is synchronised: in turn, at once, again and again. */
import { MailError, toMailError } from "../errors.ts";
import { type ErrorReport, NO_TOTALS, reportOf } from "../events.ts";
import {
  type AccountIo,
  type AccountOutcome,
  type AccountRun,
  type SyncAccount,
  VALIDITY_CODE,
} from "./api.ts";
import { pauseAfter } from "./back_off.ts";
import type { RunControl } from "./run_control.ts";

/** An account and when it is to be synchronised. */
export interface ScheduledAccount {
  /** `options.quick` is decided anew for every sync. */
  readonly run: AccountRun;
  /** Pause between two syncs, ms; 0: one sync. */
  readonly autorefreshMs: number;
  /** `quick`: 0 never, below 0 always, n: after a full sync n quick ones. */
  readonly quick: number;
}

/** Time as a schedule needs it; a test brings its own. */
export interface ScheduleClock {
  /** Milliseconds of a clock that never goes back. It may stand in suspend. */
  now(): number;
  /** Milliseconds of the clock on the wall. */
  wall(): number;
  /** Runs `action` once after `ms`; the function returned calls it off. */
  after(ms: number, action: () => void): () => void;
}

/** The lock of an account, held during a sync. See `acquireLock`. */
export interface HeldLock extends AsyncDisposable {
  /** @returns false when another program holds the lock now. */
  verify(): Promise<boolean>;
}

/** What a schedule works by. */
export interface ScheduleParts extends Omit<AccountIo, "signal" | "passwords"> {
  readonly sync: SyncAccount;
  /** Takes an account's lock. @throws {MailError} When it is held. */
  readonly lock: (run: AccountRun) => Promise<HeldLock>;
  readonly clock: ScheduleClock;
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

/** Pauses are slept in steps: after a suspend the next one shows the time. */
const STEP_MS = 10_000;

/** How often a held lock is looked at. */
const VERIFY_MS = 5_000;

/**
 * Synchronises accounts, at most `maxAccounts` at the same time, until each has
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
  maxAccounts: number,
  parts: ScheduleParts,
): Promise<ScheduleOutcome> {
  const turns = new Turns(Math.max(1, maxAccounts));
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
  readonly #passwords = new Map<string, string>();

  constructor(account: ScheduledAccount, parts: ScheduleParts) {
    this.#account = account;
    this.#parts = parts;
    this.#name = account.run.account.name;
  }

  async run(turns: Turns): Promise<void> {
    const { autorefreshMs, quick } = this.#account;
    const { control, random = Math.random } = this.#parts;
    let round = 0;
    let failures = 0;
    let wakes = control.wakes;
    while (true) {
      {
        using _turn = await turns.next();
        if (control.ending) return;
        const reached = await this.#sync(isQuick(quick, round));
        failures = reached ? 0 : failures + 1;
      }
      if (autorefreshMs <= 0) return;
      await this.#pause(pauseAfter(autorefreshMs, failures, random()), wakes);
      if (control.ending) return;
      // Who wakes an account wants to see everything; and a full sync that was
      // not done does not count.
      if (control.wakes > wakes) round = 0;
      else if (failures === 0) round++;
      wakes = control.wakes;
    }
  }

  /** One sync. @returns false when the account as a whole could not be done. */
  async #sync(quick: boolean): Promise<boolean> {
    const { emit, clock } = this.#parts;
    const start = clock.now();
    emit({ type: "account.started", account: this.#name });
    let totals = NO_TOTALS;
    let errors: readonly Pick<ErrorReport, "code" | "scope">[];
    try {
      const outcome = await this.#locked(quick);
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
    return !errors.some(({ scope }) => scope === "account" || scope === "run");
  }

  async #locked(quick: boolean): Promise<AccountOutcome> {
    const { run } = this.#account;
    const { sync, lock, control, emit, askPassword, step, foldersDone } =
      this.#parts;
    await using held = await lock(run);
    using guard = this.#guard(held);
    const outcome = await sync(
      { ...run, options: { ...run.options, quick } },
      {
        emit,
        askPassword,
        passwords: this.#passwords,
        ...(foldersDone === undefined ? {} : { foldersDone }),
        step,
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
  async #pause(ms: number, wakes: number): Promise<void> {
    const { clock, control, emit } = this.#parts;
    const account = this.#name;
    const due = clock.now() + ms;
    const wallDue = clock.wall() + ms;
    while (!control.ending && control.wakes === wakes) {
      // The one clock stands in suspend, the other may be set back.
      const remainingMs = Math.min(due - clock.now(), wallDue - clock.wall());
      if (remainingMs <= 0) break;
      emit({ type: "account.sleeping", account, remainingMs });
      await this.#sleep(Math.min(remainingMs, STEP_MS));
    }
    emit({ type: "account.sleeping", account, remainingMs: 0 });
  }

  /** Waits for a time, or for a wish of the user. */
  #sleep(ms: number): Promise<void> {
    const { clock, control } = this.#parts;
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        stop();
        resolve();
      };
      const stop = control.onChange(wake);
      const cancel = clock.after(ms, wake);
    });
  }
}

/** Lets a number of accounts work at the same time, in the order of asking. */
class Turns {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  async next(): Promise<Disposable> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return {
      [Symbol.dispose]: () => {
        const next = this.#waiting.shift();
        if (next === undefined) this.#free++;
        else next();
      },
    };
  }
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

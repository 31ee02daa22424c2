/** The syncs of an account: each under its lock, told, and judged. */
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
  type RunOptions,
  type SyncAccount,
  VALIDITY_CODE,
} from "./api.ts";
import type { Kept } from "./kept.ts";
import type { AccountLock } from "./lock.ts";
import type { RunControl } from "./run_control.ts";

/** What syncs work by. */
export interface AccountSyncParts
  extends Omit<AccountIo, "signal" | "logins" | "kept"> {
  readonly sync: SyncAccount;
  /** Takes an account's lock. @throws {MailError} When it is held. */
  readonly lock: (run: AccountRun) => Promise<AccountLock>;
  readonly clock: Clock;
  readonly control: RunControl;
}

/** What came of a sync. */
export interface SyncResult {
  /** The account as a whole could be done. */
  readonly reached: boolean;
  /** Nothing failed. */
  readonly clean: boolean;
  /** Something was done on either side. */
  readonly changed: boolean;
}

/** What a sync does to messages. */
const COUNTS = Object.keys(NO_COUNTS) as (keyof PlanCounts)[];

/** How often a held lock is looked at. */
const VERIFY_MS = 5_000;

/** The syncs of one account in one run, one after the other. */
export class AccountSyncs {
  /** At least one sync had an error. */
  failed = false;
  /** At least one folder was left out because of its UIDVALIDITY. */
  validityProblem = false;
  /** What a watch keeps for the next sync. */
  kept: Kept | undefined;
  readonly #run: AccountRun;
  readonly #parts: AccountSyncParts;
  readonly #name: string;
  readonly #trace: DebugLog;
  readonly #logins = new Map<string, LoginMemory>();

  /** @param run `options.quick` is decided anew for every sync. */
  constructor(run: AccountRun, parts: AccountSyncParts, trace: DebugLog) {
    this.#run = run;
    this.#parts = parts;
    this.#name = run.account.name;
    this.#trace = trace;
  }

  /** What every sync of this account works by. */
  io(): Omit<AccountIo, "signal"> {
    const { emit, askPassword, step, foldersDone, broker } = this.#parts;
    const logins = this.#logins;
    const { kept } = this;
    return {
      emit,
      askPassword,
      logins,
      step,
      ...(foldersDone === undefined ? {} : { foldersDone }),
      ...(kept === undefined ? {} : { kept }),
      ...(broker === undefined ? {} : { broker }),
    };
  }

  /** Whether a sync would do anything; when in doubt it would. */
  async isWorthwhile(focus: Pick<RunOptions, "focus">): Promise<boolean> {
    let created = false;
    const { foldersDone: _, ...io } = this.io();
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
  async sync(
    options: Partial<RunOptions>,
    emit: Emit = this.#parts.emit,
  ): Promise<SyncResult> {
    const { clock } = this.#parts;
    const start = clock.now();
    emit({ type: "account.started", account: this.#name });
    let totals = NO_TOTALS;
    let errors: readonly Pick<ErrorReport, "code" | "scope">[];
    try {
      const outcome = await this.#locked(options, { ...this.io(), emit });
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
    const run = this.#run;
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
  #guard(held: AccountLock): Disposable & { readonly lost: AbortSignal } {
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

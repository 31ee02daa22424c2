/** Accounts in workers of their own, each with nothing but its own rights. */
import type { AccountInfo } from "../account/account_info.ts";
import type { AccountIo, AccountRun } from "../account/api.ts";
import type { FolderDeletion } from "../account/delete_folder.ts";
import type { LoopParts, ScheduledAccount } from "../account/account_loop.ts";
import type { ScheduleOutcome } from "../account/schedule.ts";
import { RunControl } from "../account/run_control.ts";
import type { TurnSource } from "../account/turns.ts";
import { MailError, toMailError } from "../errors.ts";
import { reportOf } from "../events.ts";
import type { Services } from "./answers.ts";
import { ConfinedAccount, type ConfinedOptions } from "./confined_account.ts";
import type { Job } from "./messages.ts";
import { makeOwnFolders, prepare } from "./prepare.ts";
import { isInfo, isNothing, isOutcome } from "./shapes.ts";

/** What the command gives to accounts that are in a schedule. */
export type ScheduleServices = Pick<
  LoopParts,
  "emit" | "askPassword" | "foldersDone" | "lock" | "control"
>;

/** Does the work on accounts in workers. */
export class Confinement {
  /** A worker was given up that may still run: only the process's end ends it. */
  lost = false;

  /**
   * As `runSchedule`, with a worker for each account. A worker that does not do
   * its work is an error of its account; the others go on.
   *
   * Never rejects.
   */
  async schedule(
    accounts: readonly ScheduledAccount[],
    turns: TurnSource,
    { control, ...services }: ScheduleServices,
  ): Promise<ScheduleOutcome> {
    const outcomes = await Promise.all(
      accounts.map((account) =>
        this.#schedule(account, { ...services, turns }, control)
      ),
    );
    return {
      failedAccounts: outcomes.reduce((n, one) => n + one.failedAccounts, 0),
      validityProblem: outcomes.some((one) => one.validityProblem),
    };
  }

  /** As `accountInfo`. */
  async info(run: AccountRun, io: AccountIo): Promise<AccountInfo> {
    return await this.#once({ kind: "info", run }, io, isInfo);
  }

  /** As `migrateMarks`. */
  async migrateMarks(run: AccountRun, io: AccountIo): Promise<void> {
    await this.#once({ kind: "migrate", run }, io, isNothing);
  }

  /** As `deleteFolder`. */
  async deleteFolder(
    run: AccountRun,
    io: AccountIo,
    { folder, confirm }: FolderDeletion,
  ): Promise<void> {
    const job = { kind: "delete", run, folder } as const;
    await this.#once(job, io, isNothing, { confirm });
  }

  async #schedule(
    account: ScheduledAccount,
    services: Services & Pick<ScheduleServices, "lock">,
    control: RunControl,
  ): Promise<ScheduleOutcome> {
    const { name } = account.run.account;
    try {
      const { run, permissions } = await prepare(account.run, services.emit);
      const job = { kind: "schedule", account: { ...account, run } } as const;
      const outcome = await this.#confine({
        ...{ run, permissions, job, control },
        services: {
          ...services,
          lock: async (run) => {
            const held = await services.lock(run);
            makeOwnFolders(run);
            return held;
          },
        },
      });
      if (!isOutcome(outcome)) throw senseless(name);
      return {
        failedAccounts: outcome.failedAccounts > 0 ? 1 : 0,
        validityProblem: outcome.validityProblem,
      };
    } catch (cause) {
      const error = toMailError(cause, {
        message: `Cannot synchronise account ${name}`,
        code: "account.crashed",
        scope: "account",
      });
      services.emit({ type: "error", account: name, error: reportOf(error) });
      return { failedAccounts: 1, validityProblem: false };
    }
  }

  async #once<T>(
    job: Exclude<Job, { kind: "schedule" }>,
    { emit, askPassword, signal }: AccountIo,
    fits: (result: unknown) => result is T,
    more: Pick<Services, "confirm"> = {},
  ): Promise<T> {
    const { run, permissions } = await prepare(job.run, emit);
    const control = new RunControl();
    const abort = () => control.abort();
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    try {
      const result = await this.#confine({
        run,
        permissions,
        job: { ...job, run },
        services: { emit, askPassword, ...more },
        control,
      });
      if (!fits(result)) throw senseless(run.account.name);
      return result;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  async #confine(options: ConfinedOptions): Promise<unknown> {
    const confined = new ConfinedAccount(options);
    try {
      return await confined.run();
    } finally {
      this.lost ||= confined.lost;
    }
  }
}

/** What opens a confinement. */
export function openConfinement(): Confinement {
  return new Confinement();
}

function senseless(account: string): MailError {
  return new MailError(
    `The work on account ${account} broke off: its worker ended without sense`,
    { code: "account.crashed", scope: "account" },
  );
}

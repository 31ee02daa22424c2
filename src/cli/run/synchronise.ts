/** The mode without a flag: every account has its sync, or one after the other. */
import type { AccountFolders, AccountRun } from "../../account/api.ts";
import { Turns } from "../../account/turns.ts";
import type { PasswordQuestion } from "../../ui/ui.ts";
import { isUsable } from "../../config/config.ts";
import { noStep } from "../../effects.ts";
import { exitCodeOf } from "../exit_code.ts";
import { openNames } from "../names.ts";
import type { Task } from "../run.ts";
import { accountRun } from "./account_run.ts";
import { emitUnusable } from "./greet.ts";
import { NO_LOCK } from "./no_lock.ts";

/** @returns Whether a folder's UIDVALIDITY needs a decision. */
export async function synchronise(task: Task): Promise<boolean> {
  const { args, config, control, ui, emit, parts } = task;
  const start = parts.clock.now();
  const unusable = emitUnusable(config, emit);
  await using names = await openNames(config, emit);
  const accounts = config.accounts.filter(isUsable).map((account) => ({
    run: accountRun(account, args, config),
    autorefreshMs: Math.max(0, account.autorefreshMinutes) * 60_000,
    quick: account.quick,
  }));
  const turns = new Turns(config.general.maxSyncAccounts);
  const shared = {
    emit,
    askPassword: (question: PasswordQuestion) => ui.askPassword(question),
    ...(names === undefined ? {} : {
      foldersDone: (done: AccountFolders) => names.accountDone(done),
    }),
    lock: async ({ metadata, account }: AccountRun) =>
      config.general.dryRun
        ? NO_LOCK
        : await parts.lock(metadata, account.name),
    control,
  };
  const confinement = await parts.confine?.();
  const { failedAccounts, validityProblem } = confinement === undefined
    ? await scheduleHere()
    : await confinement.schedule(accounts, turns, shared);
  await names?.finish();
  if (validityProblem) {
    emit({
      type: "warning",
      code: "run.validity",
      text: "At least one folder skipped due to UID validity problem",
    });
  }
  emit({
    type: "run.finished",
    failed: failedAccounts + unusable,
    ms: parts.clock.now() - start,
    exitCode: exitCodeOf({ failed: task.failed(), validityProblem }),
  });
  return validityProblem;

  async function scheduleHere() {
    const { runSchedule } = await import("../../account/schedule.ts");
    return await runSchedule(accounts, turns, {
      ...shared,
      step: noStep,
      sync: parts.sync,
      ...(parts.watch === undefined ? {} : { watch: parts.watch }),
      clock: parts.clock,
    });
  }
}

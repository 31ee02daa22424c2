/** `--migrate-fmd5-using-nametrans`, under the lock of each account. */
import { isUsable } from "../../config/config.ts";
import { toMailError } from "../../errors.ts";
import { reportOf } from "../../events.ts";
import type { Task } from "../run.ts";
import { accountRun, ioOf } from "./account_run.ts";
import { emitUnusable } from "./greet.ts";
import { NO_LOCK } from "./no_lock.ts";

/** Gives the files of all accounts their new marks. */
export async function migrate(task: Task): Promise<void> {
  const { args, config, control, emit, parts } = task;
  emitUnusable(config, emit);
  for (const account of config.accounts.filter(isUsable)) {
    if (control.ending) break;
    try {
      const { metadata, dryRun } = config.general;
      await using _held = dryRun
        ? NO_LOCK
        : await parts.lock(metadata, account.name);
      await parts.migrateMarks(accountRun(account, args, config), ioOf(task));
    } catch (cause) {
      const error = toMailError(cause, {
        message: `Cannot migrate the file names of account ${account.name}`,
        code: "migrate.failed",
        scope: "account",
      });
      emit({ type: "error", account: account.name, error: reportOf(error) });
    }
  }
}

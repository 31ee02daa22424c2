/** `--info`: both repositories of each account. */
import { isUsable } from "../../config/config.ts";
import { toMailError } from "../../errors.ts";
import { reportOf } from "../../events.ts";
import { formatInfo } from "../info.ts";
import type { Task } from "../run.ts";
import { accountRun, ioOf } from "./account_run.ts";
import { emitUnusable } from "./greet.ts";

/** Shows them, one account after the other. */
export async function showInfo(task: Task): Promise<void> {
  const { args, config, control, emit, parts } = task;
  emitUnusable(config, emit);
  const io = ioOf(task);
  for (const account of config.accounts.filter(isUsable)) {
    if (control.ending) break;
    try {
      const info = await parts.info(accountRun(account, args, config), io);
      parts.terminal.out.write(`${formatInfo(info)}\n`);
      for (const { error } of [info.remote, info.local]) {
        if (error !== undefined) {
          emit({ type: "error", account: account.name, error });
        }
      }
    } catch (cause) {
      const error = toMailError(cause, {
        message: `Cannot show account ${account.name}`,
        code: "account.info",
        scope: "account",
      });
      emit({ type: "error", account: account.name, error: reportOf(error) });
    }
  }
}

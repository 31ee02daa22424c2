/** The first words of a run. */
import { type Config, isUsable } from "../../config/config.ts";
import { type Emit, reportOf } from "../../events.ts";
import type { Task } from "../run.ts";
import { VERSION } from "../version.ts";

/** Tells what runs, and what is odd about how it was asked to. */
export function greet({ args, config, emit }: Task): void {
  const accounts = config.accounts.map(({ name }) => name);
  emit({
    type: "run.started",
    version: VERSION,
    accounts,
    ...(args.debug.length === 0 ? {} : {
      debug: { topics: [...args.debug], sequential: args.sequential },
    }),
  });
  for (const text of args.warnings) {
    emit({ type: "warning", code: "cli.ignored", text });
  }
  for (const { code, message } of config.warnings) {
    emit({ type: "warning", code, text: message });
  }
}

/** Tells which accounts cannot be used. @returns how many. */
export function emitUnusable(config: Config, emit: Emit): number {
  let count = 0;
  for (const account of config.accounts) {
    if (isUsable(account)) continue;
    count++;
    const error = reportOf(account.error);
    emit({ type: "error", account: account.name, error });
  }
  return count;
}

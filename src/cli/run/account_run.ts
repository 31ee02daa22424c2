/** What the command line says, for the configuration and for accounts. */
import type { AccountIo, AccountRun } from "../../account/api.ts";
import type { AccountConfig, Config } from "../../config/config.ts";
import type { Overrides } from "../../config/overrides.ts";
import { noStep } from "../../effects.ts";
import { closedTo } from "../../sandbox/closed.ts";
import type { Arguments } from "../arguments.ts";
import type { Task } from "../run.ts";
import { VERSION } from "../version.ts";

/** What the core of an account needs to know. */
export function accountRun(
  account: AccountConfig,
  args: Arguments,
  config: Config,
): AccountRun {
  const { general } = config;
  const seconds = general.socketTimeoutSeconds;
  return {
    account,
    metadata: general.metadata,
    pythonFile: general.pythonFile,
    socketTimeoutMs: seconds > 0 ? seconds * 1000 : undefined,
    version: VERSION,
    ignoreKeyring: general.ignoreKeyring,
    updateKeyring: general.updateKeyring,
    closed: closedTo(account, config),
    options: {
      dryRun: general.dryRun,
      quick: args.quick,
      allowDeletes: args.allowDeletes,
      acceptValidity: args.acceptValidity,
      restore: args.restore,
      sequential: general.sequential,
      fsync: general.fsync,
      ignoreReadonly: general.ignoreReadonly,
      debug: args.debug,
    },
  };
}

/** What an account reaches the world by that is not in a schedule. */
export function ioOf({ control, ui, emit }: Task): AccountIo {
  return {
    emit,
    askPassword: (question) => ui.askPassword(question),
    signal: control.signal,
    step: noStep,
  };
}

/** What the command line puts in the place of the configuration's options. */
export function overridesOf(args: Arguments): Overrides {
  const { accounts, folders, ui, logFile } = args;
  return {
    options: args.options,
    once: args.once,
    quick: args.quick,
    sequential: args.sequential,
    dryRun: args.dryRun,
    ignoreKeyring: args.ignoreKeyring,
    updateKeyring: args.updateKeyring,
    // What is to be kept is what the file says.
    ...(accounts === undefined || args.mode === "prune" ? {} : { accounts }),
    ...(folders === undefined ? {} : { folders }),
    ...(ui === undefined ? {} : { ui }),
    ...(logFile === undefined ? {} : { logFile }),
  };
}

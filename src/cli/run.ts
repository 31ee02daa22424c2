/** A run: configuration, user interface, signals, accounts, exit code. */
import type { AccountInfo } from "../account/account_info.ts";
import type { AccountIo, AccountRun, SyncAccount } from "../account/api.ts";
import { RunControl } from "../account/run_control.ts";
import type { LoopParts } from "../account/account_loop.ts";
import type { AccountLock } from "../account/lock.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config/config.ts";
import type { Overrides } from "../config/overrides.ts";
import type { Emit } from "../events.ts";
import type { Confinement } from "../sandbox/confined.ts";
import type { Terminal } from "../ui/terminal.ts";
import { type Ui, UI_CLOCK } from "../ui/ui.ts";
import type { Arguments } from "./arguments.ts";
import type { DeleteFolder } from "./delete_folder.ts";
import { EXIT, type ExitCode, exitCodeOf } from "./exit_code.ts";
import { openOutput } from "./output.ts";
import { overridesOf } from "./run/account_run.ts";
import { confined } from "./run/confine.ts";
import { greet } from "./run/greet.ts";
import { catchStrays, watchErrors } from "./run/stray_errors.ts";
import { listenForSignals, type SignalSource } from "./signals.ts";

/** What a run works by; a test replaces what it needs. */
export interface RunParts {
  readonly terminal: Terminal;
  readonly readConfig: (
    overrides: Overrides,
    file: string | undefined,
  ) => Promise<Config>;
  /** The core of an account. */
  readonly sync: SyncAccount;
  /**
   * Loads what runs accounts in workers with nothing but their own rights, where
   * the configuration does not switch that off. Without it all of them run in
   * this thread, by the other parts.
   */
  readonly confine?: () => Promise<Confinement>;
  /** For `--info`. Rejects when there is nothing to show. */
  readonly info: (run: AccountRun, io: AccountIo) => Promise<AccountInfo>;
  /** See `LoopParts`. */
  readonly watch?: LoopParts["watch"];
  /** For `--delete-folder`. */
  readonly deleteFolder: DeleteFolder;
  /** For `--migrate-fmd5-using-nametrans`. */
  readonly migrateMarks: (run: AccountRun, io: AccountIo) => Promise<void>;
  readonly lock: (metadata: string, account: string) => Promise<AccountLock>;
  readonly clock: Clock;
  /** Ends the process at once. */
  readonly exit: (code: ExitCode) => void;
  /** @default Deno.build.os */
  readonly platform?: string;
  /** @default Deno's own */
  readonly signals?: SignalSource;
}

/** What the modes of a run have in common. */
export interface Task {
  readonly args: Arguments;
  readonly config: Config;
  readonly control: RunControl;
  readonly ui: Ui;
  readonly emit: Emit;
  /** Whether anything failed so far. */
  readonly failed: () => boolean;
  readonly parts: RunParts;
}

/**
 * Does what the command line asks for.
 *
 * @throws {MailError} For what concerns the whole run, such as a configuration
 * that cannot be read; everything else is told by events.
 */
export async function run(
  args: Arguments,
  parts: RunParts,
): Promise<ExitCode> {
  const config = await parts.readConfig(overridesOf(args), args.configFile);
  const control = new RunControl();
  using cleanup = new DisposableStack();
  const ui = cleanup.use(
    await openOutput(args, config, {
      terminal: parts.terminal,
      clock: UI_CLOCK,
      interrupt: () => signals.interrupt(),
      signal: control.signal,
    }),
  );
  const watch = watchErrors(ui.emit);
  const signals = cleanup.use(listenForSignals({
    platform: parts.platform ?? Deno.build.os,
    control,
    warn: (text) => ui.emit({ type: "warning", code: "run.signal", text }),
    exit: () => {
      ui[Symbol.dispose]();
      parts.exit(EXIT.failed);
    },
    ...(parts.signals === undefined ? {} : { source: parts.signals }),
  }));
  cleanup.use(catchStrays(watch.emit));
  const confinement = confined(parts, config.general);
  const validityProblem = await carryOut({
    ...{ args, config, control, ui, ...watch },
    parts: confinement.parts,
  });
  const code = exitCodeOf({ failed: watch.failed(), validityProblem });
  if (confinement.lost()) {
    cleanup.dispose();
    parts.exit(code);
  }
  return code;
}

/** @returns Whether a folder's UIDVALIDITY needs a decision. */
async function carryOut(task: Task): Promise<boolean> {
  const { mode } = task.args;
  if (mode === "info") {
    const { showInfo } = await import("./run/show_info.ts");
    await showInfo(task);
    return false;
  }
  greet(task);
  switch (mode) {
    case "migrate": {
      const { migrate } = await import("./run/migrate.ts");
      await migrate(task);
      return false;
    }
    case "prune": {
      const { pruneNames } = await import("./names.ts");
      await pruneNames(task);
      return false;
    }
    case "delete": {
      const { removeFolder } = await import("./run/remove_folder.ts");
      await removeFolder(task);
      return false;
    }
    default: {
      const { synchronise } = await import("./run/synchronise.ts");
      return await synchronise(task);
    }
  }
}

/** A run: configuration, user interface, signals, accounts, exit code. */
import type { AccountInfo } from "../account/account_info.ts";
import {
  type AccountFolders,
  type AccountIo,
  type AccountRun,
  type SyncAccount,
  VALIDITY_CODE,
} from "../account/api.ts";
import { existsSync } from "node:fs";
import { RunControl } from "../account/run_control.ts";
import type { LoopParts } from "../account/account_loop.ts";
import type { AccountLock } from "../account/lock.ts";
import { runSchedule } from "../account/schedule.ts";
import { Turns } from "../account/turns.ts";
import type { Clock } from "../clock.ts";
import {
  type AccountConfig,
  type Config,
  isImap,
  isUsable,
} from "../config/config.ts";
import { currentHost } from "../config/host.ts";
import type { Overrides } from "../config/overrides.ts";
import { noStep } from "../effects.ts";
import { toMailError } from "../errors.ts";
import { type Emit, reportOf } from "../events.ts";
import type { runConfined } from "../sandbox/confined.ts";
import { closedTo } from "../sandbox/closed.ts";
import { grant, makeFolders } from "../sandbox/grant.ts";
import { accountNeeds } from "../sandbox/needs.ts";
import { accountFolder } from "../state/state_path.ts";
import type { Terminal } from "../ui/terminal.ts";
import { type PasswordQuestion, type Ui, UI_CLOCK } from "../ui/ui.ts";
import type { Arguments } from "./arguments.ts";
import { type DeleteFolder, deleteFolderOf } from "./delete_folder.ts";
import { EXIT, type ExitCode, exitCodeOf } from "./exit_code.ts";
import { formatInfo } from "./info.ts";
import { openNames, pruneNames } from "./names.ts";
import { openOutput } from "./output.ts";
import { listenForSignals, type SignalSource } from "./signals.ts";
import { VERSION } from "./version.ts";

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
   * Runs accounts in workers with nothing but their own rights, where the
   * configuration wants that; all others run in this thread, by `sync` and `watch`.
   */
  readonly confine?: typeof runConfined;
  /** For `--info`. Rejects when there is nothing to show. */
  readonly info: (run: AccountRun, io: AccountIo) => Promise<AccountInfo>;
  /** See `LoopParts`. */
  readonly watch?: LoopParts["watch"];
  /** For `--delete-folder`. */
  readonly deleteFolder: DeleteFolder;
  readonly lock: (metadata: string, account: string) => Promise<AccountLock>;
  readonly clock: Clock;
  /** Ends the process at once. */
  readonly exit: (code: ExitCode) => void;
  /** @default Deno.build.os */
  readonly platform?: string;
  /** @default Deno's own */
  readonly signals?: SignalSource;
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
  const task = { args, config, control, ui, ...watch, parts };
  const validityProblem = await carryOut(task);
  return exitCodeOf({ failed: watch.failed(), validityProblem });
}

const NO_LOCK: AccountLock = {
  verify: () => Promise.resolve(true),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

interface Task {
  readonly args: Arguments;
  readonly config: Config;
  readonly control: RunControl;
  readonly ui: Ui;
  readonly emit: Emit;
  /** Whether anything failed so far. */
  readonly failed: () => boolean;
  readonly parts: RunParts;
}

/** @returns Whether a folder's UIDVALIDITY needs a decision. */
async function carryOut(task: Task): Promise<boolean> {
  switch (task.args.mode) {
    case "info":
      return await showInfo(task);
    case "migrate":
      greet(task);
      await migrate(task);
      return false;
    case "prune":
      greet(task);
      await pruneNames(task);
      return false;
    case "delete":
      greet(task);
      await removeFolder(task);
      return false;
    default:
      return await synchronise(task);
  }
}

async function synchronise(task: Task): Promise<boolean> {
  const { args, config, control, ui, emit, parts } = task;
  const start = parts.clock.now();
  greet(task);
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
    // A dry run writes nothing that another one could read, and leaves no
    // trace: not even the lock.
    lock: async ({ metadata, account }: AccountRun) =>
      config.general.dryRun
        ? NO_LOCK
        : await parts.lock(metadata, account.name),
    control,
  };
  const { failedAccounts, validityProblem } = parts.confine === undefined ||
      !config.general.sandbox || config.general.dryRun
    ? await runSchedule(accounts, turns, {
      ...shared,
      step: noStep,
      sync: parts.sync,
      ...(parts.watch === undefined ? {} : { watch: parts.watch }),
      clock: parts.clock,
    })
    : await parts.confine(accounts, turns, {
      ...shared,
      permissionsOf: ({ run }) => rightsOf(run, config.general),
    });
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
}

/** What the worker of an account may do. Makes the folders that it may not make. */
function rightsOf(
  run: AccountRun,
  general: Config["general"],
): Deno.PermissionOptionsObject {
  const { account, metadata, options } = run;
  if (!options.dryRun) {
    const state = accountFolder(metadata, account.name);
    const isNew = !existsSync(state);
    makeFolders([state]);
    // Later a missing Maildir is a disk that is not there.
    if (isNew && !isImap(account.local)) {
      makeFolders([account.local.localFolders]);
    }
  }
  return grant(accountNeeds(account, general, currentHost()), run.closed);
}

/** The first words: what runs, and what is odd about how it was asked to. */
function greet({ args, config, emit }: Task): void {
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

/** `--migrate-fmd5-using-nametrans`, under the lock of each account. */
async function migrate(task: Task): Promise<void> {
  const { args, config, control, emit, parts } = task;
  const { migrateMarks } = await import("../account/migrate_marks.ts");
  emitUnusable(config, emit);
  for (const account of config.accounts.filter(isUsable)) {
    if (control.ending) break;
    try {
      const { metadata, dryRun } = config.general;
      await using _held = dryRun
        ? NO_LOCK
        : await parts.lock(metadata, account.name);
      await migrateMarks(accountRun(account, args, config), ioOf(task));
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

async function removeFolder(task: Task): Promise<void> {
  const { args, config, parts } = task;
  await deleteFolderOf({
    ...parts,
    config,
    folder: args.deleteFolder ?? "",
    accountRun: (account) => accountRun(account, args, config),
    io: ioOf(task),
  });
}

/** What an account reaches the world by that is not in a schedule. */
function ioOf({ control, ui, emit }: Task): AccountIo {
  return {
    emit,
    askPassword: (question) => ui.askPassword(question),
    signal: control.signal,
    step: noStep,
  };
}

async function showInfo(task: Task): Promise<boolean> {
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
  return false;
}

/** Tells which accounts cannot be used. @returns how many. */
function emitUnusable(config: Config, emit: Emit): number {
  let count = 0;
  for (const account of config.accounts) {
    if (isUsable(account)) continue;
    count++;
    const error = reportOf(account.error);
    emit({ type: "error", account: account.name, error });
  }
  return count;
}

/** What the core of an account needs to know. */
function accountRun(
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

function overridesOf(args: Arguments): Overrides {
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

/** Whoever reports an error, the exit code shall not say that all is well. */
function watchErrors(emit: Emit): { emit: Emit; failed: () => boolean } {
  let failed = false;
  return {
    emit: (event) => {
      failed ||= event.type === "error" && event.error.code !== VALIDITY_CODE;
      emit(event);
    },
    failed: () => failed,
  };
}

/**
 * A promise that fails with nobody waiting for it, or a callback that throws, as
 * a library may have them, is an error of the run and not its end: other
 * accounts are at work.
 */
function catchStrays(emit: Emit): Disposable {
  const report = (event: Event, cause: unknown) => {
    event.preventDefault();
    const error = toMailError(cause, {
      message: "Something failed behind the scenes",
      code: "run.stray",
      scope: "run",
    });
    emit({ type: "error", error: reportOf(error) });
  };
  const onRejection = (event: PromiseRejectionEvent) =>
    report(event, event.reason);
  const onError = (event: ErrorEvent) => report(event, event.error);
  globalThis.addEventListener("unhandledrejection", onRejection);
  globalThis.addEventListener("error", onError);
  return {
    [Symbol.dispose]: () => {
      globalThis.removeEventListener("unhandledrejection", onRejection);
      globalThis.removeEventListener("error", onError);
    },
  };
}

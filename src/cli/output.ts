/** Where a run is told: the user interface that was chosen, and a log file. */
import { type Config, isUsable } from "../config/config.ts";
import { MailError, messageOf } from "../errors.ts";
import type { Emit } from "../events.ts";
import { openLogFile } from "../ui/log_file.ts";
import { findUi, lowestLevel } from "../ui/registry.ts";
import type { RepositoryNames, Ui, UiOptions } from "../ui/ui.ts";
import type { Arguments } from "./arguments.ts";
import { formatEnvironment, VERSION } from "./version.ts";

/** What does not depend on the configuration. */
export type OutputParts = Pick<
  UiOptions,
  "terminal" | "clock" | "interrupt" | "signal"
>;

/**
 * Opens the user interface, and the logs of `-l` and `-s`.
 *
 * `--info` is asked by a person at a terminal: as in OfflineIMAP it uses the
 * default interface.
 *
 * @throws {MailError} `log.open`, `log.syslog`
 */
export async function openOutput(
  args: Arguments,
  { general, accounts }: Config,
  parts: OutputParts,
): Promise<Ui> {
  const entry = findUi(args.mode === "info" ? "ttyui" : general.ui);
  const names = new Map(
    accounts.filter(isUsable).map(({ name, remote, local }) => [
      name,
      { remote: remote.name, local: local.name },
    ]),
  );
  const debug = args.debug.length > 0;
  const common = {
    environment: formatEnvironment(),
    repositoriesOf: (account: string): RepositoryNames | undefined =>
      names.get(account),
  };
  using cleanup = new DisposableStack();
  const create = await entry.load();
  const { sequential } = general;
  const ui = cleanup.use(create({ ...parts, ...common, debug, sequential }));
  const { logFile } = general;
  const lowest = lowestLevel(entry, debug);
  const logs: Emit[] = [];
  if (logFile !== undefined) {
    const start = {
      version: VERSION,
      environment: formatEnvironment(),
      args: shownArguments(args),
    };
    const options = { ...common, lowest, start };
    logs.push(cleanup.use(openLog(logFile, options)).emit);
  }
  if (args.syslog && entry.name !== "syslog") {
    const { openSyslog } = await import("../ui/syslog.ts");
    const complain = (text: string) =>
      ui.emit({ type: "warning", code: "log.syslog", text });
    logs.push(
      cleanup.use(openSyslog({ ...common, lowest, complain })).emit,
    );
  }
  const all = cleanup.move();
  return {
    emit: (event) => {
      ui.emit(event);
      for (const log of logs) log(event);
    },
    askPassword: (question) => ui.askPassword(question),
    [Symbol.dispose]: () => all.dispose(),
  };
}

function openLog(...[path, options]: Parameters<typeof openLogFile>) {
  try {
    return openLogFile(path, options);
  } catch (cause) {
    throw new MailError(
      `Cannot open the log file ${path}: ${messageOf(cause)}`,
      {
        code: "log.open",
        scope: "run",
        retry: "never",
        hint: "Name a file with -l that you may write to",
        cause,
      },
    );
  }
}

/** The arguments for the log. A value of `-k` may be a password: left out. */
function shownArguments(args: Arguments): string[] {
  const shown: string[] = [];
  for (const [name, value] of Object.entries(args)) {
    if (name === "warnings" || value === undefined || value === false) continue;
    if (name === "options") {
      const options: readonly string[] = args.options;
      shown.push(...options.map((text) => `-k ${text.split("=", 1)}=…`));
    } else if (!Array.isArray(value)) {
      shown.push(value === true ? name : `${name}=${value}`);
    } else if (value.length > 0) shown.push(`${name}=${value.join(",")}`);
  }
  return shown;
}

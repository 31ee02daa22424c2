/** `offlineimap service`: the system runs it. */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Config, isImap, isUsable } from "../../config/config.ts";
import { currentHost, type Host, pathOf } from "../../config/host.ts";
import { readConfig } from "../../config/load.ts";
import { MailError, messageOf } from "../../errors.ts";
import { PERMISSIONS } from "../../permissions.ts";
import {
  describeInstall,
  install,
  showLogs,
  showStatus,
  uninstall,
} from "../../service/control.ts";
import { logFileOf, managerOf } from "../../service/manager_of.ts";
import type { ServiceSpec } from "../../service/service.ts";
import { realSystem } from "../../service/system.ts";
import type { Terminal } from "../../ui/terminal.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import { UsageError } from "../usage_error.ts";

const HELP = `Usage: offlineimap service ACTION [FLAGS]

Lets the system run offlineimap for you, from your next login on and now: as a
unit of systemd on Linux, an agent of launchd on macOS, a task of the Task
Scheduler on Windows.

Actions:
  install              install it and start it; again to change it
  status               show whether it runs and how the last run ended
  logs                 show what it said lately
  uninstall            stop it and remove it; no mail is touched

Flags of install:
  -c FILE              the configuration file
  -a ACCOUNT,...       only these accounts
  --every MINUTES      start a run so often; without it every 5 minutes, or one
                       run that goes on for ever if autorefresh is set
  --writable FOLDER    a folder that a hook writes to, such as a mail index;
                       may be given more than once (Linux: all others but those
                       of the mail cannot be written to)
  --dry-run            show what would be written and run, and do nothing
`;

const EVERY_MINUTES = 5;

/** A day. */
const MOST_MINUTES = 24 * 60;

/** Does what follows `offlineimap service`. */
export async function runService(
  words: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const { values, positionals } = parse(words);
  const say = (text: string) => terminal.out.write(`${text}\n`);
  if (values.help) {
    terminal.out.write(HELP);
    return EXIT.ok;
  }
  const [action, ...others] = positionals;
  if (others.length > 0) throw new UsageError(`What is "${others[0]}"?`);
  const host = currentHost();
  const place = placeOf(host);
  const manager = managerOf(place);
  const logFile = logFileOf(place);
  const system = realSystem(say);
  switch (action) {
    case "install": {
      const config = await readConfig(
        values.accounts === undefined ? {} : { accounts: values.accounts },
        values.config,
      );
      const spec = specOf(config, {
        ...values,
        logFile,
        host,
        program: programOf(Deno.build.standalone),
      });
      if (values["dry-run"]) describeInstall(spec, manager, say);
      else await install(spec, manager, system);
      return EXIT.ok;
    }
    case "uninstall":
      await uninstall(manager, system);
      return EXIT.ok;
    case "status":
      return await showStatus(manager, system) === 0 ? EXIT.ok : EXIT.failed;
    case "logs":
      return await showLogs({ logFile }, manager, system) === 0
        ? EXIT.ok
        : EXIT.failed;
    default:
      throw new UsageError(
        "service needs one of install, status, logs, uninstall",
      );
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        config: { type: "string", short: "c" },
        accounts: { type: "string", short: "a" },
        every: { type: "string" },
        writable: { type: "string", multiple: true, default: [] },
        "dry-run": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** What {@link specOf} needs besides the configuration. */
export interface SpecOptions {
  readonly host: Pick<Host, "platform" | "cwd" | "env">;
  /** The program itself and what must stand before its arguments. */
  readonly program: readonly string[];
  readonly logFile: string;
  readonly accounts?: string | undefined;
  readonly every?: string | undefined;
  readonly writable: readonly string[];
}

/**
 * What the system shall run for a configuration.
 * @throws {UsageError} For an interval that is none.
 * @throws {MailError} `service.accounts`: no account of it can be used.
 */
export function specOf(config: Config, options: SpecOptions): ServiceSpec {
  const { host, program, logFile, accounts } = options;
  const { resolve, dirname } = pathOf(host);
  const usable = config.accounts.filter(isUsable);
  if (usable.length === 0) {
    throw new MailError("There is no account that could be synchronised", {
      code: "service.accounts",
      scope: "run",
      hint: `Correct ${config.file} first; "offlineimap --info" checks it`,
    });
  }
  const repeats = usable.some(({ autorefreshMinutes }) =>
    autorefreshMinutes > 0
  );
  const everyMinutes = options.every === undefined
    ? repeats ? undefined : EVERY_MINUTES
    : minutesOf(options.every);
  // journald keeps the words of a run in bounds; a plain file would grow.
  const ui = host.platform === "linux" ? "basic" : "quiet";
  return {
    command: [
      ...program,
      ...["-c", config.file, "-u", ui],
      ...everyMinutes === undefined ? [] : ["-o"],
      ...accounts === undefined ? [] : ["-a", accounts],
    ],
    everyMinutes,
    writable: [
      ...new Set([
        config.general.metadata,
        ...usable.flatMap(({ local }) =>
          isImap(local) ? [] : local.localFolders
        ),
        ...mbnamesFolder(config.mbnames, dirname),
        ...options.writable.map((path) => resolve(host.cwd, path)),
      ]),
    ],
    searchPath: host.env("PATH") ?? "",
    logFile,
  };
}

function mbnamesFolder(
  mbnames: Config["mbnames"],
  dirname: (path: string) => string,
): string[] {
  if (mbnames === undefined || "error" in mbnames) return [];
  return mbnames.filename === undefined ? [] : [dirname(mbnames.filename)];
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= MOST_MINUTES) {
    return minutes;
  }
  throw new UsageError(
    `--every ${text}: wanted is a number of minutes from 1 to ${MOST_MINUTES}`,
  );
}

/** How this program is started. @param standalone Whether it is compiled. */
function programOf(standalone: boolean): readonly string[] {
  return standalone ? [Deno.execPath()] : [
    ...[Deno.execPath(), "run", ...PERMISSIONS],
    fileURLToPath(new URL("../../main.ts", import.meta.url)),
  ];
}

function placeOf(host: Host) {
  if (host.home === undefined) {
    throw new MailError("Nothing tells where your home folder is", {
      code: "service.home",
      scope: "run",
    });
  }
  return {
    platform: host.platform,
    home: host.home,
    uid: host.platform === "windows" ? undefined : Deno.uid() ?? undefined,
    configHome: host.env("XDG_CONFIG_HOME") || undefined,
    localData: host.env("LOCALAPPDATA") || undefined,
  };
}

/** Installing a service, looking at it, removing it. */
import { dirname } from "node:path";
import { MailError } from "../errors.ts";
import type { ServiceManager, ServiceSpec, SystemCommand } from "./service.ts";

/** What is done to the system; a test replaces it. */
export interface ServiceSystem {
  /** Runs a program that shows itself to the user. @returns its exit code. */
  run(argv: readonly string[], quiet: boolean): Promise<number>;
  /** Writes a file for the user alone, making the folders above it. */
  write(path: string, bytes: Uint8Array): void;
  /** @returns False when there is no such file. */
  remove(path: string): boolean;
  /** Makes a folder for the user alone, if it is not there. */
  makeFolder(path: string): void;
  /** The last bytes of a file. @throws What the system says. */
  tail(path: string): string;
  say(text: string): void;
}

/** Lines of a log file that are shown. */
const LOG_LINES = 100;

/**
 * Installs and starts a service in place of any that was there.
 * @throws {MailError} `service.command`: a program of the system failed;
 * `service.absent`: it runs nothing by itself, and nothing was changed.
 */
export async function install(
  spec: ServiceSpec,
  manager: ServiceManager,
  system: ServiceSystem,
): Promise<void> {
  await refuseUnready(manager, system);
  // What the service may write to must be there when it starts.
  for (const folder of [...spec.writable, dirname(spec.logFile)]) {
    system.makeFolder(folder);
  }
  await runAll(manager.stop(), system);
  const files = manager.files(spec);
  for (const path of manager.paths()) {
    if (!files.some((file) => file.path === path)) system.remove(path);
  }
  for (const { path, bytes } of files) {
    system.write(path, bytes);
    system.say(`Wrote ${path}`);
  }
  await runAll(manager.start(spec), system);
  system.say(`Started: ${manager.title(spec)}, ${when(spec)}`);
  for (const remark of manager.remarks()) system.say(remark);
}

/** Shows what {@link install} would do. */
export function describeInstall(
  spec: ServiceSpec,
  manager: ServiceManager,
  say: (text: string) => void,
): void {
  for (const { path, bytes } of manager.files(spec)) {
    const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    const text = new TextDecoder(utf16 ? "utf-16le" : "utf-8").decode(bytes);
    say(`Would write ${path}:\n\n${text}`);
  }
  for (const { argv } of [...manager.stop(), ...manager.start(spec)]) {
    say(`Would run ${argv.join(" ")}`);
  }
}

/** Stops and removes whatever was installed. */
export async function uninstall(
  manager: ServiceManager,
  system: ServiceSystem,
): Promise<void> {
  await runAll(manager.stop(), system);
  const removed = manager.paths().filter((path) => system.remove(path));
  await runAll(manager.forget(), system);
  for (const path of removed) system.say(`Removed ${path}`);
  if (removed.length === 0) system.say("No service was installed");
}

/**
 * Shows how the service is. @returns The exit code of what tells it.
 * @throws {MailError} `service.absent`
 */
export async function showStatus(
  manager: ServiceManager,
  system: ServiceSystem,
): Promise<number> {
  await refuseUnready(manager, system);
  let worst = 0;
  for (const { argv } of manager.status()) {
    worst = Math.max(worst, await system.run(argv, false));
  }
  return worst;
}

/**
 * Shows what the service said lately.
 * @throws {MailError} `service.log`: the log cannot be read.
 */
export async function showLogs(
  spec: Pick<ServiceSpec, "logFile">,
  manager: ServiceManager,
  system: ServiceSystem,
): Promise<number> {
  const source = manager.logs(spec);
  if ("command" in source) return await system.run(source.command.argv, false);
  let text: string;
  try {
    text = system.tail(source.file);
  } catch (cause) {
    throw new MailError(`Cannot read the log "${source.file}"`, {
      code: "service.log",
      scope: "run",
      hint: "It is made by the first run that has something to say",
      cause,
    });
  }
  const lines = text.split("\n").slice(-LOG_LINES - 1);
  system.say(lines.join("\n").trimEnd());
  return 0;
}

async function runAll(
  commands: readonly SystemCommand[],
  system: ServiceSystem,
): Promise<void> {
  for (const { argv, mayFail } of commands) {
    const code = await system.run(argv, mayFail === true);
    if (code === 0 || mayFail) continue;
    throw new MailError(`"${argv.join(" ")}" failed (exit code ${code})`, {
      code: "service.command",
      scope: "run",
      hint: 'What it said stands above; "--dry-run" shows what is done',
    });
  }
}

/** Where the system does not run things for its users, such as in a container. */
async function refuseUnready(
  manager: ServiceManager,
  system: ServiceSystem,
): Promise<void> {
  const { argv } = manager.ready();
  if (await system.run(argv, true) === 0) return;
  throw new MailError(
    `${argv[0]} does not work here: this system runs nothing by itself for you`,
    {
      code: "service.absent",
      scope: "run",
      hint: 'Log in to it directly, not by "su" or "sudo"; or let cron start ' +
        '"offlineimap -o -u quiet"',
    },
  );
}

function when({ everyMinutes }: ServiceSpec): string {
  return everyMinutes === undefined
    ? "for ever, at the pace of autorefresh"
    : `every ${everyMinutes} minutes`;
}

/**
 * `syslog`, and `-s` beside another interface: what `basic` tells, in the
 * system's log. Asks nothing.
 */
import type { Emit } from "../events.ts";
import type { Level, Line } from "./line.ts";
import { Narrator, type NarratorOptions } from "./narrate.ts";
import { type StartLogger, startLogger } from "./syslog_logger.ts";
import type { CreateUi } from "./ui.ts";

/** What a log is made from. */
export interface SyslogOptions extends NarratorOptions {
  /** Told in words, once, when the system's log takes nothing. */
  readonly complain: (text: string) => void;
  /** @default {@link startLogger} */
  readonly start?: StartLogger;
}

/** The system's log. Disposing of it hands over what is left, without waiting. */
export interface Syslog extends Disposable {
  readonly emit: Emit;
}

/** The severities of syslog (RFC 5424 §6.2.1) as Python's SysLogHandler has them. */
const SEVERITIES = {
  debug: "debug",
  info: "info",
  warning: "warning",
  error: "err",
} as const satisfies Record<Level, string>;

/**
 * Opens the system's log.
 * @throws {MailError} `log.syslog` when there is none.
 */
export function openSyslog(options: SyslogOptions): Syslog {
  const narrator = new Narrator({ ...options, repeatErrors: true });
  const { complain, start = startLogger } = options;
  const logger = start(complain);
  return {
    emit: (event) => {
      for (const line of narrator.narrate(event)) {
        logger.write(SEVERITIES[line.level], textOf(line));
      }
    },
    [Symbol.dispose]: () => logger[Symbol.dispose](),
  };
}

/** As OfflineIMAP: errors are marked, warnings have their severity. */
function textOf({ level, text }: Line): string {
  return level === "error" ? `ERROR: ${text}` : text;
}

/** Makes the user interface `syslog`. */
export const createSyslogUi: CreateUi = (options) => {
  const log = openSyslog({
    ...options,
    lowest: options.debug ? "debug" : "info",
    refreshLevel: "debug",
    complain: (text) => options.terminal.err.write(`${text}\n`),
  });
  return {
    emit: log.emit,
    askPassword: () => Promise.resolve(undefined),
    [Symbol.dispose]: () => log[Symbol.dispose](),
  };
};

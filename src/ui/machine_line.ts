/** The lines of `machineui`, version 7.2.0 of OfflineIMAP's protocol. */
import type { Level } from "./line.ts";

/** The version of the protocol, as its first line tells. */
export const MACHINE_PROTOCOL = "7.2.0";

const SEVERITIES: Readonly<Record<Level, string>> = {
  debug: "debug",
  info: "msg",
  warning: "warn",
  error: "error",
};

/** One event of the protocol. */
export interface MachineLine {
  readonly level: Level;
  /** Empty for free text. */
  readonly command: string;
  readonly thread: string;
  /** Fields are separated by `\n`, the items of lists by `\f`. */
  readonly payload: string;
}

/** `SEVERITY:COMMAND:THREAD:PAYLOAD` and a line end. */
export function formatMachineLine(
  { level, command, thread, payload }: MachineLine,
): string {
  const severity = SEVERITIES[level];
  return `${severity}:${command}:${quotePlus(thread)}:${quotePlus(payload)}\n`;
}

/** Python's `urllib.parse.quote_plus`: form encoding of the UTF-8 bytes. */
export function quotePlus(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll(/[!'()*]/g, percent)
    .replaceAll("%20", "+");
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

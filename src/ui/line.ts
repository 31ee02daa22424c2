/** What a textual user interface says: lines with a level and a context. */

/** How much a line matters; the order is that of {@link LEVELS}. */
export type Level = "debug" | "info" | "warning" | "error";

const LEVELS: readonly Level[] = ["debug", "info", "warning", "error"];

/** One message. Its text is harmless and may hold line ends. */
export interface Line {
  readonly level: Level;
  readonly text: string;
  /** What was being done: `Folder INBOX [acc: Work]`. Undefined: the whole run. */
  readonly context?: string;
}

/** Whether `level` is at least `lowest`. */
export function isAtLeast(level: Level, lowest: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(lowest);
}

/** The text with what marks it on a screen: `ERROR: …`, `WARNING: …`. */
export function labelled({ level, text }: Line): string {
  if (level === "error") return `ERROR: ${text}`;
  return level === "warning" ? `WARNING: ${text}` : text;
}

/** The text in its colour, if it has one: red for errors, yellow for warnings. */
export function coloured(text: string, level: Level): string {
  if (level === "error") return `\x1b[31m${text}\x1b[39m`;
  return level === "warning" ? `\x1b[33m${text}\x1b[39m` : text;
}

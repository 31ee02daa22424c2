/** Reading the small text files of OfflineIMAP's metadata. */
import { messageOf } from "../../errors.ts";
import type { Warn } from "./legacy_row.ts";

/** The text of a file; undefined if there is none, or none that can be read. */
export function readText(
  path: string | undefined,
  warn: Warn,
): string | undefined {
  if (path === undefined) return undefined;
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      warn(`"${path}" is not used: ${messageOf(error)}`);
    }
    return undefined;
  }
}

/** The lines of a text without their ends; no last empty one. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Warns of lines that could not be read, if there were any. */
export function warnOfLines(path: string, count: number, warn: Warn): void {
  if (count === 0) return;
  warn(
    `"${path}": ${count} damaged ${count === 1 ? "line" : "lines"} left out`,
  );
}

/** OfflineIMAP's status before it used SQLite, format 1 and 2. */
import type { FlagLetters } from "./legacy_flags.ts";
import type { LegacyRow, Warn } from "./legacy_row.ts";
import { linesOf, warnOfLines } from "./text_file.ts";

const FIRST_LINE =
  /^OFFLINEIMAP LocalStatus CACHE DATA - DO NOT MODIFY - FORMAT (\d+)$/;

/** `UID:FLAGS`, and `UID|FLAGS|MTIME|LABELS`. */
const LINES: ReadonlyMap<string, RegExp> = new Map([
  ["1", /^(-?\d+):([^:]*)$/],
  ["2", /^(-?\d+)\|([^|]*)\|-?\d+\|([^|]*)$/],
]);

/**
 * The rows of a text status, ascending; of two for one UID the latter counts, as
 * in OfflineIMAP. Damaged lines are left out, which at worst brings a message
 * back; undefined when nothing can be read. Both are told to `warn`.
 *
 * @param path Only for the warnings.
 */
export function parseTextStatus(
  text: string,
  letters: FlagLetters,
  path: string,
  warn: Warn,
): LegacyRow[] | undefined {
  const [first = "", ...rest] = linesOf(text);
  // Old versions could leave an empty file behind.
  if (first.trim() === "" && rest.length === 0) return [];
  const form = LINES.get(FIRST_LINE.exec(first.trim())?.[1] ?? "");
  if (form === undefined) {
    warn(`OfflineIMAP's status "${path}" is not used: unknown format`);
    return undefined;
  }
  const rows = new Map<number, LegacyRow>();
  let damaged = 0;
  for (const line of rest) {
    const [, digits, flags, labels] = form.exec(line.trim()) ?? [];
    const uid = Number(digits);
    if (digits === undefined || flags === undefined) damaged++;
    else if (uid > 0) {
      rows.set(uid, { uid, flags: letters.read(flags, labels) });
    }
  }
  warnOfLines(path, damaged, warn);
  return [...rows.values()].sort((a, b) => a.uid - b.uid);
}

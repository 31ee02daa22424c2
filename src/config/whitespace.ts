/**
 * White space as Python's `str.isspace()` has it.
 *
 * JavaScript's `trim()` and `\s` differ: they lack U+001C to U+001F and U+0085
 * and include U+FEFF, so a value could come out otherwise than in OfflineIMAP.
 */
const SPACE = "\\t\\n\\v\\f\\r\\x1c-\\x1f \\x85\\xa0\\u1680\\u2000-\\u200a" +
  "\\u2028\\u2029\\u202f\\u205f\\u3000";
const LEADING = new RegExp(`^[${SPACE}]+`);
const TRAILING = new RegExp(`[${SPACE}]$`);
const NOT_SPACE = new RegExp(`[^${SPACE}]`);

/** Python's `text.rstrip()`. */
export function trimEnd(text: string): string {
  // From the end, letter by letter: a pattern that starts with a repeat would
  // take quadratic time on a long run of blanks inside of the text.
  let end = text.length;
  while (end > 0 && TRAILING.test(text[end - 1] ?? "")) end--;
  return text.slice(0, end);
}

/** Python's `text.strip()`. */
export function trim(text: string): string {
  return trimEnd(text.replace(LEADING, ""));
}

/** How many white-space characters a line begins with; 0 for a blank line. */
export function indentOf(line: string): number {
  return Math.max(0, line.search(NOT_SPACE));
}

/** Strings as Python counts them: by code point, not by UTF-16 unit. */

/** Matches when some character takes two UTF-16 units. */
const SURROGATE = /[\ud800-\udfff]/;

/** True when code points and UTF-16 units of `text` are the same in number. */
export function isBasic(text: string): boolean {
  return !SURROGATE.test(text);
}

/** `len(text)`. */
export function lengthOf(text: string): number {
  if (isBasic(text)) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The characters of `text`, each a string of one code point. */
export function charactersOf(text: string): string[] {
  return isBasic(text) ? text.split("") : [...text];
}

/** Characters `start` to `end` (excluded) of `text`; bounds are within it. */
export function substring(text: string, start: number, end: number): string {
  if (isBasic(text)) return text.slice(start, end);
  return [...text].slice(start, end).join("");
}

/** The code point index of UTF-16 index `unit`. */
export function pointIndex(text: string, unit: number): number {
  return lengthOf(text.slice(0, unit));
}

/** The code point of a string of one character. */
export function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

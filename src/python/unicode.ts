/** What characters are and which case they have, by Python's definitions. */
import { charactersOf, codeOf } from "./code_points.ts";

const ALPHA = /^\p{L}$/u;
const ALNUM = /^[\p{L}\p{N}]$/u;
const DECIMAL = /^\p{Nd}$/u;
/** What Unicode gives a numeric type of Digit beyond the decimal digits. */
const DIGIT =
  /^[\p{Nd}\xb2\xb3\xb9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]$/u;
/** Not `\s` of JavaScript, which lacks U+001C to U+001F and U+0085 and has U+FEFF. */
const SPACE =
  /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;
const CASED = /^\p{Cased}$/u;
const LOWER = /^\p{Lowercase}$/u;
const UPPER = /^\p{Uppercase}$/u;
const TITLE = /^\p{Lt}$/u;

/** `character.isalpha()` of one character. */
export const isAlpha = (character: string) => ALPHA.test(character);
/** `character.isalnum()` of one character. */
export const isAlnum = (character: string) => ALNUM.test(character);
/** `character.isdecimal()` of one character. */
export const isDecimal = (character: string) => DECIMAL.test(character);
/** `character.isdigit()` of one character. */
export const isDigit = (character: string) => DIGIT.test(character);
/** `character.isnumeric()`, less the few ideographs that are numbers. */
export const isNumeric = (character: string) => /^\p{N}$/u.test(character);
/** `character.isspace()` of one character. */
export const isSpace = (character: string) => SPACE.test(character);
/** True for a lower-case character. */
export const isLower = (character: string) => LOWER.test(character);
/** True for an upper-case character, not for a title-case one. */
export const isUpper = (character: string) => UPPER.test(character);
/** True for the few title-case characters, such as U+01C5. */
export const isTitle = (character: string) => TITLE.test(character);

/** `text.strip()`, or only one end of it. */
export function stripSpace(
  text: string,
  ends: "left" | "right" | "both",
): string {
  let start = 0;
  let end = text.length;
  // No blank is outside of the basic plane, so units are enough.
  if (ends !== "right") { while (isSpace(text.charAt(start))) start += 1; }
  if (ends !== "left") {
    while (end > start && isSpace(text.charAt(end - 1))) end -= 1;
  }
  return text.slice(start, end);
}

/** Title case where it is not the upper case of the first character alone. */
function titleCharacter(character: string): string {
  const code = codeOf(character);
  const digraphs = [0x1c5, 0x1c8, 0x1cb, 0x1f2];
  const digraph = digraphs.find((middle) => Math.abs(code - middle) <= 1);
  if (digraph !== undefined) return String.fromCodePoint(digraph);
  // Georgian has upper case but no title case.
  if (code >= 0x10d0 && code <= 0x10ff) return character;
  // Greek with iota subscript: one precomposed capital, at eight above.
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8);
  if ([0x1fb3, 0x1fc3, 0x1ff3].includes(code)) {
    return String.fromCodePoint(code + 9);
  }
  if ([0x1fbc, 0x1fcc, 0x1ffc].includes(code)) return character;
  const upper = character.toUpperCase();
  if (upper.length === character.length || code === 0x149) return upper;
  const [first = "", ...rest] = charactersOf(upper);
  const tail = rest.join("");
  if (code > 0x1fb0 && code < 0x1fff && tail.endsWith("\u0399")) {
    return first + tail.slice(0, -1) + "\u0345";
  }
  return first + tail.toLowerCase();
}

/** Lower case of `characters[index]`, a final sigma seen to. */
function lowerAt(characters: readonly string[], index: number): string {
  const character = characters[index] ?? "";
  if (character !== "\u03a3") return character.toLowerCase();
  const isWord = (place: number, step: number): boolean => {
    let at = place + step;
    while (/^\p{Case_Ignorable}$/u.test(characters[at] ?? "")) at += step;
    return CASED.test(characters[at] ?? "");
  };
  return isWord(index, -1) && !isWord(index, 1) ? "\u03c2" : "\u03c3";
}

/** `text.title()`. */
export function titleCase(text: string): string {
  const characters = charactersOf(text);
  let inWord = false;
  return characters.map((character, index) => {
    const cased = inWord
      ? lowerAt(characters, index)
      : titleCharacter(character);
    inWord = CASED.test(character);
    return cased;
  }).join("");
}

/** `text.capitalize()`. */
export function capitalize(text: string): string {
  const characters = charactersOf(text);
  return characters.map((character, index) =>
    index === 0 ? titleCharacter(character) : lowerAt(characters, index)
  ).join("");
}

/** `text.swapcase()`. */
export function swapCase(text: string): string {
  const characters = charactersOf(text);
  return characters.map((character, index) => {
    if (isUpper(character)) return lowerAt(characters, index);
    return isLower(character) ? character.toUpperCase() : character;
  }).join("");
}

/** `text.casefold()`. */
export function caseFold(text: string): string {
  return charactersOf(text).map((character) => {
    const code = codeOf(character);
    // Cherokee folds to upper case, the dotless i only to itself.
    if (code >= 0x13a0 && code <= 0x13f5 || code === 0x131) return character;
    if (code >= 0x13f8 && code <= 0x13fd) return String.fromCodePoint(code - 8);
    if (code >= 0xab70 && code <= 0xabbf) {
      return String.fromCodePoint(code - 0xab70 + 0x13a0);
    }
    if (code === 0x1e9e) return "ss";
    return character.toUpperCase().toLowerCase();
  }).join("");
}

/** `text.istitle()`. */
export function isTitleCase(text: string): boolean {
  let seen = false;
  let previousCased = false;
  for (const character of text) {
    const high = isUpper(character) || isTitle(character);
    if (high && previousCased) return false;
    if (!high && isLower(character) && !previousCased) return false;
    previousCased = high || isLower(character);
    seen ||= previousCased;
  }
  return seen;
}

/** `text.splitlines(keepends)`. */
export function splitLines(text: string, keepEnds: boolean): string[] {
  const lines: string[] = [];
  // These are what Python splits at.
  const end = /\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/g;
  let start = 0;
  for (const match of text.matchAll(end)) {
    const stop = match.index + (keepEnds ? match[0].length : 0);
    lines.push(text.slice(start, stop));
    start = match.index + match[0].length;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

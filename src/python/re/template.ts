/** The replacement text of `re.sub`: `\1`, `\g<name>`. */
import { Raised } from "../raised.ts";
import type { Match } from "./match_object.ts";
import type { Pattern } from "./pattern.ts";
import { readCharacterEscape, Reader } from "./reader.ts";

/** A replacement: literal texts and numbers of groups. */
export type Template = readonly (string | number)[];

/** Parses a replacement for `pattern`. @throws `re.error` as Python. */
export function parseTemplate(text: string, pattern: Pattern): Template {
  const reader = new Reader(text);
  const parts: (string | number)[] = [];
  for (;;) {
    const literal = reader.takeWhile(/^[^\\]$/u);
    if (literal !== "") parts.push(literal);
    if (reader.next() === "") return parts;
    parts.push(readEscape(reader, pattern));
  }
}

function readEscape(reader: Reader, pattern: Pattern): string | number {
  const start = reader.position - 1;
  const letter = reader.next();
  if (letter === "") throw reader.fail("bad escape (end of pattern)", start);
  if (letter === "g") return readGroupName(reader, pattern, start);
  if (/[0-9]/.test(letter)) return readNumber(reader, pattern, letter, start);
  // In a replacement \x, \u and \U are unknown escapes.
  const code = /[xuU]/.test(letter)
    ? undefined
    : readCharacterEscape(reader, letter);
  if (code !== undefined) return String.fromCodePoint(code);
  if (/[a-zA-Z]/.test(letter)) {
    throw reader.fail(`bad escape \\${letter}`, start);
  }
  return `\\${letter}`;
}

/** `\g<1>` or `\g<name>`. */
function readGroupName(
  reader: Reader,
  pattern: Pattern,
  start: number,
): number {
  if (!reader.take("<")) throw reader.fail("missing <");
  const name = reader.takeUntil(">", "group name");
  if (/^[0-9]+$/.test(name)) {
    return existing(reader, pattern, Number(name), start);
  }
  const group = pattern.names.get(name);
  if (group !== undefined) return group;
  if (!/^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(name)) {
    throw reader.fail(`bad character in group name '${name}'`, start + 3);
  }
  throw new Raised("IndexError", `unknown group name '${name}'`);
}

/** `\1`, `\12`, or the octal `\0`, `\101`. */
function readNumber(
  reader: Reader,
  pattern: Pattern,
  first: string,
  start: number,
): string | number {
  if (first === "0") {
    const octal = first + reader.takeWhile(/^[0-7]$/, 2);
    return String.fromCharCode(parseInt(octal, 8));
  }
  let digits = first + reader.takeWhile(/^[0-9]$/, 1);
  if (/^[0-7]{2}$/.test(digits) && /[0-7]/.test(reader.peek())) {
    digits += reader.next();
    const code = parseInt(digits, 8);
    if (code > 0o377) {
      throw reader.fail(
        `octal escape value \\${digits} outside of range 0-0o377`,
        start,
      );
    }
    return String.fromCharCode(code);
  }
  return existing(reader, pattern, Number(digits), start);
}

function existing(
  reader: Reader,
  pattern: Pattern,
  group: number,
  start: number,
): number {
  if (group <= pattern.groups) return group;
  throw reader.fail(`invalid group reference ${group}`, start + 1);
}

/** The replacement for one match; groups that took no part are empty. */
export function expandTemplate(template: Template, match: Match): string {
  return template.map((part) =>
    typeof part === "string" ? part : match.group(part) ?? ""
  ).join("");
}

/** Parses a class in brackets: `[^a-z\d]`. */
import { codeOf } from "../code_points.ts";
import { Unsupported } from "../raised.ts";
import { categoryOf, type ClassItem, classTest } from "./characters.ts";
import type { Flags } from "./flags.ts";
import type { CharacterTest } from "./nodes.ts";
import { readCharacterEscape, type Reader } from "./reader.ts";

/** One class item: a character's code or a category. */
type Part = number | CharacterTest;

/** Parses what follows `[`, up to and with `]`. */
export function parseClass(reader: Reader, flags: Flags): CharacterTest {
  const start = reader.position - 1;
  const negated = reader.take("^");
  const items: ClassItem[] = [];
  for (let first = true;; first = false) {
    if (reader.peek() === "") {
      throw reader.fail("unterminated character set", start);
    }
    // A bracket that comes first is one of the characters.
    if (!first && reader.take("]")) break;
    const partStart = reader.position;
    const low = readPart(reader, flags);
    if (!reader.take("-")) {
      items.push(itemOf(low));
      continue;
    }
    if (reader.peek() === "") {
      throw reader.fail("unterminated character set", start);
    }
    if (reader.take("]")) {
      items.push(itemOf(low), itemOf(codeOf("-")));
      break;
    }
    const high = readPart(reader, flags);
    if (typeof low !== "number" || typeof high !== "number" || high < low) {
      throw reader.fail("bad character range", partStart);
    }
    items.push({ kind: "range", from: low, to: high });
  }
  return classTest(items, negated, flags);
}

function itemOf(part: Part): ClassItem {
  return typeof part === "number"
    ? { kind: "range", from: part, to: part }
    : { kind: "test", test: part };
}

function readPart(reader: Reader, flags: Flags): Part {
  const character = reader.next();
  return character === "\\"
    ? readClassEscape(reader, flags)
    : codeOf(character);
}

function readClassEscape(reader: Reader, flags: Flags): Part {
  const start = reader.position - 1;
  const letter = reader.next();
  if (letter === "") throw reader.fail("bad escape (end of pattern)", start);
  const category = categoryOf(letter, flags);
  if (category !== undefined) return category;
  if (letter === "N") throw new Unsupported("\\N{...} in a pattern");
  const code = readCharacterEscape(reader, letter);
  if (code !== undefined) return code;
  if (/[0-7]/.test(letter)) {
    const octal = letter + reader.takeWhile(/^[0-7]$/, 2);
    const value = parseInt(octal, 8);
    if (value > 0o377) {
      throw reader.fail(
        `octal escape value \\${octal} outside of range 0-0o377`,
        start,
      );
    }
    return value;
  }
  if (/[0-9a-zA-Z]/.test(letter)) {
    throw reader.fail(`bad escape \\${letter}`, start);
  }
  return codeOf(letter);
}

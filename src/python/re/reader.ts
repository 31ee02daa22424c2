/** Reads a pattern or a replacement template one character at a time. */
import { charactersOf } from "../code_points.ts";
import { Raised } from "../raised.ts";

/** A cursor over the code points of a text; errors are Python's `re.error`. */
export class Reader {
  readonly #characters: readonly string[];
  /** Index of the next character. */
  position = 0;

  constructor(text: string) {
    this.#characters = charactersOf(text);
  }

  /** The next character without taking it; empty at the end. */
  peek(): string {
    return this.#characters[this.position] ?? "";
  }

  /** Takes the next character; empty at the end. */
  next(): string {
    const character = this.peek();
    if (character !== "") this.position += 1;
    return character;
  }

  /** Takes `text` if it comes next. */
  take(text: string): boolean {
    for (let index = 0; index < text.length; index += 1) {
      if (this.#characters[this.position + index] !== text[index]) return false;
    }
    this.position += text.length;
    return true;
  }

  /** Takes up to `most` characters for which `wanted` holds. */
  takeWhile(wanted: RegExp, most = Infinity): string {
    let taken = "";
    while (taken.length < most && wanted.test(this.peek())) {
      taken += this.next();
    }
    return taken;
  }

  /** Takes everything up to `end`, and `end`. */
  takeUntil(end: string, what: string): string {
    const start = this.position;
    let taken = "";
    while (!this.take(end)) {
      const character = this.next();
      if (character === "") {
        if (taken === "") throw this.fail(`missing ${what}`, start);
        throw this.fail(`missing ${end}, unterminated name`, start);
      }
      taken += character;
    }
    if (taken === "") throw this.fail(`missing ${what}`, start);
    return taken;
  }

  /** The error `text`, at `position` or here. */
  fail(text: string, position = this.position): Raised {
    return new Raised("re.error", `${text} at position ${position}`);
  }
}

const CONTROL_ESCAPES: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["b", 8],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
  ["\\", 92],
]);

/**
 * The character of an escape, after its backslash and `letter` were taken:
 * `\n`, `\x41`, `\u20ac`. Undefined when the letter is none of these.
 */
export function readCharacterEscape(
  reader: Reader,
  letter: string,
): number | undefined {
  const digits = { x: 2, u: 4, U: 8 }[letter];
  if (digits === undefined) return CONTROL_ESCAPES.get(letter);
  const start = reader.position - 2;
  const hex = reader.takeWhile(/^[0-9a-fA-F]$/, digits);
  const code = parseInt(hex, 16);
  if (hex.length !== digits || code > 0x10ffff) {
    throw reader.fail(`incomplete escape \\${letter}${hex}`, start);
  }
  return code;
}

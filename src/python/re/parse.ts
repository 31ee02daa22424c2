/** Parses Python's regular expression syntax (that of module `re` of 3.11). */
import { codeOf } from "../code_points.ts";
import { LimitReached, Unsupported } from "../raised.ts";
import { categoryOf, dotTest, foldOf, literalTest } from "./characters.ts";
import {
  bitsOf,
  FLAG_BITS,
  type Flags,
  flagsOf,
  isFlagLetter,
} from "./flags.ts";
import { type Anchor, type Node, type Width, widthOf } from "./nodes.ts";
import { parseClass } from "./parse_class.ts";
import { readGreed, readQuantity } from "./quantifier.ts";
import { readCharacterEscape, Reader } from "./reader.ts";

/** A pattern ready to be made into a program. */
export interface Parsed {
  readonly node: Node;
  /** Number of capturing groups. */
  readonly groups: number;
  /** Group numbers by name. */
  readonly names: ReadonlyMap<string, number>;
  /** Flags given and found in the pattern, with UNICODE as Python adds it. */
  readonly flagBits: number;
}

/** Groups inside of each other; each is a call deep. */
const DEEPEST_GROUP = 100;
const NOTHING: Node = { kind: "sequence", items: [] };

/**
 * Parses `pattern`.
 *
 * Global flags such as `(?i)` may stand anywhere, as before Python 3.11.
 *
 * @throws `re.error` with Python's text.
 */
export function parsePattern(pattern: string, flagBits: number): Parsed {
  const parser = new Parser(pattern, flagBits);
  const node = parser.parse();
  const found = parser.flagBits;
  // Blanks mean nothing from the start once (?x) was found anywhere; the other
  // flags are looked up when a test is made, which was too early for them too.
  if (found !== flagBits) return parsePattern(pattern, found);
  return {
    node,
    groups: parser.groupCount,
    names: parser.names,
    flagBits: found & FLAG_BITS.a ? found : found | FLAG_BITS.u,
  };
}

class Parser {
  readonly names = new Map<string, number>();
  /** The flags for the whole pattern. */
  flagBits: number;
  groupCount = 0;
  readonly #reader: Reader;
  readonly #widths = new Map<number, Width>();
  readonly #open = new Set<number>();
  #depth = 0;
  /** Looks behind around the current place. */
  #behind = 0;
  #groupsBeforeLook = 0;
  /** Groups that conditions ask for, which may come later. */
  readonly #conditions: { group: number; start: number }[] = [];

  constructor(pattern: string, flagBits: number) {
    this.#reader = new Reader(pattern);
    this.flagBits = flagBits;
  }

  parse(): Node {
    const node = this.#choice(flagsOf(this.flagBits));
    if (this.#reader.peek() === ")") {
      throw this.#reader.fail("unbalanced parenthesis");
    }
    for (const { group, start } of this.#conditions) {
      if (group <= this.groupCount) continue;
      throw this.#reader.fail(`invalid group reference ${group}`, start);
    }
    return node;
  }

  #choice(flags: Flags): Node {
    this.#depth += 1;
    if (this.#depth > DEEPEST_GROUP) {
      throw new LimitReached(
        "stopped: a pattern with too deeply nested groups",
      );
    }
    const options = [this.#sequence(flags)];
    while (this.#reader.take("|")) options.push(this.#sequence(flags));
    this.#depth -= 1;
    const [only = NOTHING] = options;
    return options.length === 1 ? only : { kind: "choice", options };
  }

  #sequence(flags: Flags): Node {
    const reader = this.#reader;
    const items: Node[] = [];
    for (;;) {
      if (flags.verbose) this.#skipBlanks();
      const next = reader.peek();
      if (next === "" || next === "|" || next === ")") break;
      const start = reader.position;
      const quantity = readQuantity(reader);
      if (quantity === undefined) {
        const item = this.#item(flags);
        if (item !== undefined) items.push(item);
        continue;
      }
      const body = items.pop();
      if (body === undefined || body.kind === "anchor") {
        throw reader.fail("nothing to repeat", start);
      }
      if (body.kind === "repeat") throw reader.fail("multiple repeat", start);
      items.push({
        kind: "repeat",
        body,
        ...quantity,
        greed: readGreed(reader),
      });
    }
    const [only = NOTHING] = items;
    return items.length === 1 ? only : { kind: "sequence", items };
  }

  #skipBlanks(): void {
    const reader = this.#reader;
    for (;;) {
      reader.takeWhile(/^[ \t\n\r\v\f]$/);
      if (!reader.take("#")) return;
      reader.takeWhile(/^[^\n]$/u);
    }
  }

  /** One item; undefined for what matches nothing, such as a comment. */
  #item(flags: Flags): Node | undefined {
    const reader = this.#reader;
    const start = reader.position;
    const character = reader.next();
    switch (character) {
      case "\\":
        return this.#escape(flags, start);
      case "(":
        return this.#group(flags, start);
      case "[":
        return { kind: "character", test: parseClass(reader, flags) };
      case ".":
        return { kind: "character", test: dotTest(flags) };
      case "^":
        return anchor(flags.multiLine ? "lineStart" : "start");
      case "$":
        return anchor(flags.multiLine ? "lineEnd" : "beforeFinalNewline");
    }
    return { kind: "character", test: literalTest(codeOf(character), flags) };
  }

  #escape(flags: Flags, start: number): Node {
    const reader = this.#reader;
    const letter = reader.next();
    switch (letter) {
      case "":
        throw reader.fail("bad escape (end of pattern)", start);
      case "A":
        return anchor("start");
      case "Z":
        return anchor("end");
      case "b":
        return anchor(flags.ascii ? "asciiWordEdge" : "wordEdge");
      case "B":
        return anchor(flags.ascii ? "notAsciiWordEdge" : "notWordEdge");
      case "N":
        throw new Unsupported("\\N{...} in a pattern");
    }
    const category = categoryOf(letter, flags);
    if (category !== undefined) return { kind: "character", test: category };
    if (/[0-9]/.test(letter)) return this.#numberEscape(flags, letter, start);
    const code = readCharacterEscape(reader, letter);
    if (code === undefined && /[a-zA-Z]/.test(letter)) {
      throw reader.fail(`bad escape \\${letter}`, start);
    }
    return {
      kind: "character",
      test: literalTest(code ?? codeOf(letter), flags),
    };
  }

  /** `\0`, `\123` (octal) or the reference `\12`. */
  #numberEscape(flags: Flags, first: string, start: number): Node {
    const reader = this.#reader;
    let digits = first;
    if (first === "0") digits += reader.takeWhile(/^[0-7]$/, 2);
    else digits += reader.takeWhile(/^[0-9]$/, 1);
    let isOctal = first === "0";
    if (
      !isOctal && /^[0-3][0-7]$/.test(digits) && /[0-7]/.test(reader.peek())
    ) {
      digits += reader.next();
      isOctal = true;
    }
    if (!isOctal) return this.#reference(Number(digits), flags, start);
    return {
      kind: "character",
      test: literalTest(parseInt(digits, 8), flags),
    };
  }

  #reference(group: number, flags: Flags, start: number): Node {
    if (group > this.groupCount) {
      throw this.#reader.fail(`invalid group reference ${group}`, start + 1);
    }
    if (this.#open.has(group)) {
      throw this.#reader.fail("cannot refer to an open group", start);
    }
    this.#checkBehind(group, start);
    return { kind: "reference", group, fold: foldOf(flags) };
  }

  /** In a look behind only groups of before it have a known width. */
  #checkBehind(group: number, start: number): void {
    if (this.#behind === 0) return;
    if (this.#open.has(group)) {
      throw this.#reader.fail("cannot refer to an open group", start);
    }
    if (group > this.#groupsBeforeLook) {
      throw this.#reader.fail(
        "cannot refer to group defined in the same lookbehind subpattern",
        start,
      );
    }
  }

  #group(flags: Flags, start: number): Node | undefined {
    const reader = this.#reader;
    if (!reader.take("?")) return this.#capture(flags, start, undefined);
    if (reader.take("P<")) {
      return this.#capture(flags, start, reader.takeUntil(">", "group name"));
    }
    if (reader.take("P=")) {
      const name = reader.takeUntil(")", "group name");
      return this.#reference(this.#groupNamed(name, start), flags, start);
    }
    if (reader.take("P")) {
      throw reader.fail(`unknown extension ?P${reader.peek()}`, start + 1);
    }
    if (reader.take(":")) return this.#plain(flags, start);
    if (reader.take("#")) {
      reader.takeWhile(/^[^)]$/u);
      if (!reader.take(")")) {
        throw reader.fail("missing ), unterminated comment", start);
      }
      return undefined;
    }
    if (reader.take(">")) {
      return { kind: "atomic", body: this.#closed(this.#choice(flags), start) };
    }
    if (reader.take("(")) return this.#condition(flags, start);
    const behind = reader.take("<");
    if (reader.take("=")) return this.#look(flags, start, behind, false);
    if (reader.take("!")) return this.#look(flags, start, behind, true);
    if (behind) {
      throw reader.fail(`unknown extension ?<${reader.peek()}`, start + 1);
    }
    return this.#inlineFlags(flags, start);
  }

  #closed(node: Node, start: number): Node {
    if (this.#reader.take(")")) return node;
    throw this.#reader.fail("missing ), unterminated subpattern", start);
  }

  /** A group that only groups: may be repeated, whatever is in it. */
  #plain(flags: Flags, start: number): Node {
    const body = this.#closed(this.#choice(flags), start);
    return { kind: "sequence", items: [body] };
  }

  #capture(flags: Flags, start: number, name: string | undefined): Node {
    this.groupCount += 1;
    const index = this.groupCount;
    if (name !== undefined) {
      if (!/^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(name)) {
        throw this.#reader.fail(
          `bad character in group name '${name}'`,
          start + 4,
        );
      }
      if (this.names.has(name)) {
        throw this.#reader.fail(
          `redefinition of group name '${name}' as group ${index}; was group ${
            this.names.get(name)
          }`,
          start + 4,
        );
      }
      this.names.set(name, index);
    }
    this.#open.add(index);
    const body = this.#closed(this.#choice(flags), start);
    this.#open.delete(index);
    if (this.#behind === 0) {
      this.#widths.set(index, widthOf(body, this.#widths));
    }
    return { kind: "group", index, body };
  }

  #groupNamed(name: string, start: number): number {
    const group = this.names.get(name);
    if (group !== undefined) return group;
    throw this.#reader.fail(`unknown group name '${name}'`, start + 4);
  }

  #look(
    flags: Flags,
    start: number,
    behind: boolean,
    negative: boolean,
  ): Node {
    if (behind) {
      if (this.#behind === 0) this.#groupsBeforeLook = this.groupCount;
      this.#behind += 1;
    }
    const body = this.#closed(this.#choice(flags), start);
    if (!behind) return { kind: "look", back: 0, negative, body };
    this.#behind -= 1;
    const { min, max } = widthOf(body, this.#widths);
    if (min !== max) {
      throw this.#reader.fail("look-behind requires fixed-width pattern");
    }
    return { kind: "look", back: min, negative, body };
  }

  /** `(?(1)yes|no)` and `(?(name)yes|no)`. */
  #condition(flags: Flags, start: number): Node {
    const reader = this.#reader;
    const name = reader.takeUntil(")", "group name");
    const group = /^[0-9]+$/.test(name)
      ? Number(name)
      : this.#groupNamed(name, start);
    if (group === 0) throw reader.fail("bad group number", start + 3);
    this.#checkBehind(group, start + 2);
    this.#conditions.push({ group, start: start + 3 });
    const yes = this.#sequence(flags);
    const no = reader.take("|") ? this.#sequence(flags) : NOTHING;
    if (reader.peek() === "|") {
      throw reader.fail("conditional backref with more than two branches");
    }
    return this.#closed({ kind: "condition", group, yes, no }, start);
  }

  /** `(?im)` for the whole pattern, or `(?i-m:...)` for a part of it. */
  #inlineFlags(flags: Flags, start: number): Node | undefined {
    const reader = this.#reader;
    const on = this.#flagLetters();
    const minus = reader.take("-");
    const off = minus ? this.#flagLetters() : 0;
    if (minus ? off === 0 : on === 0) {
      throw reader.fail(`unknown extension ?${reader.peek()}`, start + 1);
    }
    if (reader.take(")")) {
      if (off !== 0) throw reader.fail("missing :", reader.position - 1);
      this.flagBits |= on;
      return undefined;
    }
    if (!reader.take(":") || (on & off) !== 0 || off & FLAG_BITS.a) {
      throw reader.fail(`unknown extension ?${reader.peek()}`, start + 1);
    }
    const bits = bitsOf(flags);
    // (?u:...) inside of an ASCII pattern, and the other way round.
    const kept = on & (FLAG_BITS.a | FLAG_BITS.u) ? bits & ~FLAG_BITS.a : bits;
    const inner = flagsOf((kept | on) & ~off);
    return this.#plain(inner, start);
  }

  #flagLetters(): number {
    let bits = 0;
    while (isFlagLetter(this.#reader.peek())) {
      const letter = this.#reader.next();
      if (!isFlagLetter(letter)) break;
      if (letter === "L") {
        throw this.#reader.fail(
          "bad inline flags: cannot use 'L' flag with a str pattern",
        );
      }
      bits |= FLAG_BITS[letter];
    }
    return bits;
  }
}

function anchor(kind: Anchor): Node {
  return { kind: "anchor", anchor: kind };
}

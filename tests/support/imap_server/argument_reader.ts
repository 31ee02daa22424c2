/** Reads the arguments of a command by the rules of RFC 3501 §9. */
import { decodeUtf8, fromByteString } from "./bytes.ts";
import type { CommandPart } from "./command_reader.ts";

/** The command is not well-formed: BAD. */
export class CommandSyntax extends Error {
  override readonly name = "CommandSyntax";
}

const ATOM = /[^(){ %*"\\\]\x00-\x1f\x7f-\xff]+/y;
const ASTRING = /[^(){ %*"\\\x00-\x1f\x7f-\xff]+/y;
const LIST_MAILBOX = /[^(){ "\\\x00-\x1f\x7f-\xff]+/y;
const QUOTED = /"((?:[^"\\\r\n]|\\["\\])*)"/y;
const NUMBER = /\d{1,20}/y;
const FLAG = /\\?[^(){ %*"\\\]\x00-\x1f\x7f-\xff]+/y;
const SET = /[\d:,*]+|\$/y;

/** A cursor over the parts of one command. */
export class ArgumentReader {
  readonly #parts: readonly CommandPart[];
  #part = 0;
  #at = 0;

  constructor(parts: readonly CommandPart[]) {
    this.#parts = parts;
  }

  /** Whether nothing is left. */
  get atEnd(): boolean {
    return this.#rest() === "" && this.#part >= this.#parts.length - 1;
  }

  /** Nothing may be left. @throws {CommandSyntax} */
  end(): void {
    if (!this.atEnd) throw this.#error("end of command");
  }

  /** One blank. @throws {CommandSyntax} */
  space(): void {
    if (!this.skip(" ")) throw this.#error("a space");
  }

  /** Takes exactly this text, upper or lower case, if it is next. */
  skip(text: string): boolean {
    const rest = this.#rest();
    if (
      !rest.slice(0, text.length).toLowerCase().startsWith(text.toLowerCase())
    ) {
      return false;
    }
    this.#at += text.length;
    return true;
  }

  /** The next character without taking it; a literal shows as `{`. */
  peek(): string {
    const rest = this.#rest();
    if (rest !== "") return rest.charAt(0);
    return this.#parts[this.#part + 1]?.kind === "literal" ? "{" : "";
  }

  /** An atom, as written. @throws {CommandSyntax} */
  atom(): string {
    return this.#take(ATOM, "an atom");
  }

  /** An atom in upper case. @throws {CommandSyntax} */
  word(): string {
    return this.atom().toUpperCase();
  }

  /** A flag, keyword or `\Flag`. @throws {CommandSyntax} */
  flag(): string {
    return this.#take(FLAG, "a flag");
  }

  /** An unsigned number. @throws {CommandSyntax} */
  number(): number {
    return Number(this.#take(NUMBER, "a number"));
  }

  /** A 63-bit number. @throws {CommandSyntax} */
  bigNumber(): bigint {
    return BigInt(this.#take(NUMBER, "a number"));
  }

  /** The text of a sequence set; not yet checked. @throws {CommandSyntax} */
  setText(): string {
    return this.#take(SET, "a message set");
  }

  /** An astring as bytes. @throws {CommandSyntax} */
  astring(): Uint8Array {
    const next = this.peek();
    if (next === '"' || next === "{") return this.string();
    return fromByteString(this.#take(ASTRING, "a string"));
  }

  /** An astring as text. @throws {CommandSyntax} */
  text(): string {
    return decodeUtf8(this.astring());
  }

  /** A pattern of LIST as text: an astring that may hold `%` and `*`. */
  listMailbox(): string {
    const next = this.peek();
    if (next === '"' || next === "{") return decodeUtf8(this.string());
    return this.#take(LIST_MAILBOX, "a mailbox pattern");
  }

  /** A quoted string or literal as bytes. @throws {CommandSyntax} */
  string(): Uint8Array {
    if (this.peek() === "{") return this.literal();
    const quoted = this.#take(QUOTED, "a string");
    return fromByteString(
      quoted.slice(1, -1).replaceAll(/\\(["\\])/g, "$1"),
    );
  }

  /** A literal. @throws {CommandSyntax} */
  literal(): Uint8Array {
    const part = this.#rest() === "" ? this.#parts[this.#part + 1] : undefined;
    if (part?.kind !== "literal") throw this.#error("a literal");
    this.#part += 2;
    this.#at = 0;
    return part.bytes;
  }

  /** `(a b c)`, each read by `item`. @throws {CommandSyntax} */
  list<T>(item: () => T): T[] {
    if (!this.skip("(")) throw this.#error("(");
    const items: T[] = [];
    while (!this.skip(")")) {
      if (items.length > 0) this.space();
      items.push(item());
    }
    return items;
  }

  /** What is left of the current line. */
  restOfLine(): string {
    const rest = this.#rest();
    this.#at += rest.length;
    return rest;
  }

  /** A syntax error at this place. */
  #error(expected: string): CommandSyntax {
    const found = this.#rest().slice(0, 20) || (this.atEnd ? "end" : "literal");
    return new CommandSyntax(`Expected ${expected}, found ${found}`);
  }

  #rest(): string {
    const part = this.#parts[this.#part];
    return part?.kind === "text" ? part.text.slice(this.#at) : "";
  }

  #take(pattern: RegExp, expected: string): string {
    const part = this.#parts[this.#part];
    if (part?.kind === "text") {
      pattern.lastIndex = this.#at;
      const match = pattern.exec(part.text);
      if (match !== null) {
        this.#at = pattern.lastIndex;
        return match[0];
      }
    }
    throw this.#error(expected);
  }
}

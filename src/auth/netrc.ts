/**
 * The netrc format, read as Python's `netrc` module reads it (which OfflineIMAP
 * uses): machine, default, login (or user), account, password, macdef, quoted
 * values with backslash escapes, comments.
 *
 * One difference: a comment always reaches to the end of its line. Python ends a
 * top-level comment after its first word when that is longer than `#`.
 */

/** One `machine` or `default` entry; what it does not say is empty. */
export interface NetrcEntry {
  readonly login: string;
  readonly account: string;
  readonly password: string;
}

/** The entries by machine name; `default` is kept apart. */
export interface Netrc {
  /** Of two entries for a machine the later one, as in Python. */
  readonly machines: ReadonlyMap<string, NetrcEntry>;
  readonly default: NetrcEntry | undefined;
}

/** The entry for `host`, else the default one. Names are compared as written. */
export function netrcEntryOf(
  netrc: Netrc,
  host: string,
): NetrcEntry | undefined {
  return netrc.machines.get(host) ?? netrc.default;
}

/** Whether anything in it must be kept from others' eyes. */
export function holdsPasswords(netrc: Netrc): boolean {
  const entries = [...netrc.machines.values(), netrc.default];
  return entries.some((entry) =>
    entry !== undefined && entry.password !== "" && entry.login !== "anonymous"
  );
}

/**
 * Reads the text of a netrc file.
 *
 * @throws {SyntaxError} With the line number; the text of the line is left out,
 * since it may be a password.
 */
export function parseNetrc(text: string): Netrc {
  const lexer = new Lexer(text);
  const machines = new Map<string, NetrcEntry>();
  let fallback: NetrcEntry | undefined;
  for (;;) {
    const token = lexer.next();
    if (token === undefined) return { machines, default: fallback };
    switch (token) {
      case "machine": {
        const name = lexer.value();
        if (name === "") throw lexer.error("a name after machine");
        machines.set(name, readEntry(lexer));
        break;
      }
      case "default":
        fallback = readEntry(lexer);
        break;
      case "macdef":
        lexer.value();
        lexer.skipMacro();
        break;
      default:
        throw lexer.error("machine, default or macdef");
    }
  }
}

function readEntry(lexer: Lexer): NetrcEntry {
  const entry = { login: "", account: "", password: "" };
  for (;;) {
    const token = lexer.next();
    switch (token) {
      case undefined:
        return entry;
      case "machine":
      case "default":
      case "macdef":
        lexer.pushBack(token);
        return entry;
      case "login":
      case "user":
        entry.login = lexer.value();
        break;
      case "account":
        entry.account = lexer.value();
        break;
      case "password":
        entry.password = lexer.value();
        break;
      default:
        throw lexer.error("login, account or password");
    }
  }
}

const SPACE = new Set(["\n", "\t", "\r", " "]);

class Lexer {
  #offset = 0;
  #pushedBack: string | undefined;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text.replace(/^\uFEFF/, "");
  }

  /** The next keyword, comments left out; `undefined` at the end. */
  next(): string | undefined {
    const pushedBack = this.#pushedBack;
    this.#pushedBack = undefined;
    if (pushedBack !== undefined) return pushedBack;
    for (;;) {
      this.#skipSpace();
      if (this.#offset >= this.#text.length) return undefined;
      if (this.#text[this.#offset] !== "#") return this.#token();
      this.#skipLine();
    }
  }

  pushBack(token: string): void {
    this.#pushedBack = token;
  }

  /** The word after a keyword: it may begin with `#`. Empty at the end, as in Python. */
  value(): string {
    this.#skipSpace();
    return this.#token();
  }

  /** Steps over a macro's body: up to an empty line. */
  skipMacro(): void {
    this.#skipLine();
    const end = /^\r?\n/m;
    while (this.#offset < this.#text.length) {
      const line = this.#text.slice(this.#offset, this.#offset + 2);
      this.#skipLine();
      if (end.exec(line)?.index === 0) return;
    }
    throw this.error("an empty line that ends the macro");
  }

  error(expected: string): SyntaxError {
    const line = this.#text.slice(0, this.#offset).split("\n").length;
    return new SyntaxError(`Line ${line}: expected ${expected}`);
  }

  #skipSpace(): void {
    while (SPACE.has(this.#text[this.#offset] ?? "")) this.#offset++;
  }

  #skipLine(): void {
    const end = this.#text.indexOf("\n", this.#offset);
    this.#offset = end < 0 ? this.#text.length : end + 1;
  }

  #token(): string {
    const quoted = this.#text[this.#offset] === '"';
    if (quoted) this.#offset++;
    let token = "";
    while (this.#offset < this.#text.length) {
      const char = this.#text.charAt(this.#offset++);
      if (quoted ? char === '"' : SPACE.has(char)) {
        // A newline stays, so that a macro's skipLine() sees its own line end.
        if (!quoted) this.#offset--;
        return token;
      }
      token += char === "\\" ? this.#text.charAt(this.#offset++) : char;
    }
    return token;
  }
}

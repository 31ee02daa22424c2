/** What went over the line, for `-d imap`: without secrets and without mail. */

/** A longer line is cut: the UIDs of a large mailbox are one. */
const LONGEST = 4_000;

/**
 * Turns the bytes of a session into lines: `> A1 SELECT INBOX`, `< A1 OK done`.
 * Literals (RFC 9051 §4.3), where messages are, are told by their size. What
 * LOGIN and AUTHENTICATE carry, and what is said until they are answered, is not
 * shown at all.
 */
export class WireLog {
  readonly #log: (line: string) => void;
  readonly #out: Lines;
  readonly #in: Lines;
  /** Tag of a LOGIN or AUTHENTICATE that is under way. */
  #secret: string | undefined;
  readonly #hidden: string[] = [];

  /** @param log Gets each line. */
  constructor(log: (line: string) => void) {
    this.#log = log;
    this.#out = new Lines((line) =>
      this.#log(`> ${shorten(this.#told(line))}`)
    );
    this.#in = new Lines((line) =>
      this.#log(`< ${shorten(this.#heard(line))}`)
    );
  }

  /** Leaves these out of what the server says: some repeat what they got. */
  hide(secrets: readonly string[]): void {
    this.#hidden.push(...secrets);
  }

  /** Takes bytes that go to the server. */
  sent(bytes: Uint8Array): void {
    this.#out.push(bytes);
  }

  /** Takes bytes that came from the server. */
  received(bytes: Uint8Array): void {
    this.#in.push(bytes);
  }

  #told(line: string): string {
    const [, tag, command, rest = ""] =
      /^(\S+) (LOGIN|AUTHENTICATE)\b ?(.*)$/is.exec(line) ?? [];
    if (tag === undefined || command === undefined) {
      return this.#secret === undefined ? line : "****";
    }
    this.#secret = tag;
    if (/^login$/i.test(command)) return `${tag} ${command} ****`;
    const [mechanism = "", ...initial] = rest.split(" ");
    return `${tag} ${command} ${mechanism}${initial.length > 0 ? " ****" : ""}`;
  }

  #heard(line: string): string {
    if (this.#secret === undefined) return line;
    if (line.startsWith("+")) return line.length > 2 ? "+ ****" : line;
    if (line.startsWith(`${this.#secret} `)) this.#secret = undefined;
    return this.#hidden.reduce(
      (rest, secret) => rest.replaceAll(secret, "****"),
      line,
    );
  }
}

function shorten(line: string): string {
  return line.length <= LONGEST
    ? line
    : `${line.slice(0, LONGEST)} … (${line.length - LONGEST} more)`;
}

/** Cuts a stream into lines, and leaves literals out. */
class Lines {
  readonly #emit: (line: string) => void;
  #decoder = new TextDecoder();
  #line = "";
  /** Bytes of a literal still to come. */
  #missing = 0;

  constructor(emit: (line: string) => void) {
    this.#emit = emit;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#missing > 0) {
        const taken = Math.min(this.#missing, bytes.length - at);
        this.#missing -= taken;
        at += taken;
        continue;
      }
      const end = bytes.indexOf(0x0a, at);
      const stop = end < 0 ? bytes.length : end;
      this.#line += this.#decoder.decode(bytes.subarray(at, stop), {
        stream: true,
      });
      at = stop + 1;
      if (end >= 0) this.#finish();
    }
  }

  #finish(): void {
    const line = (this.#line + this.#decoder.decode()).replace(/\r$/, "");
    this.#decoder = new TextDecoder();
    const size = Number(/\{(\d+)\+?\}$/.exec(line)?.[1] ?? 0);
    this.#emit(line);
    this.#missing = size;
    this.#line = size > 0 ? `[${size} bytes]` : "";
  }
}

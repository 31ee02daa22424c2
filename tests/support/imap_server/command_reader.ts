/** Takes one command at a time, with its literals, off the stream. */
import type { ByteReader } from "./byte_reader.ts";
import { toByteString } from "./bytes.ts";

/** A piece of a command: text of one line, or a literal. */
export type CommandPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "literal"; readonly bytes: Uint8Array };

/** What came in. */
export type RawCommand =
  | { readonly kind: "command"; readonly parts: readonly CommandPart[] }
  /** The line was longer than the limit. */
  | { readonly kind: "overlong" }
  /** A literal that the rules do not allow; the stream is out of step. */
  | { readonly kind: "bad-literal"; readonly parts: readonly CommandPart[] }
  /** The literal was refused before it was sent; nothing more belongs to it. */
  | { readonly kind: "refused"; readonly parts: readonly CommandPart[] };

/** How literals are treated. */
export interface LiteralRules {
  readonly literals: "plus" | "minus" | "sync";
  readonly maxLineBytes: number;
  /**
   * Asked before a synchronising literal: whether the client shall send it.
   * Sends the continuation itself.
   */
  invite(parts: readonly CommandPart[], length: number): Promise<boolean>;
}

/** Literals larger than this are refused at once: nobody has the memory. */
const MAX_LITERAL_BYTES = 1 << 30;

/** LITERAL- allows this much without waiting (RFC 7888 §5). */
const LITERAL_MINUS_BYTES = 4096;

/** The next command. @throws {StreamEnd} At the end of the stream. */
export async function readCommand(
  reader: ByteReader,
  rules: LiteralRules,
): Promise<RawCommand> {
  const parts: CommandPart[] = [];
  for (;;) {
    const line = await reader.line(rules.maxLineBytes);
    if (line === undefined) return { kind: "overlong" };
    const text = toByteString(line);
    const match = /~?\{(\d{1,19})(\+?)\}$/.exec(text);
    if (match === null) {
      parts.push({ kind: "text", text });
      return { kind: "command", parts };
    }
    parts.push({ kind: "text", text: text.slice(0, match.index) });
    const length = Number(match[1]);
    if (match[2] === "+") {
      const allowed = rules.literals === "plus" ||
        rules.literals === "minus" && length <= LITERAL_MINUS_BYTES;
      if (!allowed || length > MAX_LITERAL_BYTES) {
        return { kind: "bad-literal", parts };
      }
    } else {
      if (length > MAX_LITERAL_BYTES) return { kind: "refused", parts };
      if (!await rules.invite(parts, length)) return { kind: "refused", parts };
    }
    parts.push({ kind: "literal", bytes: await reader.exactly(length) });
  }
}

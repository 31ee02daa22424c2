/** Ways to feed a decoder. */
import { type Decoded, Decoder } from "../../../../src/imap/wire/decoder.ts";
import type { WireLimits } from "../../../../src/imap/wire/limits.ts";

/** Bytes of a text whose characters are octets. */
export function octets(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** Everything that `chunks` decode to; bodies are kept in the rows. */
export function decodeAll(
  chunks: Iterable<Uint8Array | string>,
  limits: Partial<WireLimits> = {},
): Decoded[] {
  const decoder = new Decoder(limits);
  const found: Decoded[] = [];
  for (const chunk of chunks) {
    decoder.push(typeof chunk === "string" ? octets(chunk) : chunk);
    for (;;) {
      const item = decoder.next();
      if (item === undefined) break;
      if (item.kind === "body-start") decoder.route("hold");
      else found.push(item);
    }
  }
  return found;
}

/** What a single response decodes to. */
export function decodeOne(line: string): Decoded {
  const found = decodeAll([`${line}\r\n`]);
  const [first] = found;
  if (found.length !== 1 || first === undefined) {
    throw new Error(`Expected one response, got ${found.length}`);
  }
  return first;
}

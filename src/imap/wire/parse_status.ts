/** Status responses: OK, NO, BAD, BYE, PREAUTH and their codes. */
import { IS_ATOM, LBRACKET, LPAREN, RBRACKET, SP } from "./bytes.ts";
import {
  capabilityWords,
  flagTexts,
  objectId,
  uidRanges,
  uidSet,
} from "./parse_values.ts";
import { LITERAL_AHEAD, type WireReader } from "./reader.ts";
import { type ResponseCode, WORD_CODES, type WordCode } from "./response.ts";
import type { UidValidity } from "./types.ts";
import { WireError } from "./wire_error.ts";

const WORDS: ReadonlySet<string> = new Set(WORD_CODES);

/** `resp-text`: a code, if there is one, and words for humans. */
export function respText(
  reader: WireReader,
): { code: ResponseCode | undefined; text: string } {
  // "* OK" alone, without text, is sent by some servers.
  if (reader.at < reader.end) reader.space();
  const code = reader.peek() === LBRACKET ? respTextCode(reader) : undefined;
  if (code !== undefined) reader.tryOctet(SP);
  return { code, text: reader.rest() };
}

/**
 * `"[" resp-text-code "]"`, undefined when no bracket closes it. A code that
 * makes no sense is given as text: the status that it stands in still counts.
 */
function respTextCode(reader: WireReader): ResponseCode | undefined {
  const start = reader.at;
  const first = reader.bytes;
  try {
    reader.octet(LBRACKET);
    const atom = reader.token(IS_ATOM).toUpperCase();
    const code = knownCode(atom, reader);
    if (code !== undefined) {
      reader.octet(RBRACKET);
      return code;
    }
  } catch (error) {
    const misread = error instanceof WireError || error === LITERAL_AHEAD;
    if (!misread || reader.bytes !== first) throw error;
  }
  reader.at = start;
  return plainCode(reader);
}

function plainCode(reader: WireReader): ResponseCode | undefined {
  const close = reader.bytes.subarray(0, reader.end)
    .indexOf(RBRACKET, reader.at);
  if (close < 0) return undefined;
  const { end } = reader;
  reader.octet(LBRACKET);
  reader.end = close;
  const atom = reader.token(IS_ATOM).toUpperCase();
  reader.tryOctet(SP);
  const text = reader.rest();
  reader.end = end;
  reader.octet(RBRACKET);
  return WORDS.has(atom)
    ? { name: atom as WordCode, text }
    : { name: "OTHER", atom, text };
}

function knownCode(
  atom: string,
  reader: WireReader,
): ResponseCode | undefined {
  switch (atom) {
    case "UIDVALIDITY":
      return { name: atom, uidValidity: uidValidity(reader) };
    case "UIDNEXT":
      reader.space();
      return { name: atom, uidNext: reader.uid() };
    case "UNSEEN":
      reader.space();
      return { name: atom, seq: reader.nzNumber() };
    case "HIGHESTMODSEQ":
      reader.space();
      return { name: atom, modSeq: reader.modSeq() };
    case "PERMANENTFLAGS":
      reader.space();
      return { name: atom, flags: flagTexts(reader) };
    case "APPENDUID": {
      const validity = uidValidity(reader);
      reader.space();
      return { name: atom, uidValidity: validity, uids: uidSet(reader) };
    }
    case "COPYUID":
      return copyUid(reader);
    case "MODIFIED":
      reader.space();
      return { name: atom, uids: uidSet(reader) };
    case "CAPABILITY":
      return { name: atom, capabilities: capabilityWords(reader) };
    case "BADCHARSET":
      return { name: atom, charsets: charsets(reader) };
    case "MAILBOXID": {
      reader.space();
      const mailboxId = objectId(reader);
      return mailboxId === undefined ? undefined : { name: atom, mailboxId };
    }
    default:
      return undefined;
  }
}

function uidValidity(reader: WireReader): UidValidity {
  reader.space();
  return reader.nzNumber() as UidValidity;
}

/** `resp-code-copy` (RFC 4315 §4); both sets must have the same size. */
function copyUid(reader: WireReader): ResponseCode {
  const validity = uidValidity(reader);
  reader.space();
  const source = uidRanges(reader);
  reader.space();
  const destination = uidRanges(reader);
  if (countRanges(source) !== countRanges(destination)) {
    throw reader.fail("Expected sets of one size");
  }
  return { name: "COPYUID", uidValidity: validity, source, destination };
}

function countRanges(pairs: readonly number[]): number {
  let count = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    count += Math.abs((pairs[at + 1] as number) - (pairs[at] as number)) + 1;
  }
  return count;
}

function charsets(reader: WireReader): string[] {
  const names: string[] = [];
  if (!reader.tryOctet(SP)) return names;
  if (reader.peek() !== LPAREN) throw reader.fail("Expected a list");
  reader.list(() => names.push(reader.astring()));
  return names;
}

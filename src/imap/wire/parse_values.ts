/** Values that several responses share. */
import {
  CHAR_CLASS,
  COLON,
  COMMA,
  IS_FLAG,
  LPAREN,
  RPAREN,
  SP,
} from "./bytes.ts";
import { type FlagTable, hashByte } from "./flag_table.ts";
import type { WireReader } from "./reader.ts";
import type { Flags } from "./types.ts";
import { UidSet } from "./uid_set.ts";

/** `uid-set`, as its ranges in the order sent; `*` is not allowed. */
export function uidRanges(reader: WireReader): number[] {
  const pairs: number[] = [];
  do {
    const first = reader.nzNumber();
    pairs.push(first, reader.tryOctet(COLON) ? reader.nzNumber() : first);
  } while (reader.tryOctet(COMMA));
  return pairs;
}

/** `uid-set` or `known-uids`. */
export function uidSet(reader: WireReader): UidSet {
  return UidSet.fromRanges(uidRanges(reader));
}

/** `"(" [flag *(SP flag)] ")"` as its canonical value. */
export function flagList(reader: WireReader, table: FlagTable): Flags {
  reader.octet(LPAREN);
  const { bytes, end } = reader;
  const start = reader.at;
  let at = start;
  let hash = 0;
  for (; at < end; at++) {
    const octet = bytes[at] as number;
    if (octet === RPAREN) break;
    if (
      octet !== SP && ((CHAR_CLASS[octet] as number) & IS_FLAG) === 0
    ) break;
    hash = hashByte(hash, octet);
  }
  reader.at = at;
  reader.octet(RPAREN);
  return table.get(bytes, start, at, hash);
}

/** `"(" [flag *(SP flag)] ")"` as texts, as sent. */
export function flagTexts(reader: WireReader): string[] {
  const flags: string[] = [];
  reader.list(() => flags.push(reader.flag(IS_FLAG)));
  return flags;
}

/** Words up to the end of the line or a bracket, in upper case. */
export function capabilityWords(reader: WireReader): string[] {
  const words: string[] = [];
  for (;;) {
    while (reader.tryOctet(SP));
    // A code ends in "]", which is no part of a capability's name.
    const word = reader.token(IS_FLAG).toUpperCase();
    const bracket = word.indexOf("]");
    if (bracket >= 0) {
      reader.at -= word.length - bracket;
      if (bracket > 0) words.push(word.slice(0, bracket));
      return words;
    }
    if (word === "") return words;
    words.push(word);
  }
}

/** Passes over one value of any kind: `tagged-ext-val`, a FETCH item's value. */
export function skipValue(reader: WireReader): void {
  if (reader.peek() === LPAREN) {
    return reader.list(() => skipValue(reader), true);
  }
  if (reader.tryString() !== undefined) return;
  const start = reader.at;
  reader.skip(IS_FLAG);
  if (reader.at === start) throw reader.fail("Expected a value");
}

/** `"(" objectid ")"` (RFC 8474 §7), where NIL means that there is none. */
export function objectId(reader: WireReader): string | undefined {
  if (reader.tryNil()) return undefined;
  reader.open();
  const id = reader.astring();
  reader.close();
  return id;
}

/** The row that listings consist of, read without any detour. */
import {
  CHAR_CLASS,
  DIGIT_0,
  DIGIT_9,
  IS_FLAG,
  LPAREN,
  RPAREN,
  SP,
  STAR,
} from "./bytes.ts";
import { type FetchRow, FetchRowDraft } from "./fetch_row.ts";
import { type FlagTable, hashByte } from "./flag_table.ts";
import { MAX_UID, type Uid } from "./types.ts";

/** Above this a sum of digits may not be exact any more. */
const SAFE = 900_000_000_000_000;

/**
 * Reads `* n FETCH (UID n FLAGS (...) MODSEQ (n))`, items in any order, in
 * upper case and nothing else.
 *
 * A listing of 100,000 messages is 100,000 of these; the parser proper, which
 * makes a string of each name, takes five times as long. Whatever is not
 * exactly so is left to it, errors too: undefined means just that.
 */
export function fastFetchRow(
  bytes: Uint8Array,
  start: number,
  end: number,
  table: FlagTable,
): FetchRow | undefined {
  // "* 1 FETCH (UID 1)" is the shortest.
  if (end - start < 17 || bytes[start] !== STAR || bytes[start + 1] !== SP) {
    return undefined;
  }
  let at = start + 2;
  let seq = 0;
  let octet = bytes[at] as number;
  while (octet >= DIGIT_0 && octet <= DIGIT_9 && seq < SAFE) {
    seq = seq * 10 + octet - DIGIT_0;
    octet = bytes[++at] as number;
  }
  if (seq < 1 || seq > MAX_UID || !isFetch(bytes, at, end)) return undefined;
  at += 8;
  const row = new FetchRowDraft(seq);
  for (;;) {
    octet = bytes[at] as number;
    if (octet === 0x55) { // U
      if (bytes[at + 1] !== 0x49 || bytes[at + 2] !== 0x44) return undefined;
      if (bytes[at + 3] !== SP) return undefined;
      at += 4;
      let uid = 0;
      octet = bytes[at] as number;
      while (octet >= DIGIT_0 && octet <= DIGIT_9 && uid < SAFE) {
        uid = uid * 10 + octet - DIGIT_0;
        octet = bytes[++at] as number;
      }
      if (uid < 1 || uid > MAX_UID) return undefined;
      row.uid = uid as Uid;
    } else if (octet === 0x46) { // F
      if (!isFlags(bytes, at)) return undefined;
      at += 7;
      const from = at;
      let hash = 0;
      octet = bytes[at] as number;
      while (octet !== RPAREN) {
        const ok = octet === SP ||
          ((CHAR_CLASS[octet] as number) & IS_FLAG) !== 0;
        if (!ok || at >= end) return undefined;
        hash = hashByte(hash, octet);
        octet = bytes[++at] as number;
      }
      row.flags = table.get(bytes, from, at, hash);
      at++;
    } else if (octet === 0x4d) { // M
      if (!isModSeq(bytes, at)) return undefined;
      at += 8;
      const from = at;
      let value = 0;
      octet = bytes[at] as number;
      while (octet >= DIGIT_0 && octet <= DIGIT_9 && value < SAFE) {
        value = value * 10 + octet - DIGIT_0;
        octet = bytes[++at] as number;
      }
      if (at === from || octet !== RPAREN || value >= SAFE) return undefined;
      row.modSeq = BigInt(value);
      at++;
    } else return undefined;
    if (at >= end) return undefined;
    octet = bytes[at++] as number;
    if (octet === RPAREN) return at === end ? row : undefined;
    if (octet !== SP) return undefined;
  }
}

/** ` FETCH (` */
function isFetch(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 8 < end && bytes[at] === SP && bytes[at + 1] === 0x46 &&
    bytes[at + 2] === 0x45 && bytes[at + 3] === 0x54 &&
    bytes[at + 4] === 0x43 && bytes[at + 5] === 0x48 &&
    bytes[at + 6] === SP && bytes[at + 7] === LPAREN;
}

/** `FLAGS (` */
function isFlags(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 0x4c && bytes[at + 2] === 0x41 &&
    bytes[at + 3] === 0x47 && bytes[at + 4] === 0x53 &&
    bytes[at + 5] === SP && bytes[at + 6] === LPAREN;
}

/** `MODSEQ (` */
function isModSeq(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 0x4f && bytes[at + 2] === 0x44 &&
    bytes[at + 3] === 0x53 && bytes[at + 4] === 0x45 &&
    bytes[at + 5] === 0x51 && bytes[at + 6] === SP && bytes[at + 7] === LPAREN;
}

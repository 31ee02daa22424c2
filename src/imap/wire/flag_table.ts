/** Turns the bytes of flag lists into values, each different list once. */
import { flagsOf, NO_FLAGS } from "../../sync/flags.ts";
import { decodeText } from "./bytes.ts";
import type { Flags } from "./types.ts";

/** Lists that are remembered; a mailbox has rarely more than a hundred. */
const MAX_ENTRIES = 4096;
/** Longer lists are decoded each time: they must not fill the memory. */
const MAX_LENGTH = 1024;

interface Entry {
  readonly bytes: Uint8Array;
  readonly flags: Flags;
  readonly next: Entry | undefined;
}

/**
 * Remembers the canonical {@link Flags} of flag lists by their bytes. In a
 * listing of a mailbox nearly every row repeats a list seen before: found again
 * without making a string, and equal lists are the same string.
 */
export class FlagTable {
  readonly #buckets: (Entry | undefined)[] = new Array(1024).fill(undefined);
  #size = 0;

  /**
   * The flags of `bytes[start, end)`: atoms separated by single blanks, without
   * the parentheses. `hash` is that of {@link hashByte} over these bytes.
   */
  get(bytes: Uint8Array, start: number, end: number, hash: number): Flags {
    if (start === end) return NO_FLAGS;
    const bucket = hash & 1023;
    const length = end - start;
    for (
      let entry = this.#buckets[bucket];
      entry !== undefined;
      entry = entry.next
    ) {
      if (entry.bytes.length === length && same(entry.bytes, bytes, start)) {
        return entry.flags;
      }
    }
    const flags = flagsOf(decodeText(bytes, start, end).split(" "));
    if (length <= MAX_LENGTH) this.#remember(bucket, bytes, start, end, flags);
    return flags;
  }

  #remember(
    bucket: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    flags: Flags,
  ): void {
    if (this.#size >= MAX_ENTRIES) {
      this.#buckets.fill(undefined);
      this.#size = 0;
    }
    this.#size++;
    this.#buckets[bucket] = {
      bytes: bytes.slice(start, end),
      flags,
      next: this.#buckets[bucket],
    };
  }
}

/** One round of the hash that {@link FlagTable.get} wants; starts from 0. */
export function hashByte(hash: number, octet: number): number {
  return (Math.imul(hash, 31) + octet) | 0;
}

function same(known: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < known.length; at++) {
    if (known[at] !== bytes[start + at]) return false;
  }
  return true;
}

/** The flags of module `re`. */

/** Flags by letter. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

/** Python's numbers for the flags. */
export const FLAG_BITS = { i: 2, L: 4, m: 8, s: 16, u: 32, x: 64, a: 256 };

/** A letter that stands for a flag. */
export type FlagLetter = keyof typeof FLAG_BITS;

/** True when `text` is a flag's letter. */
export function isFlagLetter(text: string): text is FlagLetter {
  return Object.hasOwn(FLAG_BITS, text);
}

/** The flags that are set in `bits`. */
export function flagsOf(bits: number): Flags {
  const has = (letter: FlagLetter) => (bits & FLAG_BITS[letter]) !== 0;
  return {
    ignoreCase: has("i"),
    multiLine: has("m"),
    dotAll: has("s"),
    verbose: has("x"),
    ascii: has("a"),
  };
}

/** The bits of `flags`. */
export function bitsOf(flags: Flags): number {
  return (flags.ignoreCase ? FLAG_BITS.i : 0) |
    (flags.multiLine ? FLAG_BITS.m : 0) |
    (flags.dotAll ? FLAG_BITS.s : 0) |
    (flags.verbose ? FLAG_BITS.x : 0) |
    (flags.ascii ? FLAG_BITS.a : 0);
}

/** Character classes and case of regular expressions, as Python's `re` has them. */
import { isAlnum, isDecimal, isSpace } from "../unicode.ts";
import type { Flags } from "./flags.ts";
import type { CharacterTest } from "./nodes.ts";

/** An item of a class such as `[a-z\d]`. */
export type ClassItem =
  | { readonly kind: "range"; readonly from: number; readonly to: number }
  | { readonly kind: "test"; readonly test: CharacterTest };

/** `\w` of Unicode text. */
export const isWord: CharacterTest = (code) =>
  code === 95 || isAlnum(String.fromCodePoint(code));

/** `\w` with flag ASCII. */
export const isAsciiWord: CharacterTest = (code) =>
  code < 128 && /\w/.test(String.fromCharCode(code));

const UNICODE_CATEGORIES: Readonly<Record<string, CharacterTest>> = {
  d: (code) => isDecimal(String.fromCodePoint(code)),
  s: (code) => isSpace(String.fromCodePoint(code)),
  w: isWord,
};

const ASCII_CATEGORIES: Readonly<Record<string, CharacterTest>> = {
  d: (code) => code >= 48 && code <= 57,
  s: (code) => code === 32 || code >= 9 && code <= 13,
  w: isAsciiWord,
};

/** The test of `\d`, `\S` and so on by their letter; undefined for other letters. */
export function categoryOf(
  letter: string,
  flags: Flags,
): CharacterTest | undefined {
  const table = flags.ascii ? ASCII_CATEGORIES : UNICODE_CATEGORIES;
  const test = table[letter.toLowerCase()];
  if (test === undefined || letter === letter.toLowerCase()) return test;
  return (code) => !test(code);
}

/** Lower-case characters that are one letter when case is ignored. */
const CASE_TWINS = [
  "i\u0131",
  "s\u017f",
  "\xb5\u03bc",
  "\u0345\u03b9\u1fbe",
  "\u0390\u1fd3",
  "\u03b0\u1fe3",
  "\u03b2\u03d0",
  "\u03b5\u03f5",
  "\u03b8\u03d1",
  "\u03ba\u03f0",
  "\u03c0\u03d6",
  "\u03c1\u03f1",
  "\u03c2\u03c3",
  "\u03c6\u03d5",
  "\u0432\u1c80",
  "\u0434\u1c81",
  "\u043e\u1c82",
  "\u0441\u1c83",
  "\u0442\u1c84\u1c85",
  "\u044a\u1c86",
  "\u0463\u1c87",
  "\u1c88\ua64b",
  "\u1e61\u1e9b",
  "\ufb05\ufb06",
];

/** Capitals that are not the upper case of their lower case, by the latter. */
const OTHER_CAPITALS: ReadonlyMap<number, number> = new Map([
  [0x69, 0x130],
  [0x6b, 0x212a],
  [0xdf, 0x1e9e],
  [0xe5, 0x212b],
  [0x1c6, 0x1c5],
  [0x1c9, 0x1c8],
  [0x1cc, 0x1cb],
  [0x1f3, 0x1f2],
  [0x3b8, 0x3f4],
  [0x3c9, 0x2126],
]);

/** The mapping of one character to one, where case mapping gives several. */
function single(mapped: string, otherwise: number): number {
  const code = mapped.codePointAt(0) ?? otherwise;
  return String.fromCodePoint(code) === mapped ? code : otherwise;
}

function simpleLower(code: number): number {
  if (code === 0x130) return 0x69;
  const character = String.fromCodePoint(code);
  return single(character.toLowerCase(), code);
}

function simpleUpper(code: number): number {
  const character = String.fromCodePoint(code);
  return single(character.toUpperCase(), code);
}

function asciiLower(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** What a character is compared as: itself, or its lower case. */
export function foldOf(flags: Flags): (code: number) => number {
  if (!flags.ignoreCase) return (code) => code;
  return flags.ascii ? asciiLower : simpleLower;
}

/** All characters that ignoring case makes one with `code`. */
function twinsOf(code: number, flags: Flags): number[] {
  if (!flags.ignoreCase) return [code];
  if (flags.ascii) {
    const lower = asciiLower(code);
    return lower >= 97 && lower <= 122 ? [lower, lower - 32] : [code];
  }
  const lower = simpleLower(code);
  const character = String.fromCodePoint(lower);
  const group = CASE_TWINS.find((twins) => twins.includes(character));
  const lowers = group === undefined
    ? [lower]
    : [...group].map((twin) => twin.codePointAt(0) ?? lower);
  const others = lowers.flatMap((item) => OTHER_CAPITALS.get(item) ?? []);
  return [code, ...lowers, ...lowers.map(simpleUpper), ...others];
}

/** The test of a single character of a pattern. */
export function literalTest(literal: number, flags: Flags): CharacterTest {
  if (!flags.ignoreCase) return (code) => code === literal;
  return (code) => twinsOf(code, flags).includes(literal);
}

/** The test of a class in brackets. */
export function classTest(
  items: readonly ClassItem[],
  negated: boolean,
  flags: Flags,
): CharacterTest {
  const inRange = (code: number) =>
    items.some((item) =>
      item.kind === "range" && item.from <= code && code <= item.to
    );
  return (code) => {
    const hit = twinsOf(code, flags).some(inRange) ||
      items.some((item) => item.kind === "test" && item.test(code));
    return hit !== negated;
  };
}

/** The test of `.`. */
export function dotTest(flags: Flags): CharacterTest {
  return flags.dotAll ? () => true : (code) => code !== 10;
}

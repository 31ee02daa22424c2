/** The words of a command line, matched with the table of flags. */
import { parseArgs } from "node:util";
import { didYouMean } from "../config/nearest.ts";
import { escapeText } from "../ui/escape.ts";
import { type Flag, FLAG_LIST, type FlagName } from "./flags.ts";
import { UsageError } from "./usage_error.ts";

/** What was given. */
export interface GivenFlags {
  /** The values of each flag in order; a flag without argument has "". */
  readonly values: ReadonlyMap<FlagName, readonly string[]>;
  /** Words that belong to no flag. */
  readonly positional: readonly string[];
}

type Entry = readonly [FlagName, Flag];

/**
 * Reads flags as OfflineIMAP's parser does: in any order and between other
 * words, short ones together (`-oq`), arguments attached or not (`-aWork`,
 * `--name=x`) and whatever they begin with, long ones by any beginning that
 * leaves no choice (`--dry`), nothing any more after `--`.
 *
 * @throws {UsageError} For a flag that does not exist, could be several, lacks
 * its argument or has one that it does not take.
 */
export function readFlags(args: readonly string[]): GivenFlags {
  const values = new Map<FlagName, string[]>();
  const positional: string[] = [];
  for (const token of tokensOf(args)) {
    if (token.kind === "positional") positional.push(token.value);
    if (token.kind !== "option") continue;
    const [name, flag] = token.rawName.startsWith("--")
      ? findLong(token.rawName)
      : findShort(token.rawName.slice(1), args[token.index] ?? token.rawName);
    if (flag.argument === undefined && token.value !== undefined) {
      throw new UsageError(`${token.rawName} takes no value`);
    }
    if (flag.argument !== undefined && token.value === undefined) {
      throw new UsageError(`${token.rawName} needs a value: ${flag.argument}`);
    }
    values.set(name, [...values.get(name) ?? [], token.value ?? ""]);
  }
  return { values, positional };
}

/** The words as tokens, long flags written out. */
function tokensOf(args: readonly string[]) {
  const words = [...args];
  while (true) {
    // Not strict: an argument may begin with a dash, and the errors are ours.
    const { tokens } = parseArgs({
      args: words,
      options: OPTIONS,
      strict: false,
      allowPositionals: true,
      tokens: true,
    });
    const short = tokens.find((token) =>
      token.kind === "option" && token.rawName.startsWith("--") &&
      token.rawName !== `--${findLong(token.rawName)[1].long}`
    );
    if (short?.kind !== "option") return tokens;
    // Whether the next word is its argument shows once it is written out.
    const full = `--${findLong(short.rawName)[1].long}`;
    const rest = (words[short.index] ?? "").slice(short.rawName.length);
    words[short.index] = full + rest;
  }
}

/** The table of flags in the form of `node:util`. */
const OPTIONS = Object.fromEntries(
  FLAG_LIST.map(([name, { long, short, argument }]) => [long ?? name, {
    type: argument === undefined ? "boolean" as const : "string" as const,
    ...(short === undefined ? {} : { short }),
  }]),
);

/** @param word With its two dashes. */
function findLong(word: string): Entry {
  const known = FLAG_LIST.filter(([, { long }]) => long !== undefined);
  const exact = known.find(([, { long }]) => `--${long}` === word);
  if (exact !== undefined) return exact;
  const [only, ...others] = word === "--"
    ? []
    : known.filter(([, { long }]) => `--${long}`.startsWith(word));
  const names = (entries: readonly Entry[]) =>
    entries.map(([, { long }]) => `--${long}`);
  const shown = escapeText(word);
  if (only === undefined) {
    const guess = didYouMean(word, names(known));
    throw new UsageError(`There is no flag ${shown}${guess}`);
  }
  if (others.length > 0) {
    const all = names([only, ...others]).join(" or ");
    throw new UsageError(`${shown} could be ${all}`);
  }
  return only;
}

/** @param word The whole word that the letter is part of. */
function findShort(letter: string, word: string): Entry {
  const entry = FLAG_LIST.find(([, { short }]) => short === letter);
  if (entry !== undefined) return entry;
  // `-info` for `--info` is the usual slip.
  const long = FLAG_LIST.find(([, { long }]) => `-${long}` === word)?.[1].long;
  const guess = long === undefined ? "" : `; did you mean "--${long}"?`;
  throw new UsageError(`There is no flag -${escapeText(letter)}${guess}`);
}

/**
 * The words of a command line, matched with the table of flags.
 *
 * By hand, since a package for it would double the time that a run with nothing
 * to do takes to start, and the rules are those of Python's optparse.
 */
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
  const rest = [...args];
  /** @param attached The argument that is part of the word, if any. */
  const take = ([name, flag]: Entry, shown: string, attached?: string) => {
    const value = flag.argument === undefined ? "" : attached ?? rest.shift();
    if (value === undefined) {
      throw new UsageError(`${shown} needs a value: ${flag.argument}`);
    }
    values.set(name, [...values.get(name) ?? [], value]);
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") {
      positional.push(...rest);
      break;
    }
    if (word.startsWith("--")) {
      const equals = word.indexOf("=");
      const name = equals < 0 ? word : word.slice(0, equals);
      const attached = equals < 0 ? undefined : word.slice(equals + 1);
      const entry = findLong(name);
      const shown = `--${entry[1].long}`;
      if (attached !== undefined && entry[1].argument === undefined) {
        throw new UsageError(`${shown} takes no value`);
      }
      take(entry, shown, attached);
    } else if (word.startsWith("-") && word !== "-") {
      let letters = [...word.slice(1)];
      while (letters.length > 0) {
        const [letter = "", ...others] = letters;
        const entry = findShort(letter, word);
        const attached = others.join("");
        take(entry, `-${letter}`, attached === "" ? undefined : attached);
        letters = entry[1].argument === undefined ? others : [];
      }
    } else positional.push(word);
  }
  return { values, positional };
}

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

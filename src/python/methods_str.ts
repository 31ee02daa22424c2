/** The methods of `str`. */
import {
  charactersOf,
  lengthOf,
  pointIndex,
  substring,
} from "./code_points.ts";
import { encode } from "./codecs.ts";
import { Dict } from "./collections.ts";
import { justify } from "./format_spec.ts";
import { formatTemplate } from "./format_text.ts";
import { iterate } from "./iterate.ts";
import { methodTable } from "./native.ts";
import { clampIndex } from "./numbers.ts";
import { Raised, typeError, valueError } from "./raised.ts";
import { isPrintable } from "./repr.ts";
import type { Arguments } from "./signature.ts";
import { boundsOf } from "./slice.ts";
import { TEXT_SPLIT_METHODS } from "./methods_str_split.ts";
import * as unicode from "./unicode.ts";
import {
  asInteger,
  NO_KEYWORDS,
  type Runtime,
  Slice,
  Tuple,
  typeName,
  type Value,
} from "./values.ts";

/** The part that arguments `start` and `end` at `index` and after pick. */
function regionOf(text: string, args: Arguments, index: number) {
  const length = lengthOf(text);
  const slice = new Slice(args.at(index), args.at(index + 1), null);
  const { start, stop } = boundsOf(slice, length);
  const wanted = args.at(index);
  const from = asInteger(wanted) ?? 0n;
  return { start, stop, outside: start > stop || from > BigInt(length) };
}

/** Index of `needle` within the region, counted from the start of `text`, or -1. */
function find(text: string, args: Arguments, last: boolean): bigint {
  const needle = args.text(0);
  const { start, stop, outside } = regionOf(text, args, 1);
  if (outside) return -1n;
  const part = substring(text, start, stop);
  const unit = last ? part.lastIndexOf(needle) : part.indexOf(needle);
  return unit < 0 ? -1n : BigInt(start + pointIndex(part, unit));
}

/** The index, or Python's error for "not there". */
function found(index: bigint): bigint {
  if (index < 0n) throw valueError("substring not found");
  return index;
}

function startsOrEnds(text: string, args: Arguments, end: boolean): boolean {
  const wanted = args.at(0);
  const options = wanted instanceof Tuple ? wanted.items : [wanted];
  const { start, stop, outside } = regionOf(text, args, 1);
  const part = substring(text, start, stop);
  return options.some((option) => {
    if (typeof option !== "string") {
      throw typeError(
        `${args.name} first arg must be str or a tuple of str, not ${
          typeName(option)
        }`,
      );
    }
    if (outside) return false;
    return end ? part.endsWith(option) : part.startsWith(option);
  });
}

function strip(
  text: string,
  args: Arguments,
  ends: "left" | "right" | "both",
): string {
  if (args.at(0) === null) return unicode.stripSpace(text, ends);
  const set = new Set(charactersOf(args.text(0)));
  const characters = charactersOf(text);
  let start = 0;
  let end = characters.length;
  const inSet = (index: number) => set.has(characters[index] ?? "");
  if (ends !== "right") { while (start < end && inSet(start)) start += 1; }
  if (ends !== "left") { while (end > start && inSet(end - 1)) end -= 1; }
  return characters.slice(start, end).join("");
}

function replace(text: string, args: Arguments, runtime: Runtime): string {
  const old = args.text(0);
  const fresh = args.text(1);
  const limit = args.integerOr(2, -1n);
  let most = limit < 0n ? Infinity : clampIndex(limit);
  // Every piece could grow, so the worst length is what counts.
  const pieces = old === "" ? lengthOf(text) + 1 : text.split(old).length - 1;
  runtime.meter.text(text.length + Math.min(pieces, most) * fresh.length);
  if (old !== "") {
    return text.replaceAll(old, () => (most -= 1) >= 0 ? fresh : old);
  }
  let result = "";
  for (const character of charactersOf(text)) {
    if (most > 0) result += fresh;
    most -= 1;
    result += character;
  }
  return most > 0 ? result + fresh : result;
}

function count(text: string, args: Arguments): bigint {
  const needle = args.text(0);
  const { start, stop, outside } = regionOf(text, args, 1);
  if (outside) return 0n;
  const part = substring(text, start, stop);
  return needle === ""
    ? BigInt(lengthOf(part) + 1)
    : BigInt(part.split(needle).length - 1);
}

/** `separator.join(items)`, for str. */
function join(separator: string, args: Arguments, runtime: Runtime): string {
  const items: string[] = [];
  let length = 0;
  for (const item of iterate(args.at(0), runtime)) {
    if (typeof item !== "string") {
      throw typeError(
        `sequence item ${items.length}: expected str instance, ${
          typeName(item)
        } found`,
      );
    }
    items.push(item);
    length += item.length + separator.length;
    runtime.meter.text(length);
  }
  return items.join(separator);
}

function translate(text: string, args: Arguments, runtime: Runtime): string {
  const table = args.at(0);
  return charactersOf(text).map((character) => {
    runtime.meter.step();
    const mapped = translated(
      table,
      BigInt(character.codePointAt(0) ?? 0),
      runtime,
    );
    if (mapped === undefined) return character;
    if (mapped === null) return "";
    if (typeof mapped === "string") return mapped;
    const code = asInteger(mapped);
    if (code === undefined) {
      throw typeError("character mapping must return integer, None or str");
    }
    if (code < 0n || code > 0x10ffffn) {
      throw valueError("character mapping must be in range(0x110000)");
    }
    return String.fromCodePoint(Number(code));
  }).join("");
}

/** What a table of `translate` holds for a character; undefined for nothing. */
function translated(
  table: Value,
  code: bigint,
  runtime: Runtime,
): Value | undefined {
  if (table instanceof Dict) return table.get(code);
  try {
    return runtime.item(table, code);
  } catch (error) {
    if (error instanceof Raised && error.exception === "IndexError") {
      return undefined;
    }
    throw error;
  }
}

function pad(
  text: string,
  args: Arguments,
  side: "left" | "right" | "center",
  runtime: Runtime,
): string {
  const fill = args.textOr(1, " ");
  if (lengthOf(fill) !== 1) {
    throw typeError("The fill character must be exactly one character long");
  }
  const width = clampIndex(args.integer(0));
  runtime.meter.text(Math.max(width, 0));
  return justify(text, width, fill, side);
}

function zeroFill(text: string, args: Arguments, runtime: Runtime): string {
  const width = clampIndex(args.integer(0));
  runtime.meter.text(Math.max(width, 0));
  const [, sign = "", digits = ""] = /^([+-]?)([^]*)$/.exec(text) ?? [];
  return sign + justify(digits, width - sign.length, "0", "right");
}

function expandTabs(text: string, args: Arguments, runtime: Runtime): string {
  const size = clampIndex(args.integerOr(0, 8n));
  let column = 0;
  let result = "";
  for (const character of charactersOf(text)) {
    if (character === "\t") {
      const blanks = size > 0 ? size - column % size : 0;
      runtime.meter.text(result.length + blanks);
      result += " ".repeat(blanks);
      column += blanks;
      continue;
    }
    result += character;
    column = character === "\n" || character === "\r" ? 0 : column + 1;
  }
  return result;
}

/** A method that asks whether all characters, of which there are some, are so. */
function all(
  test: (character: string) => boolean,
): [string, (text: string) => boolean] {
  return ["", (text) => text !== "" && charactersOf(text).every(test)];
}

/** The case of a text that has some: `islower` and `isupper`. */
function cased(
  wanted: (character: string) => boolean,
  refused: (character: string) => boolean,
): [string, (text: string) => boolean] {
  return ["", (text) => {
    const characters = charactersOf(text);
    return characters.some(wanted) && !characters.some(refused);
  }];
}

/** `str.x`. */
export const TEXT_METHODS = methodTable<string>(
  "str",
  (value) => typeof value === "string" ? value : undefined,
  {
    ...TEXT_SPLIT_METHODS,
    capitalize: ["", (text) => unicode.capitalize(text)],
    casefold: ["", (text) => unicode.caseFold(text)],
    center: [
      "width, fillchar?, /",
      (text, args, runtime) => pad(text, args, "center", runtime),
    ],
    count: ["sub, start?, end?, /", count],
    encode: [
      "encoding?, errors?",
      (text, args) =>
        encode(text, args.textOr(0, "utf-8"), args.textOr(1, "strict")),
    ],
    endswith: [
      "suffix, start?, end?, /",
      (text, args) => startsOrEnds(text, args, true),
    ],
    expandtabs: ["tabsize?", expandTabs],
    find: ["sub, start?, end?, /", (text, args) => find(text, args, false)],
    format: [
      "*args, **named",
      (text, args, runtime) =>
        formatTemplate(text, { args: args.rest, named: args.named }, runtime),
    ],
    format_map: ["mapping, /", (text, args, runtime) => {
      const mapping = args.at(0);
      const named = mapping instanceof Dict ? mapping : NO_KEYWORDS;
      return formatTemplate(text, { args: [], named }, runtime);
    }],
    index: [
      "sub, start?, end?, /",
      (text, args) => found(find(text, args, false)),
    ],
    isalnum: all(unicode.isAlnum),
    isalpha: all(unicode.isAlpha),
    isascii: ["", (text) => /^\p{ASCII}*$/u.test(text)],
    isdecimal: all(unicode.isDecimal),
    isdigit: all(unicode.isDigit),
    isidentifier: [
      "",
      (text) => /^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(text),
    ],
    islower: cased(
      unicode.isLower,
      (character) => unicode.isUpper(character) || unicode.isTitle(character),
    ),
    isnumeric: all(unicode.isNumeric),
    isprintable: ["", (text) => charactersOf(text).every(isPrintable)],
    isspace: all(unicode.isSpace),
    istitle: ["", (text) => unicode.isTitleCase(text)],
    isupper: cased(
      unicode.isUpper,
      (character) => unicode.isLower(character) || unicode.isTitle(character),
    ),
    join: ["iterable, /", join],
    ljust: [
      "width, fillchar?, /",
      (text, args, runtime) => pad(text, args, "left", runtime),
    ],
    lower: ["", (text) => text.toLowerCase()],
    lstrip: ["chars?, /", (text, args) => strip(text, args, "left")],
    removeprefix: ["prefix, /", (text, args) => {
      const prefix = args.text(0);
      return text.startsWith(prefix) ? text.slice(prefix.length) : text;
    }],
    removesuffix: ["suffix, /", (text, args) => {
      const suffix = args.text(0);
      const ends = suffix !== "" && text.endsWith(suffix);
      return ends ? text.slice(0, -suffix.length) : text;
    }],
    replace: ["old, new, count?, /", replace],
    rfind: ["sub, start?, end?, /", (text, args) => find(text, args, true)],
    rindex: [
      "sub, start?, end?, /",
      (text, args) => found(find(text, args, true)),
    ],
    rjust: [
      "width, fillchar?, /",
      (text, args, runtime) => pad(text, args, "right", runtime),
    ],
    rstrip: ["chars?, /", (text, args) => strip(text, args, "right")],
    startswith: [
      "prefix, start?, end?, /",
      (text, args) => startsOrEnds(text, args, false),
    ],
    strip: ["chars?, /", (text, args) => strip(text, args, "both")],
    swapcase: ["", (text) => unicode.swapCase(text)],
    title: ["", (text) => unicode.titleCase(text)],
    translate: ["table, /", translate],
    upper: ["", (text) => text.toUpperCase()],
    zfill: ["width, /", zeroFill],
  },
);

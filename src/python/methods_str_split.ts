/** The methods of `str` that cut it to pieces. */
import { charactersOf } from "./code_points.ts";
import { isTrue } from "./iterate.ts";
import type { Methods } from "./native.ts";
import { clampIndex } from "./numbers.ts";
import { valueError } from "./raised.ts";
import type { Arguments } from "./signature.ts";
import { isSpace, splitLines, stripSpace } from "./unicode.ts";
import { type Runtime, Tuple } from "./values.ts";

/** How many cuts are allowed. */
function mostCuts(args: Arguments): number {
  const limit = args.integerOr(1, -1n);
  return limit < 0n ? Infinity : clampIndex(limit);
}

function split(text: string, args: Arguments, runtime: Runtime): string[] {
  runtime.meter.text(text.length);
  const most = mostCuts(args);
  if (args.at(0) === null) return splitAtBlanks(text, most);
  const separator = nonEmpty(args);
  const parts = text.split(separator);
  runtime.meter.step(parts.length);
  if (parts.length - 1 <= most) return parts;
  const rest = parts.slice(most).join(separator);
  return [...parts.slice(0, most), rest];
}

function splitRight(text: string, args: Arguments, runtime: Runtime): string[] {
  runtime.meter.text(text.length);
  const most = mostCuts(args);
  const reverse = (part: string) => charactersOf(part).reverse().join("");
  // Cutting the mirrored text from its left is cutting the text from its right.
  const mirrored = reverse(text);
  const parts = args.at(0) === null
    ? splitAtBlanks(mirrored, most)
    : splitMirrored(mirrored, reverse(nonEmpty(args)), most);
  runtime.meter.step(parts.length);
  return parts.map(reverse).reverse();
}

function splitMirrored(
  text: string,
  separator: string,
  most: number,
): string[] {
  const parts = text.split(separator);
  if (parts.length - 1 <= most) return parts;
  return [...parts.slice(0, most), parts.slice(most).join(separator)];
}

function nonEmpty(args: Arguments): string {
  const separator = args.text(0);
  if (separator === "") throw valueError("empty separator");
  return separator;
}

/** `text.split(None, most)`: runs of blanks separate, those at the ends do not. */
function splitAtBlanks(text: string, most: number): string[] {
  const parts: string[] = [];
  let rest = stripSpace(text, "left");
  while (rest !== "") {
    if (parts.length >= most) return [...parts, rest];
    let end = 0;
    while (end < rest.length && !isSpace(rest.charAt(end))) end += 1;
    parts.push(rest.slice(0, end));
    rest = stripSpace(rest.slice(end), "left");
  }
  return parts;
}

function partition(text: string, args: Arguments, last: boolean): Tuple {
  const separator = nonEmpty(args);
  const at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
  if (at < 0) return new Tuple(last ? ["", "", text] : [text, "", ""]);
  return new Tuple([
    text.slice(0, at),
    separator,
    text.slice(at + separator.length),
  ]);
}

/** The splitting part of `str`'s methods. */
export const TEXT_SPLIT_METHODS: Methods<string> = {
  partition: ["sep, /", (text, args) => partition(text, args, false)],
  rpartition: ["sep, /", (text, args) => partition(text, args, true)],
  rsplit: ["sep?, maxsplit?", splitRight],
  split: ["sep?, maxsplit?", split],
  splitlines: [
    "keepends?",
    (text, args) => splitLines(text, isTrue(args.at(0))),
  ],
};

/** The methods and attributes of patterns and matches. */
import { Dict } from "../collections.ts";
import { methodTable } from "../native.ts";
import { clampIndex } from "../numbers.ts";
import { typeError } from "../raised.ts";
import type { Arguments } from "../signature.ts";
import {
  Callable,
  Iter,
  NO_KEYWORDS,
  type Runtime,
  Tuple,
  typeName,
  type Value,
} from "../values.ts";
import { Match } from "./match_object.ts";
import { Pattern, type Region } from "./pattern.ts";
import { expandTemplate, parseTemplate } from "./template.ts";

/** The text argument at `index`. */
function subject(args: Arguments, index: number): string {
  const value = args.at(index);
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) {
    throw typeError("cannot use a string pattern on a bytes-like object");
  }
  throw typeError(
    `expected string or bytes-like object, got '${typeName(value)}'`,
  );
}

/** Arguments `pos` and `endpos`, at 1 and 2. */
function regionOf(args: Arguments): Region {
  return {
    ...(args.has(1) ? { from: clampIndex(args.integer(1)) } : {}),
    ...(args.has(2) ? { to: clampIndex(args.integer(2)) } : {}),
  };
}

/** What `findall` tells of one match: its only group, all groups, or itself. */
function findings(match: Match): Value {
  const { groups } = match.pattern;
  if (groups === 0) return match.group(0) ?? "";
  if (groups === 1) return match.group(1) ?? "";
  return new Tuple(groupList(match, ""));
}

/** All groups from 1; `otherwise` for those that took no part. */
function groupList(match: Match, otherwise: Value): Value[] {
  return Array.from(
    { length: match.pattern.groups },
    (_, index) => match.group(index + 1) ?? otherwise,
  );
}

/** `pattern.sub(replacement, text, count)`: the text and the number of changes. */
function substitute(
  pattern: Pattern,
  replacement: Value,
  text: string,
  count: number,
  runtime: Runtime,
): { text: string; count: number } {
  const expand = expander(pattern, replacement, runtime);
  const characters = Array.from(text);
  let result = "";
  let changed = 0;
  let at = 0;
  for (const match of pattern.matches(text, {}, runtime.meter)) {
    if (count !== 0 && changed >= count) break;
    const [start, end] = match.span(0);
    result += characters.slice(at, start).join("") + expand(match);
    runtime.meter.text(result.length);
    at = end;
    changed += 1;
  }
  return { text: result + characters.slice(at).join(""), count: changed };
}

/** What puts a replacement in the place of a match. */
function expander(
  pattern: Pattern,
  replacement: Value,
  runtime: Runtime,
): (match: Match) => string {
  if (typeof replacement === "string") {
    const template = parseTemplate(replacement, pattern);
    return (match) => expandTemplate(template, match);
  }
  if (!(replacement instanceof Callable)) {
    throw typeError(
      `expected str or a function as replacement, not ${typeName(replacement)}`,
    );
  }
  return (match) => {
    const text = runtime.call(replacement, [match], NO_KEYWORDS);
    if (typeof text === "string") return text;
    if (text === null) return "";
    throw typeError(
      `sequence item: expected str instance, ${typeName(text)} found`,
    );
  };
}

/** `pattern.split(text, most)`; groups of the pattern are in the result. */
function splitBy(
  pattern: Pattern,
  text: string,
  most: number,
  runtime: Runtime,
): Value[] {
  const characters = Array.from(text);
  const parts: Value[] = [];
  let at = 0;
  let cuts = 0;
  for (const match of pattern.matches(text, {}, runtime.meter)) {
    if (most !== 0 && cuts >= most) break;
    const [start, end] = match.span(0);
    parts.push(
      characters.slice(at, start).join(""),
      ...groupList(match, null),
    );
    at = end;
    cuts += 1;
  }
  return [...parts, characters.slice(at).join("")];
}

/** `re.Pattern.x`. */
export const PATTERN_METHODS = methodTable<Pattern>(
  "re.Pattern",
  (value) => value instanceof Pattern ? value : undefined,
  {
    findall: ["string, pos?, endpos?", (pattern, args, { meter }) =>
      Array.from(
        pattern.matches(subject(args, 0), regionOf(args), meter),
        findings,
      )],
    finditer: ["string, pos?, endpos?", (pattern, args, { meter }) =>
      new Iter(
        "callable_iterator",
        pattern.matches(subject(args, 0), regionOf(args), meter),
      )],
    fullmatch: [
      "string, pos?, endpos?",
      (pattern, args, { meter }) =>
        pattern.matchAt(
          subject(args, 0),
          { ...regionOf(args), full: true },
          meter,
        ) ?? null,
    ],
    match: [
      "string, pos?, endpos?",
      (pattern, args, { meter }) =>
        pattern.matchAt(subject(args, 0), regionOf(args), meter) ?? null,
    ],
    search: [
      "string, pos?, endpos?",
      (pattern, args, { meter }) =>
        pattern.search(subject(args, 0), regionOf(args), meter) ?? null,
    ],
    split: [
      "string, maxsplit?",
      (pattern, args, runtime) =>
        splitBy(pattern, subject(args, 0), countAt(args, 1), runtime),
    ],
    sub: ["repl, string, count?", (pattern, args, runtime) =>
      substitute(
        pattern,
        args.at(0),
        subject(args, 1),
        countAt(args, 2),
        runtime,
      ).text],
    subn: ["repl, string, count?", (pattern, args, runtime) => {
      const text = subject(args, 1);
      const most = countAt(args, 2);
      const result = substitute(pattern, args.at(0), text, most, runtime);
      return new Tuple([result.text, BigInt(result.count)]);
    }],
  },
);

/** A count, 0 for no bound. */
function countAt(args: Arguments, index: number): number {
  return clampIndex(args.integerOr(index, 0n));
}

/** `re.Pattern`'s data. */
export function patternAttribute(
  pattern: Pattern,
  name: string,
): Value | undefined {
  switch (name) {
    case "pattern":
      return pattern.pattern;
    case "flags":
      return BigInt(pattern.flagBits);
    case "groups":
      return BigInt(pattern.groups);
    case "groupindex":
      return new Dict([...pattern.names].map(([key, group]) => [
        key,
        BigInt(group),
      ]));
  }
  return undefined;
}

function groups(match: Match, args: Arguments): Value {
  const keys = args.rest;
  if (keys.length === 0) return match.group(0) ?? null;
  const values = keys.map((key) => match.groupAt(key));
  return values.length === 1 ? values[0] ?? null : new Tuple(values);
}

/** Start or end of the group that the only argument names. */
function edge(match: Match, args: Arguments, side: 0 | 1): bigint {
  const number = args.has(0) ? match.numberOf(args.at(0)) : 0;
  return BigInt(match.span(number)[side]);
}

/** `re.Match.x`. */
export const MATCH_METHODS = methodTable<Match>(
  "re.Match",
  (value) => value instanceof Match ? value : undefined,
  {
    end: ["group?, /", (match, args) => edge(match, args, 1)],
    expand: [
      "template, /",
      (match, args) =>
        expandTemplate(parseTemplate(args.text(0), match.pattern), match),
    ],
    group: ["*groups", groups],
    groupdict: [
      "default?",
      (match, args) =>
        new Dict([...match.pattern.names].map(([name, number]) => [
          name,
          match.group(number) ?? args.at(0),
        ])),
    ],
    groups: [
      "default?",
      (match, args) => new Tuple(groupList(match, args.at(0))),
    ],
    span: [
      "group?, /",
      (match, args) => new Tuple([edge(match, args, 0), edge(match, args, 1)]),
    ],
    start: ["group?, /", (match, args) => edge(match, args, 0)],
  },
);

/** `re.Match`'s data. */
export function matchAttribute(match: Match, name: string): Value | undefined {
  const { lastGroup } = match.captures;
  switch (name) {
    case "string":
      return match.searched.text;
    case "re":
      return match.pattern;
    case "pos":
      return BigInt(match.searched.from);
    case "endpos":
      return BigInt(match.searched.to);
    case "lastindex":
      return lastGroup === 0 ? null : BigInt(lastGroup);
    case "lastgroup":
      return match.lastGroupName ?? null;
  }
  return undefined;
}

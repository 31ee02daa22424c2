/** Module `re`. */
import { builtin } from "../native.ts";
import { clampIndex } from "../numbers.ts";
import { typeError, valueError } from "../raised.ts";
import type { Arguments } from "../signature.ts";
import {
  type Callable,
  Module,
  type Runtime,
  typeName,
  type Value,
} from "../values.ts";
import { FLAG_BITS } from "./flags.ts";
import { PATTERN_METHODS } from "./methods.ts";
import { Pattern } from "./pattern.ts";

/** Compiled patterns by flags and text, the most recent last. */
const compiled = new Map<string, Pattern>();
/** As many as Python keeps. */
const KEPT_PATTERNS = 512;

/** `re.compile(pattern, flags)`. */
function compilePattern(value: Value, flags: bigint): Pattern {
  if (value instanceof Pattern) {
    if (flags === 0n) return value;
    throw valueError("cannot process flags argument with a compiled pattern");
  }
  if (value instanceof Uint8Array) {
    throw typeError("patterns of bytes are not supported, only of str");
  }
  if (typeof value !== "string") {
    throw typeError("first argument must be string or compiled pattern");
  }
  const key = `${flags} ${value}`;
  let pattern = compiled.get(key);
  if (pattern === undefined) {
    pattern = new Pattern(value, clampIndex(flags));
    if (compiled.size >= KEPT_PATTERNS) compiled.clear();
    compiled.set(key, pattern);
  }
  return pattern;
}

/**
 * A function of the module: a method of the pattern given first.
 *
 * `signature` holds the method's parameters between `pattern` and `flags`.
 */
function patternFunction(
  name: string,
  signature: string,
  count: number,
): Callable {
  return builtin(
    name,
    `pattern, ${signature}, flags?`,
    (args, runtime: Runtime) => {
      const flags = args.integerOr(count + 1, 0n);
      const pattern = compilePattern(args.at(0), flags);
      const method = PATTERN_METHODS.bound(pattern, name);
      if (method === undefined) return null;
      return runtime.call(method, given(args, count));
    },
  );
}

/** The arguments between pattern and flags, as far as they were given. */
function given(args: Arguments, count: number): Value[] {
  const values: Value[] = [];
  for (let index = 1; index <= count; index += 1) {
    const value = args.optional(index);
    if (value !== undefined) values.push(value);
  }
  return values;
}

/** What `re.escape` puts a backslash before. */
const SPECIAL = /[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g;

const escape = builtin("escape", "pattern", (args) => {
  const text = args.at(0);
  if (typeof text === "string") {
    return text.replaceAll(SPECIAL, (character) => `\\${character}`);
  }
  throw typeError(`escape() needs a str, not ${typeName(text)}`);
});

/** Flags by the names that the module gives them. */
const FLAG_NAMES: Readonly<Record<string, number>> = {
  A: FLAG_BITS.a,
  ASCII: FLAG_BITS.a,
  I: FLAG_BITS.i,
  IGNORECASE: FLAG_BITS.i,
  M: FLAG_BITS.m,
  MULTILINE: FLAG_BITS.m,
  NOFLAG: 0,
  S: FLAG_BITS.s,
  DOTALL: FLAG_BITS.s,
  U: FLAG_BITS.u,
  UNICODE: FLAG_BITS.u,
  X: FLAG_BITS.x,
  VERBOSE: FLAG_BITS.x,
};

/** The module. */
export const RE_MODULE = new Module(
  "re",
  new Map<string, Value>([
    [
      "compile",
      builtin(
        "compile",
        "pattern, flags?",
        (args) => compilePattern(args.at(0), args.integerOr(1, 0n)),
      ),
    ],
    ["escape", escape],
    ["findall", patternFunction("findall", "string", 1)],
    ["finditer", patternFunction("finditer", "string", 1)],
    ["fullmatch", patternFunction("fullmatch", "string", 1)],
    ["match", patternFunction("match", "string", 1)],
    ["purge", builtin("purge", "", () => null)],
    ["search", patternFunction("search", "string", 1)],
    ["split", patternFunction("split", "string, maxsplit?", 2)],
    ["sub", patternFunction("sub", "repl, string, count?", 3)],
    ["subn", patternFunction("subn", "repl, string, count?", 3)],
    ...Object.entries(FLAG_NAMES).map((
      [name, bits],
    ): [string, Value] => [name, BigInt(bits)]),
  ]),
);

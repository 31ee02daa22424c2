/** The methods of `bytes` that configurations use. */
import { latinBytes, latinText } from "./codec_utf7.ts";
import { decode } from "./codecs.ts";
import { indexOfBytes } from "./compare.ts";
import { isTrue, iterate } from "./iterate.ts";
import { methodTable } from "./native.ts";
import { clampIndex } from "./numbers.ts";
import { typeError, valueError } from "./raised.ts";
import type { Arguments } from "./signature.ts";
import {
  asInteger,
  type Runtime,
  Tuple,
  typeName,
  type Value,
} from "./values.ts";

/** The bytes argument at `index`. */
function bytesAt(args: Arguments, index: number): Uint8Array {
  const value = args.at(index);
  if (value instanceof Uint8Array) return value;
  throw typeError(`a bytes-like object is required, not '${typeName(value)}'`);
}

/** ASCII blanks, which are the only ones in bytes. */
const BLANK = new Set([9, 10, 11, 12, 13, 32]);

function strip(
  bytes: Uint8Array,
  args: Arguments,
  ends: "left" | "right" | "both",
): Uint8Array {
  const set = args.at(0) === null ? BLANK : new Set(bytesAt(args, 0));
  let start = 0;
  let end = bytes.length;
  const inSet = (index: number) => set.has(bytes[index] ?? -1);
  if (ends !== "right") { while (start < end && inSet(start)) start += 1; }
  if (ends !== "left") { while (end > start && inSet(end - 1)) end -= 1; }
  return bytes.slice(start, end);
}

function split(bytes: Uint8Array, args: Arguments): Value[] {
  const limit = args.integerOr(1, -1n);
  const most = limit < 0n ? Infinity : clampIndex(limit);
  const text = latinText(bytes);
  if (args.at(0) !== null) {
    const separator = latinText(bytesAt(args, 0));
    if (separator === "") throw valueError("empty separator");
    const parts = text.split(separator);
    if (parts.length - 1 <= most) return parts.map(latinBytes);
    const rest = parts.slice(most).join(separator);
    return [...parts.slice(0, most), rest].map(latinBytes);
  }
  const parts: string[] = [];
  let rest = text.replace(/^[\t-\r ]+/, "");
  while (rest !== "" && parts.length < most) {
    const [part = ""] = /^[^\t-\r ]+/.exec(rest) ?? [];
    parts.push(part);
    rest = rest.slice(part.length).replace(/^[\t-\r ]+/, "");
  }
  return (rest === "" ? parts : [...parts, rest]).map(latinBytes);
}

/** Bytes split lines at CR and LF only. */
function splitLines(bytes: Uint8Array, keepEnds: boolean): Value[] {
  const lines = latinText(bytes).match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ??
    [];
  return lines.map((line) =>
    latinBytes(keepEnds ? line : line.replace(/[\r\n]+$/, ""))
  );
}

function starts(bytes: Uint8Array, args: Arguments, end: boolean): boolean {
  const wanted = args.at(0);
  const options = wanted instanceof Tuple ? wanted.items : [wanted];
  const text = latinText(bytes);
  return options.some((option) => {
    if (!(option instanceof Uint8Array)) {
      throw typeError(
        `${args.name} first arg must be bytes or a tuple of bytes, not ${
          typeName(option)
        }`,
      );
    }
    const part = latinText(option);
    return end ? text.endsWith(part) : text.startsWith(part);
  });
}

/** The bytes, or the one byte, to look for. */
function needleAt(args: Arguments): Uint8Array {
  const byte = asInteger(args.at(0));
  if (byte === undefined) return bytesAt(args, 0);
  if (byte < 0n || byte > 255n) {
    throw valueError("byte must be in range(0, 256)");
  }
  return Uint8Array.of(Number(byte));
}

function join(
  separator: Uint8Array,
  args: Arguments,
  runtime: Runtime,
): Uint8Array {
  const parts: string[] = [];
  let length = 0;
  for (const item of iterate(args.at(0), runtime)) {
    if (!(item instanceof Uint8Array)) {
      throw typeError(
        `sequence item ${parts.length}: expected a bytes-like object, ${
          typeName(item)
        } found`,
      );
    }
    parts.push(latinText(item));
    length += item.length + separator.length;
    runtime.meter.text(length);
  }
  return latinBytes(parts.join(latinText(separator)));
}

function replace(
  bytes: Uint8Array,
  args: Arguments,
  runtime: Runtime,
): Uint8Array {
  const old = latinText(bytesAt(args, 0));
  const fresh = latinText(bytesAt(args, 1));
  const limit = args.integerOr(2, -1n);
  let most = limit < 0n ? Infinity : clampIndex(limit);
  runtime.meter.text((bytes.length + 1) * (fresh.length + 1));
  return latinBytes(
    latinText(bytes).replaceAll(old, () => (most -= 1) >= 0 ? fresh : old),
  );
}

function changeCase(bytes: Uint8Array, upper: boolean): Uint8Array {
  const text = latinText(bytes);
  return latinBytes(
    upper
      ? text.replace(/[a-z]+/g, (run) => run.toUpperCase())
      : text.replace(/[A-Z]+/g, (run) => run.toLowerCase()),
  );
}

function partition(bytes: Uint8Array, args: Arguments): Tuple {
  const separator = bytesAt(args, 0);
  if (separator.length === 0) throw valueError("empty separator");
  const at = indexOfBytes(bytes, separator);
  const none = new Uint8Array();
  if (at < 0) return new Tuple([bytes, none, none]);
  return new Tuple([
    bytes.slice(0, at),
    separator,
    bytes.slice(at + separator.length),
  ]);
}

/** `bytes.x`. */
export const BYTES_METHODS = methodTable<Uint8Array>(
  "bytes",
  (value) => value instanceof Uint8Array ? value : undefined,
  {
    decode: [
      "encoding?, errors?",
      (bytes, args) =>
        decode(bytes, args.textOr(0, "utf-8"), args.textOr(1, "strict")),
    ],
    endswith: ["suffix, /", (bytes, args) => starts(bytes, args, true)],
    find: [
      "sub, /",
      (bytes, args) => BigInt(indexOfBytes(bytes, needleAt(args))),
    ],
    hex: [
      "",
      (bytes) =>
        Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(
          "",
        ),
    ],
    join: ["iterable, /", join],
    lower: ["", (bytes) => changeCase(bytes, false)],
    lstrip: ["chars?, /", (bytes, args) => strip(bytes, args, "left")],
    partition: ["sep, /", partition],
    replace: ["old, new, count?, /", replace],
    rstrip: ["chars?, /", (bytes, args) => strip(bytes, args, "right")],
    split: ["sep?, maxsplit?", split],
    splitlines: [
      "keepends?",
      (bytes, args) => splitLines(bytes, isTrue(args.at(0))),
    ],
    startswith: ["prefix, /", (bytes, args) => starts(bytes, args, false)],
    strip: ["chars?, /", (bytes, args) => strip(bytes, args, "both")],
    upper: ["", (bytes) => changeCase(bytes, true)],
  },
);

/** Values on their way to and from the helper, as JSON. */
import { decodeBase64, encodeBase64 } from "../base64.ts";
import { Dict, PySet } from "../collections.ts";
import { formatFloat } from "../numbers.ts";
import { typeError } from "../raised.ts";
import { PyObject, Tuple, typeName, type Value } from "../values.ts";

/** JSON that stands for a value. */
export type Packed =
  | null
  | boolean
  | string
  | Packed[]
  | { readonly t: string; readonly v: Packed };

/** A value of the helper that has no counterpart here, such as a match object. */
export class Foreign extends PyObject {
  constructor(readonly typeName: string) {
    super();
  }
}

/** What to send for `value`. @throws `TypeError` for functions and the like. */
export function pack(value: Value): Packed {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return { t: "int", v: value.toString() };
  if (typeof value === "number") return { t: "float", v: formatFloat(value) };
  if (value instanceof Uint8Array) {
    return { t: "bytes", v: encodeBase64(value) };
  }
  if (Array.isArray(value)) return value.map(pack);
  if (value instanceof Tuple) return { t: "tuple", v: value.items.map(pack) };
  if (value instanceof PySet) {
    return { t: "set", v: [...value.members()].map(pack) };
  }
  if (value instanceof Dict) {
    const entries = Array.from(
      value.entries(),
      ([key, item]) => [pack(key), pack(item)],
    );
    return { t: "dict", v: entries };
  }
  throw typeError(`a ${typeName(value)} cannot be given to python3`);
}

/** The value that JSON from the helper stands for. @throws If it is none. */
export function unpack(packed: unknown): Value {
  if (packed === null) return null;
  switch (typeof packed) {
    case "boolean":
    case "string":
      return packed;
  }
  if (Array.isArray(packed)) return packed.map(unpack);
  if (!isTagged(packed)) throw new TypeError("An unknown value of python3");
  const { t: tag, v: content } = packed;
  if (Array.isArray(content)) return unpackItems(tag, content);
  if (typeof content !== "string") {
    throw new TypeError("An unknown value of python3");
  }
  switch (tag) {
    case "int":
      return BigInt(content);
    case "float":
      return Number(content.replace("inf", "Infinity").replace("nan", "NaN"));
    case "bytes":
      return decodeBase64(content);
  }
  return new Foreign(content);
}

function unpackItems(tag: string, content: readonly unknown[]): Value {
  const items = content.map(unpack);
  if (tag === "tuple") return new Tuple(items);
  if (tag === "set") return new PySet(items);
  const dict = new Dict();
  for (const entry of items) {
    if (!Array.isArray(entry)) continue;
    const [key, value] = entry;
    if (key !== undefined && value !== undefined) dict.set(key, value);
  }
  return dict;
}

function isTagged(value: unknown): value is { t: string; v: unknown } {
  return typeof value === "object" && value !== null && "t" in value &&
    typeof value.t === "string" && "v" in value;
}

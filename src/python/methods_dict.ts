/** The methods of `dict`. */
import { Dict, DictView } from "./collections.ts";
import { isIterable, iterate, listOf } from "./iterate.ts";
import { methodTable } from "./native.ts";
import { Raised, typeError, valueError } from "./raised.ts";
import { repr } from "./repr.ts";
import type { Arguments } from "./signature.ts";
import { type Keywords, type Runtime, Tuple, type Value } from "./values.ts";

/** Puts what `dict(source, **named)` takes into `dict`. */
export function updateDict(
  dict: Dict,
  source: Value | undefined,
  named: Keywords,
  runtime: Runtime,
): void {
  if (source instanceof Dict) {
    for (const [key, value] of source.entries()) dict.set(key, value);
  } else if (source !== undefined) {
    let index = 0;
    for (const item of iterate(source, runtime)) {
      if (!isIterable(item)) {
        throw typeError(
          `cannot convert dictionary update sequence element #${index} to a sequence`,
        );
      }
      const pair = listOf(item, runtime);
      const [key, value] = pair;
      if (pair.length !== 2 || key === undefined || value === undefined) {
        throw valueError(
          `dictionary update sequence element #${index} has length ${pair.length}; 2 is required`,
        );
      }
      dict.set(key, value);
      index += 1;
    }
  }
  for (const [name, value] of named) dict.set(name, value);
}

function pop(dict: Dict, args: Arguments): Value {
  const value = dict.remove(args.at(0));
  if (value !== undefined) return value;
  if (args.has(1)) return args.at(1);
  throw new Raised("KeyError", repr(args.at(0)));
}

function popItem(dict: Dict): Value {
  const last = [...dict.entries()].at(-1);
  if (last === undefined) {
    throw new Raised("KeyError", "'popitem(): dictionary is empty'");
  }
  dict.remove(last[0]);
  return new Tuple(last);
}

/** `dict.x`. */
export const DICT_METHODS = methodTable<Dict>(
  "dict",
  (value) => value instanceof Dict ? value : undefined,
  {
    clear: ["", (dict) => {
      dict.clear();
      return null;
    }],
    copy: ["", (dict) => new Dict(dict.entries())],
    get: ["key, default?, /", (dict, args) => {
      const value = dict.get(args.at(0));
      return value === undefined ? args.at(1) : value;
    }],
    items: ["", (dict) => new DictView(dict, "items")],
    keys: ["", (dict) => new DictView(dict, "keys")],
    pop: ["key, default?, /", pop],
    popitem: ["", popItem],
    setdefault: ["key, default?, /", (dict, args) => {
      const value = dict.get(args.at(0));
      if (value !== undefined) return value;
      dict.set(args.at(0), args.at(1));
      return args.at(1);
    }],
    update: ["source?, /, **named", (dict, args, runtime) => {
      updateDict(dict, args.optional(0), args.named, runtime);
      return null;
    }],
    values: ["", (dict) => new DictView(dict, "values")],
  },
);

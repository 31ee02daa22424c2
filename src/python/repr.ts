/** `str()`, `repr()` and `ascii()`. */
import { charactersOf, codeOf } from "./code_points.ts";
import { Dict, DictView, PySet } from "./collections.ts";
import { formatFloat } from "./numbers.ts";
import { Match } from "./re/match_object.ts";
import { Pattern } from "./re/pattern.ts";
import {
  Callable,
  Iter,
  Module,
  PyObject,
  Range,
  Slice,
  Tuple,
  Type,
  type Value,
} from "./values.ts";

/** `str(value)`. */
export function toText(value: Value): string {
  return typeof value === "string" ? value : repr(value);
}

/** `repr(value)`. */
export function repr(value: Value): string {
  return reprOf(value, []);
}

/** `enclosing` holds the containers around `value`, which may hold themselves. */
function reprOf(value: Value, enclosing: readonly Value[]): string {
  if (value === null) return "None";
  switch (typeof value) {
    case "boolean":
      return value ? "True" : "False";
    case "bigint":
      return value.toString();
    case "number":
      return formatFloat(value);
    case "string":
      return reprText(value);
  }
  if (value instanceof Uint8Array) return reprBytes(value);
  if (enclosing.includes(value)) return ellipsisOf(value);
  const within = [...enclosing, value];
  const list = (items: Iterable<Value>) =>
    Array.from(items, (item) => reprOf(item, within)).join(", ");
  if (!(value instanceof PyObject)) return `[${list(value)}]`;
  if (value instanceof Tuple) {
    return `(${list(value.items)}${value.items.length === 1 ? "," : ""})`;
  }
  if (value instanceof PySet) {
    if (value.size === 0) return `${value.typeName}()`;
    const members = `{${list(value.members())}}`;
    return value.frozen ? `frozenset(${members})` : members;
  }
  if (value instanceof Dict) {
    const entries = Array.from(
      value.entries(),
      ([key, item]) => `${reprOf(key, within)}: ${reprOf(item, within)}`,
    );
    return `{${entries.join(", ")}}`;
  }
  return reprObject(value, (item) => reprOf(item, within));
}

/** What stands for a container inside of itself. */
function ellipsisOf(value: Value): string {
  if (Array.isArray(value)) return "[...]";
  return value instanceof Tuple ? "(...)" : "{...}";
}

function reprObject(value: PyObject, inner: (item: Value) => string): string {
  if (value instanceof Range) {
    const step = value.step === 1n ? "" : `, ${value.step}`;
    return `range(${value.start}, ${value.stop}${step})`;
  }
  if (value instanceof Slice) {
    return `slice(${inner(value.start)}, ${inner(value.stop)}, ${
      inner(value.step)
    })`;
  }
  if (value instanceof DictView) {
    const items = Array.from(value.dict.entries(), ([key, item]) => {
      if (value.kind === "keys") return inner(key);
      if (value.kind === "values") return inner(item);
      return `(${inner(key)}, ${inner(item)})`;
    });
    return `${value.typeName}([${items.join(", ")}])`;
  }
  if (value instanceof Type) return `<class '${value.name}'>`;
  if (value instanceof Callable) {
    const kind = value.typeName === "function"
      ? "function"
      : "built-in function";
    return `<${kind} ${value.name}>`;
  }
  if (value instanceof Module) return `<module '${value.name}'>`;
  if (value instanceof Match) {
    const [start, end] = value.span(0);
    return `<re.Match object; span=(${start}, ${end}), match=${
      reprText(value.group(0) ?? "")
    }>`;
  }
  if (value instanceof Pattern) return `re.compile(${reprText(value.pattern)})`;
  if (value instanceof Iter) return `<${value.typeName} object>`;
  return value.typeName === "ellipsis"
    ? "Ellipsis"
    : `<${value.typeName} object>`;
}

const NAMED_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** Characters that `repr` shows as they are: `str.isprintable`. */
const UNPRINTABLE = /[\p{C}\p{Z}]/u;

/** True when `repr()` shows the character as it is. */
export function isPrintable(character: string): boolean {
  return character === " " || !UNPRINTABLE.test(character);
}

/** The quote that Python would choose. */
function quoteFor(hasSingle: boolean, hasDouble: boolean): string {
  return hasSingle && !hasDouble ? '"' : "'";
}

/** `repr(text)`. */
export function reprText(text: string): string {
  const quote = quoteFor(text.includes("'"), text.includes('"'));
  const shown = charactersOf(text).map((character) => {
    if (character === quote) return `\\${quote}`;
    const named = NAMED_ESCAPES.get(character);
    if (named !== undefined) return named;
    return isPrintable(character) ? character : escapeCode(codeOf(character));
  });
  return quote + shown.join("") + quote;
}

/** `\x0a`, `\u20ac` or `\U0001f600`. */
export function escapeCode(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  if (code < 0x10000) return `\\u${hex.padStart(4, "0")}`;
  return `\\U${hex.padStart(8, "0")}`;
}

/** `ascii(value)`. */
export function asciiRepr(value: Value): string {
  return repr(value).replace(
    /[^\p{ASCII}]/gu,
    (character) => escapeCode(codeOf(character)),
  );
}

/** `repr(bytes)`. */
export function reprBytes(bytes: Uint8Array): string {
  const quote = quoteFor(bytes.includes(39), bytes.includes(34));
  let shown = "";
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    const named = NAMED_ESCAPES.get(character);
    if (character === quote) shown += `\\${quote}`;
    else if (named !== undefined) shown += named;
    else if (byte < 32 || byte > 126) shown += escapeCode(byte);
    else shown += character;
  }
  return `b${quote}${shown}${quote}`;
}

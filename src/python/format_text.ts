/** `str.format`: `'{0.x} {name!r:>{width}}'.format(...)`. */
import type { Dict } from "./collections.ts";
import { formatValue } from "./format_spec.ts";
import { Raised, valueError } from "./raised.ts";
import { asciiRepr, repr, reprText, toText } from "./repr.ts";
import type { Keywords, Runtime, Value } from "./values.ts";

/** What a template draws its fields from. */
export interface FormatSource {
  readonly args: readonly Value[];
  /** Keyword arguments, or the mapping of `format_map`. */
  readonly named: Keywords | Dict;
}

/** `template.format(*args, **named)`. */
export function formatTemplate(
  template: string,
  source: FormatSource,
  runtime: Runtime,
): string {
  const text = new Formatter(source, runtime).format(template, 2);
  runtime.meter.text(text.length);
  return text;
}

/** Applies `!r`, `!s` or `!a`. */
export function convertValue(value: Value, conversion: string): Value {
  switch (conversion) {
    case "":
      return value;
    case "r":
      return repr(value);
    case "s":
      return toText(value);
    case "a":
      return asciiRepr(value);
  }
  throw valueError(`Unknown conversion specifier '${conversion}'`);
}

class Formatter {
  readonly #source: FormatSource;
  readonly #runtime: Runtime;
  /** Number of the next `{}`. */
  #nextIndex = 0;
  /** Whether fields are numbered by place; unknown before the first. */
  #automatic: boolean | undefined;

  constructor(source: FormatSource, runtime: Runtime) {
    this.#source = source;
    this.#runtime = runtime;
  }

  /** `depth` bounds fields inside of specifications. */
  format(template: string, depth: number): string {
    if (depth < 0) throw valueError("Max string recursion exceeded");
    let result = "";
    let at = 0;
    while (at < template.length) {
      this.#runtime.meter.step();
      const brace = template.slice(at).search(/[{}]/);
      if (brace < 0) return result + template.slice(at);
      result += template.slice(at, at + brace);
      at += brace;
      const character = template.charAt(at);
      if (template.charAt(at + 1) === character) {
        result += character;
        at += 2;
        continue;
      }
      if (character === "}") {
        throw valueError("Single '}' encountered in format string");
      }
      const end = endOfField(template, at + 1);
      result += this.#field(template.slice(at + 1, end), depth);
      at = end + 1;
    }
    return result;
  }

  #field(field: string, depth: number): string {
    const [, name = "", conversion, spec = ""] =
      /^((?:[^!:[]|\[[^\]]*\]?)*)(?:!([^:]*))?(?::([^]*))?$/.exec(field) ?? [];
    if (conversion !== undefined && [...conversion].length !== 1) {
      throw valueError(
        conversion === ""
          ? "unmatched '{' in format spec"
          : "expected ':' after conversion specifier",
      );
    }
    const value = convertValue(this.#lookUp(name), conversion ?? "");
    return formatValue(
      value,
      spec.includes("{") || spec.includes("}")
        ? this.format(spec, depth - 1)
        : spec,
      this.#runtime.meter,
    );
  }

  /** `0`, `name`, `0.attribute`, `name[key]`. */
  #lookUp(field: string): Value {
    const [, first = "", rest = ""] = /^([^.[]*)([^]*)$/.exec(field) ?? [];
    let value = this.#argument(first);
    const step = /^(?:\.([^.[]+)|\[([^\]]+)\])/;
    let path = rest;
    while (path !== "") {
      const match = step.exec(path);
      if (match === null) throw valueError("Empty attribute in format string");
      const [all, attribute, key = ""] = match;
      value = attribute === undefined
        ? this.#runtime.item(value, /^\d+$/.test(key) ? BigInt(key) : key)
        : this.#runtime.attribute(value, attribute);
      path = path.slice(all.length);
      if (attribute === undefined && !/^$|^[.[]/.test(path)) {
        throw valueError(
          "Only '.' or '[' may follow ']' in format field specifier",
        );
      }
    }
    return value;
  }

  #argument(name: string): Value {
    if (name !== "" && !/^\d+$/.test(name)) return this.#named(name);
    const index = name === "" ? this.#takeIndex() : this.#writtenIndex(name);
    const value = this.#source.args[index];
    if (value === undefined) {
      throw new Raised(
        "IndexError",
        `Replacement index ${index} out of range for positional args tuple`,
      );
    }
    return value;
  }

  #named(name: string): Value {
    const { named } = this.#source;
    const value = named.get(name);
    if (value === undefined) throw new Raised("KeyError", reprText(name));
    return value;
  }

  #takeIndex(): number {
    if (this.#automatic === false) {
      throw valueError(
        "cannot switch from manual field specification to automatic field numbering",
      );
    }
    this.#automatic = true;
    this.#nextIndex += 1;
    return this.#nextIndex - 1;
  }

  #writtenIndex(name: string): number {
    if (this.#automatic === true) {
      throw valueError(
        "cannot switch from automatic field numbering to manual field specification",
      );
    }
    this.#automatic = false;
    return Number(name);
  }
}

/** Where the brace that closes the field starting at `start` is. */
function endOfField(template: string, start: number): number {
  let depth = 1;
  let bracket = false;
  for (let at = start; at < template.length; at += 1) {
    const character = template.charAt(at);
    if (
      character === "[" && depth === 1 &&
      !/[:!]/.test(template.slice(start, at))
    ) {
      bracket = true;
    }
    if (bracket) {
      bracket = character !== "]";
      continue;
    }
    if (character === "{") depth += 1;
    if (character !== "}") continue;
    depth -= 1;
    if (depth === 0) return at;
  }
  throw valueError(
    start >= template.length
      ? "Single '{' encountered in format string"
      : "expected '}' before end of string",
  );
}

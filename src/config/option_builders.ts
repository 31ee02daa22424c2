/** One builder for each type of option. */
import { BadValue } from "./bad_value.ts";
import { absolutePath, expandPath, expandUser } from "./expand_path.ts";
import { didYouMean } from "./nearest.ts";
import { parseBoolean, parseFloat, parseInteger } from "./numbers.ts";
import {
  type About,
  option,
  type OptionSpec,
  type ReadContext,
} from "./option_spec.ts";
import type { PythonSource } from "./python_source.ts";
import {
  type DateOrDays,
  parseDate,
  parseDateOrDays,
  parseShare,
  parseSize,
} from "./quantities.ts";
import { parseProxy, type Proxy } from "./proxy.ts";

/** `yes` or `no`. Without a fallback, unset is a third state. */
export function bool<D extends boolean | undefined>(
  name: string,
  about: About & { readonly fallback: D },
): OptionSpec<boolean | D> {
  const { fallback } = about;
  return option<boolean | D>(name, "bool", parseBoolean, {
    ...(fallback === undefined ? {} : { defaultText: fallback ? "yes" : "no" }),
    ...about,
  });
}

/** A whole number within bounds, both included. */
export function int<D extends number | undefined>(
  name: string,
  { min = -Infinity, max = Infinity, ...about }: About & {
    readonly fallback: D;
    readonly min?: number;
    readonly max?: number;
  },
): OptionSpec<number | D> {
  const read = (text: string) => {
    const value = parseInteger(text);
    if (value >= min && value <= max) return value;
    throw new BadValue(
      max === Infinity
        ? `a whole number of at least ${min} is allowed`
        : `a whole number from ${min} to ${max} is allowed`,
    );
  };
  return option<number | D>(name, "int", read, {
    ...(about.fallback === undefined
      ? {}
      : { defaultText: String(about.fallback) }),
    ...about,
  });
}

/** A number. */
export function float(
  name: string,
  about: About & { readonly fallback: number },
): OptionSpec<number> {
  return option(name, "float", parseFloat, {
    defaultText: String(about.fallback),
    ...about,
  });
}

/** Any text; warns of quotes and comments that are part of it. */
export function text<D extends string | undefined>(
  name: string,
  about: About & { readonly fallback: D },
): OptionSpec<string | D> {
  const read = (value: string, context: ReadContext): string | D => {
    warnOfLeftovers(value, context);
    return value === "" ? about.fallback : value;
  };
  return option<string | D>(name, "string", read, {
    ...(about.fallback === undefined ? {} : { defaultText: about.fallback }),
    ...about,
  });
}

/** A password or token: any text, never shown. The empty one counts as set. */
export function secret(
  name: string,
  about: About,
): OptionSpec<string | undefined> {
  return option<string | undefined>(name, "secret", (value) => value, {
    ...about,
    secret: true,
    fallback: undefined,
  });
}

/** Texts separated by commas; blanks round them and empty ones are dropped. */
export function list(
  name: string,
  about: About,
): OptionSpec<readonly string[]> {
  const read = (value: string, context: ReadContext) => {
    warnOfLeftovers(value, context);
    return splitList(value);
  };
  return option<readonly string[]>(name, "list", read, {
    fallback: [],
    ...about,
  });
}

/** The items of a comma-separated list, trimmed, without empty ones. */
export function splitList(value: string): string[] {
  return value.split(",").map((item) => item.trim()).filter((item) =>
    item !== ""
  );
}

/** A file or folder, absolute in the result; the empty text is unset. */
export function path(
  name: string,
  { userOnly = false, ...about }: About & {
    /** Expand `~` but no variables. */
    readonly userOnly?: boolean;
  },
): OptionSpec<string | undefined> {
  const read = (value: string, context: ReadContext) => {
    warnOfLeftovers(value, context);
    if (value === "") return undefined;
    const { host } = context;
    return userOnly
      ? absolutePath(expandUser(value, host), host)
      : expandPath(value, host);
  };
  return option<string | undefined>(name, "path", read, {
    fallback: undefined,
    ...about,
  });
}

/** A Python expression, left as it is. */
export function python(
  name: string,
  { kind, ...about }: About & { readonly kind: "value" | "callable" },
): OptionSpec<PythonSource | undefined> {
  const read = (value: string, context: ReadContext) => {
    if (value === "") throw new BadValue("a Python expression is allowed");
    return sourceOf(value, context);
  };
  return option<PythonSource | undefined>(name, `python ${kind}`, read, {
    fallback: undefined,
    ...about,
  });
}

/** A template for Python's `%`, taken as it stands in the file. */
export function template(
  name: string,
  about: About,
): OptionSpec<PythonSource | undefined> {
  return option<PythonSource | undefined>(name, "string", sourceOf, {
    fallback: undefined,
    raw: true,
    ...about,
  });
}

function sourceOf(text: string, { entry, section }: ReadContext): PythonSource {
  const { source: file, line, lines } = entry;
  return { text, file, line, lines, section, option: entry.name };
}

/** One of some words. */
export function word<W extends string, D extends W | undefined>(
  name: string,
  words: readonly W[],
  about: About & { readonly fallback: D },
): OptionSpec<W | D> {
  const read = (value: string) => {
    const found = words.find((allowed) => allowed === value);
    if (found !== undefined) return found;
    throw new BadValue(
      `allowed are ${words.join(", ")}${didYouMean(value, words)}`,
    );
  };
  return option<W | D>(name, "word", read, {
    ...(about.fallback === undefined ? {} : { defaultText: about.fallback }),
    ...about,
  });
}

/** A command line for the shell; the empty text is unset. */
export function shell(
  name: string,
  about: About,
): OptionSpec<string | undefined> {
  const read = (value: string) => value === "" ? undefined : value;
  return option<string | undefined>(name, "shell", read, {
    fallback: undefined,
    ...about,
  });
}

/** A number of bytes; 0 is unset. */
export function size(
  name: string,
  about: About,
): OptionSpec<number | undefined> {
  const read = (value: string) => parseSize(value) || undefined;
  return option<number | undefined>(name, "size", read, {
    fallback: undefined,
    ...about,
  });
}

/** A day, `YYYY-MM-DD`, not in the future. */
export function date(
  name: string,
  about: About,
): OptionSpec<string | undefined> {
  return option<string | undefined>(
    name,
    "date",
    (value, { host }) => parseDate(value, host.now),
    { fallback: undefined, ...about },
  );
}

/** A number of days or a day. */
export function dateOrDays(
  name: string,
  about: About,
): OptionSpec<DateOrDays | undefined> {
  return option<DateOrDays | undefined>(
    name,
    "date or days",
    (value, { host }) => parseDateOrDays(value, host.now),
    { fallback: undefined, ...about },
  );
}

/** A percentage as a fraction; `no` is undefined. */
export function share(
  name: string,
  about: About & { readonly fallback: number },
): OptionSpec<number | undefined> {
  return option<number | undefined>(name, "share", parseShare, about);
}

/** A proxy, `TYPE:host:port`; the empty text is unset. */
export function proxy(
  name: string,
  about: About,
): OptionSpec<Proxy | undefined> {
  const read = (value: string) => value === "" ? undefined : parseProxy(value);
  return option<Proxy | undefined>(name, "proxy", read, {
    fallback: undefined,
    ...about,
    // It may hold a password.
    secret: true,
  });
}

/** Says what of a value is literal although its writer hardly meant it so. */
function warnOfLeftovers(value: string, { warn }: ReadContext): void {
  if (/^(["']).*\1$/s.test(value)) {
    warn("the quotes are part of the value");
  } else if (/\s[;#]/.test(value)) {
    warn(
      "the text after the value is part of it; " +
        "a comment must stand on a line of its own",
    );
  }
}

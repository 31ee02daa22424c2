/** What the option table says about one option. */
import { BadValue } from "./bad_value.ts";
import type { Host } from "./host.ts";
import type { Entry } from "./parse.ts";

/** What kind of text a value is. */
export type OptionType =
  | "bool"
  | "int"
  | "float"
  | "string"
  | "list"
  | "path"
  | "python value"
  | "python callable"
  | "word"
  | "secret"
  | "shell"
  | "size"
  | "date"
  | "date or days"
  | "share"
  | "proxy";

/** What a reader may need beside the text. */
export interface ReadContext {
  readonly host: Host;
  readonly section: string;
  /** The entry that the text comes from. */
  readonly entry: Entry;
  /** Says something about the value that is no error. A clause, no full stop. */
  readonly warn: (text: string) => void;
}

/** One option: where it stands in the file, how it is read, what it does. */
export interface OptionSpec<T> {
  /** Its name in the file, lower case; for a family the pattern shown to users. */
  readonly name: string;
  /** All names of a family of options; otherwise just the one. */
  readonly names: readonly string[];
  readonly type: OptionType;
  /** One paragraph for users: what it does. */
  readonly about: string;
  /** The value in force when it is not set, as it would be written in the file. */
  readonly default: string | undefined;
  /** The same in words, where no single value says it. */
  readonly defaultWords: string;
  /** A value for the sample file where the default is none to show. */
  readonly example: string | undefined;
  /** "later": known, but this version does not act on it and says so. */
  readonly since: "now" | "later";
  /** Later only: to go on without it could do harm, so the account stops. */
  readonly refuse: boolean;
  /** Not an option of OfflineIMAP. */
  readonly ours: boolean;
  readonly required: boolean;
  /** Never shown, in no error and no log. */
  readonly secret: boolean;
  /** Read without interpolation, so that a single `%` is allowed. */
  readonly raw: boolean;
  /** The value when the option is not set. @throws {BadValue} If it is required. */
  readonly fallback: () => T;
  /** The typed value of a text. @throws {BadValue} */
  readonly read: (text: string, context: ReadContext) => T;
}

/** Options by the names that they have in the typed configuration. */
export type OptionTable = Readonly<Record<string, OptionSpec<unknown>>>;

/** The typed values of a table. */
export type ValuesOf<S extends OptionTable> = {
  readonly [K in keyof S]: S[K] extends OptionSpec<infer T> ? T : never;
};

/** What every builder of an option takes beside its own matters. */
export interface About {
  readonly about: string;
  readonly example?: string;
  readonly since?: "later";
  readonly refuse?: true;
  readonly ours?: true;
  readonly secret?: true;
  readonly raw?: true;
  /** The default as it would be written in the file. */
  readonly defaultText?: string;
  /** The default in words, where it cannot be written. */
  readonly defaultWords?: string;
}

/** Builds an option from its reader; the typed builders are made of this. */
export function option<T>(
  name: string,
  type: OptionType,
  read: OptionSpec<T>["read"],
  { fallback, about, ...rest }: About & { readonly fallback: T },
): OptionSpec<T> {
  return {
    name,
    names: [name],
    type,
    about,
    default: rest.defaultText,
    defaultWords: rest.defaultWords ?? "none",
    example: rest.example,
    since: rest.since ?? "now",
    refuse: rest.refuse ?? false,
    ours: rest.ours ?? false,
    required: false,
    secret: rest.secret ?? false,
    raw: rest.raw ?? false,
    fallback: () => fallback,
    read,
  };
}

/** The same option, but one that must be set and not be empty. */
export function required<T>(
  spec: OptionSpec<T | undefined>,
): OptionSpec<T> {
  const missing = () => new BadValue("it must be set");
  return {
    ...spec,
    default: undefined,
    defaultWords: "required",
    required: true,
    fallback: () => {
      throw missing();
    },
    read: (text, context) => {
      const value = spec.read(text, context);
      if (value === undefined) throw missing();
      return value;
    },
  };
}

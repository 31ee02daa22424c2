/** What a FETCH asks for (`fetch-att`, RFC 3501 §9). */
import { type ArgumentReader, CommandSyntax } from "./argument_reader.ts";

/** A body section with what narrows it. */
export interface SectionItem {
  readonly kind: "section";
  /** As it is echoed in the row: `BODY[HEADER]<0>`. */
  readonly label: string;
  /** `""`, `HEADER`, `1.2.MIME` … in upper case. */
  readonly section: string;
  readonly fields: readonly string[];
  /** Does not set \Seen. */
  readonly peek: boolean;
  /** First byte and number of bytes. */
  readonly partial: readonly [from: number, length: number] | undefined;
  /** BINARY: with the transfer encoding taken off. */
  readonly binary: boolean;
}

/** Items without parameters. */
export const PLAIN_ITEMS = [
  "UID",
  "FLAGS",
  "INTERNALDATE",
  "RFC822.SIZE",
  "MODSEQ",
  "EMAILID",
  "THREADID",
  "X-GM-MSGID",
  "X-GM-THRID",
  "X-GM-LABELS",
  "ENVELOPE",
  "BODYSTRUCTURE",
  "BODY",
] as const;

/** One item asked for. */
export type FetchItem =
  | { readonly kind: "plain"; readonly name: typeof PLAIN_ITEMS[number] }
  | SectionItem;

const MACROS: { readonly [name: string]: readonly string[] } = {
  ALL: ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"],
  FAST: ["FLAGS", "INTERNALDATE", "RFC822.SIZE"],
  FULL: ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"],
};

/** Reads one item or a list of them. @throws {CommandSyntax} */
export function readFetchItems(args: ArgumentReader): FetchItem[] {
  if (args.peek() === "(") return args.list(() => readItem(args));
  const start = args.atom();
  const macro = MACROS[start.toUpperCase()];
  if (macro !== undefined) return macro.map(plainItem);
  return [readItem(args, start)];
}

function readItem(args: ArgumentReader, atom = args.atom()): FetchItem {
  const upper = atom.toUpperCase();
  const bracket = upper.indexOf("[");
  if (bracket >= 0) return readSection(args, upper, bracket);
  switch (upper) {
    case "RFC822":
      return section({ label: "RFC822", section: "" });
    case "RFC822.HEADER":
      return section({ label: upper, section: "HEADER", peek: true });
    case "RFC822.TEXT":
      return section({ label: upper, section: "TEXT" });
    default:
      return plainItem(upper);
  }
}

function plainItem(name: string): FetchItem {
  const known = PLAIN_ITEMS.find((item) => item === name);
  if (known === undefined) throw new CommandSyntax(`Unknown item ${name}`);
  return { kind: "plain", name: known };
}

function readSection(
  args: ArgumentReader,
  atom: string,
  bracket: number,
): SectionItem {
  const base = atom.slice(0, bracket);
  if (!/^(BODY|BODY\.PEEK|BINARY|BINARY\.PEEK|BINARY\.SIZE)$/.test(base)) {
    throw new CommandSyntax(`Unknown item ${base}`);
  }
  const name = atom.slice(bracket + 1);
  let fields: string[] = [];
  if (/HEADER\.FIELDS(\.NOT)?$/.test(name)) {
    args.space();
    fields = args.list(() => args.text());
  }
  if (!args.skip("]")) throw new CommandSyntax("Expected ]");
  const partial = args.peek() === "<" ? readPartial(args.atom()) : undefined;
  const binary = base.startsWith("BINARY");
  // Upper case, as Dovecot tells them: a row is not an echo of the command.
  const echoed = fields.length === 0
    ? name
    : `${name} (${fields.join(" ").toUpperCase()})`;
  const family = base === "BINARY.SIZE" ? base : binary ? "BINARY" : "BODY";
  const origin = partial === undefined ? "" : `<${partial[0]}>`;
  return section({
    label: `${family}[${echoed}]${origin}`,
    section: name,
    fields,
    peek: base !== "BODY" && base !== "BINARY",
    partial,
    binary,
  });
}

function readPartial(text: string): [number, number] {
  const match = /^<(\d{1,10})\.([1-9]\d{0,9})>$/.exec(text);
  if (match === null) throw new CommandSyntax(`Bad partial ${text}`);
  return [Number(match[1]), Number(match[2])];
}

function section(
  item: Partial<SectionItem> & { label: string; section: string },
): SectionItem {
  return {
    kind: "section",
    fields: [],
    peek: false,
    partial: undefined,
    binary: false,
    ...item,
  };
}

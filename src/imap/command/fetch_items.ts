/** What a FETCH asks for, and whether a row has it. */
import type { FetchRow } from "../wire/fetch_row.ts";

/** What can be asked for with FETCH (RFC 9051 §6.4.5 and extensions). */
export type FetchItem =
  | "FLAGS"
  | "MODSEQ"
  | "INTERNALDATE"
  | "RFC822.SIZE"
  | "EMAILID"
  | "THREADID"
  | "X-GM-MSGID"
  | "X-GM-THRID"
  | "X-GM-LABELS"
  /** The whole message, without marking it `\Seen`. */
  | "BODY.PEEK[]"
  | "BINARY.PEEK[]"
  | "BODY.PEEK[HEADER]"
  /** Some fields of the header, names separated by blanks. */
  | `BODY.PEEK[HEADER.FIELDS (${string})]`;

/** Items that a message may not have; rows without them are complete. */
const OPTIONAL: ReadonlySet<FetchItem> = new Set(["EMAILID", "THREADID"]);

/** The section of a body item as rows name it; undefined for other items. */
export function sectionOf(item: FetchItem): string | undefined {
  const match = /^(BODY|BINARY)\.PEEK(\[.*\])$/.exec(item);
  return match === null ? undefined : `${match[1]}${match[2]?.toUpperCase()}`;
}

/** Whether the whole message is asked for by this section. */
export function isWhole(section: string): boolean {
  return section === "BODY[]" || section === "BINARY[]";
}

/**
 * A test whether a row has all of `items`. An item with a value that made no
 * sense counts as there: asking again would bring the same.
 */
export function completeness(
  items: readonly FetchItem[],
): (row: FetchRow) => boolean {
  const needed = items.filter((item) => !OPTIONAL.has(item));
  // By far the most frequent, and run for every row of a listing.
  if (needed.every((item) => item === "FLAGS" || item === "MODSEQ")) {
    const modSeq = needed.includes("MODSEQ");
    const flags = needed.includes("FLAGS");
    return (row) =>
      (!flags || row.flags !== undefined) &&
      (!modSeq || row.modSeq !== undefined);
  }
  return (row) => needed.every((item) => hasItem(row, item));
}

function hasItem(row: FetchRow, item: FetchItem): boolean {
  switch (item) {
    case "FLAGS":
      return row.flags !== undefined;
    case "MODSEQ":
      return row.modSeq !== undefined;
    case "INTERNALDATE":
      return row.internalDate !== undefined || row.others.includes(item);
    case "RFC822.SIZE":
      return row.sizeBytes !== undefined;
    case "EMAILID":
      return row.emailId !== undefined;
    case "THREADID":
      return row.threadId !== undefined;
    case "X-GM-MSGID":
      return row.gmailMessageId !== undefined;
    case "X-GM-THRID":
      return row.gmailThreadId !== undefined;
    case "X-GM-LABELS":
      return row.gmailLabels !== undefined;
    default: {
      const section = sectionOf(item);
      return row.bodies.some((body) => body.section === section);
    }
  }
}

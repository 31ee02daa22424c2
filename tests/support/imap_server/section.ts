/** The bytes of a body section (RFC 3501 §6.4.5). */
import type { SectionItem } from "./fetch_items.ts";
import { parseHeader, selectFields, splitMessage } from "./header.ts";
import type { Message } from "./message.ts";
import { decodeTransfer, findPart, parsePart } from "./mime.ts";

/** The bytes asked for, partial applied; undefined where no such part is. */
export function sectionBytes(
  message: Message,
  item: SectionItem,
): Uint8Array | undefined {
  const whole = item.section === "" && !item.binary
    ? message.source
    : bytesOf(message, item);
  if (whole === undefined || item.partial === undefined) return whole;
  const [from, length] = item.partial;
  return whole.subarray(from, from + length);
}

function bytesOf(message: Message, item: SectionItem): Uint8Array | undefined {
  const match = /^((?:\d+)(?:\.\d+)*)?\.?([A-Z.]*)$/.exec(item.section);
  if (match === null) return undefined;
  const [, path = "", specifier = ""] = match;
  const root = parsePart(message.source);
  const part = path === "" ? root : findPart(root, path.split(".").map(Number));
  if (part === undefined) return undefined;
  if (path !== "" && specifier === "") {
    return item.binary ? decodeTransfer(part) : part.body;
  }
  if (specifier === "MIME") return part.header;
  // Below a number, HEADER and TEXT are those of the message inside.
  const inner = path === "" ? message.source : part.body;
  const { header, body } = splitMessage(inner);
  switch (specifier) {
    case "":
      return inner;
    case "HEADER":
      return header;
    case "TEXT":
      return body;
    case "HEADER.FIELDS":
      return selectFields(parseHeader(header), item.fields);
    case "HEADER.FIELDS.NOT":
      return selectFields(parseHeader(header), item.fields, true);
    default:
      return undefined;
  }
}

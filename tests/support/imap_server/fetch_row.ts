/** One FETCH row, honest or not. */
import { toByteString } from "./bytes.ts";
import { bodyStructureText, envelopeText } from "./envelope.ts";
import { quoteLabel } from "./gmail.ts";
import type { FetchItem, SectionItem } from "./fetch_items.ts";
import { formatInternalDate } from "./internal_date.ts";
import type { Message } from "./message.ts";
import { sectionBytes } from "./section.ts";
import type { Session } from "./session.ts";
import { flagsText } from "./updates.ts";
import type { ActiveVices } from "./vice_set.ts";

/** What a row is made of. */
export interface RowSource {
  readonly sequence: number;
  readonly message: Message;
  readonly recent: boolean;
}

/** Writes a row; several when a vice splits it. */
export function writeRow(
  session: Session,
  row: RowSource,
  items: readonly FetchItem[],
  vices: ActiveVices,
): void {
  if (vices.get("splitRows") === undefined) {
    return writeOne(session, row, items, vices);
  }
  const uid = items.filter((item) => isPlain(item, "UID"));
  for (const item of items) {
    if (!isPlain(item, "UID")) {
      writeOne(session, row, [...uid, item], vices);
    }
  }
}

function writeOne(
  session: Session,
  row: RowSource,
  items: readonly FetchItem[],
  vices: ActiveVices,
): void {
  const { writer } = session;
  let text = `* ${row.sequence} FETCH (`;
  let separator = "";
  for (const item of items) {
    text += separator;
    separator = " ";
    if (item.kind === "plain") {
      text += plainText(session, row, item.name, vices);
      continue;
    }
    writer.text(`${text}${item.label} `);
    text = "";
    writeSection(session, row.message, item, vices);
  }
  writer.text(`${text})\r\n`);
}

function plainText(
  session: Session,
  { message, recent }: RowSource,
  name: Extract<FetchItem, { kind: "plain" }>["name"],
  vices: ActiveVices,
): string {
  switch (name) {
    case "UID":
      return `UID ${message.uid}`;
    case "FLAGS":
      return `FLAGS ${flagsText(message.flags, recent)}`;
    case "INTERNALDATE":
      return `INTERNALDATE "${formatInternalDate(message.internalDate)}"`;
    case "RFC822.SIZE":
      return `RFC822.SIZE ${toldSize(message, vices)}`;
    case "MODSEQ":
      return `MODSEQ (${message.modSeq})`;
    case "EMAILID":
      return `EMAILID (${message.emailId})`;
    case "THREADID":
      return "THREADID NIL";
    case "X-GM-MSGID":
      return `X-GM-MSGID ${message.emailId}`;
    case "X-GM-THRID":
      return `X-GM-THRID ${message.emailId}`;
    case "X-GM-LABELS":
      return labelsText(session, message);
    case "ENVELOPE":
      return `ENVELOPE ${envelopeText(message.source)}`;
    case "BODYSTRUCTURE":
    case "BODY":
      return `${name} ${bodyStructureText(message.source, name !== "BODY")}`;
  }
}

/** `X-GM-LABELS ("\\Inbox" Work)`. */
export function labelsText(session: Session, message: Message): string {
  const labels = session.account?.store.gmail?.labelsOf(message) ?? [];
  return `X-GM-LABELS (${labels.map(quoteLabel).join(" ")})`;
}

function toldSize(message: Message, vices: ActiveVices): number {
  if (message.gone) return 0;
  const lie = vices.all("lieSize").find((vice) => named(vice.uids, message));
  if (lie === undefined) return message.source.length;
  return lie.size ?? Math.max(0, message.source.length + (lie.delta ?? 1));
}

function writeSection(
  session: Session,
  message: Message,
  item: SectionItem,
  vices: ActiveVices,
): void {
  const { writer } = session;
  let bytes = message.gone ? undefined : sectionBytes(message, item);
  if (bytes === undefined || vices.concerns("nilBodies", message.uid)) {
    return writer.text("NIL");
  }
  if (item.label.startsWith("BINARY.SIZE")) {
    return writer.text(`${bytes.length}`);
  }
  const lie = vices.all("lieBody").find((vice) => named(vice.uids, message));
  if (lie !== undefined) bytes = resized(bytes, lie.delta);
  if (vices.get("quotedBodies") !== undefined) {
    return writer.bytes(quoted(bytes));
  }
  const wrong = vices.all("lieLiteral").find((v) => named(v.uids, message));
  const told = Math.max(0, bytes.length + (wrong?.delta ?? 0));
  const sigil = item.binary && bytes.includes(0) ? "~" : "";
  writer.text(`${sigil}{${told}}\r\n`);
  if (vices.get("stall")?.at === "literal") {
    const at = writer.position + Math.floor(bytes.length / 2);
    writer.addFault({ atByte: at, action: "stall" });
  }
  writer.bytes(bytes);
}

function resized(bytes: Uint8Array, delta: number): Uint8Array {
  if (delta < 0) return bytes.subarray(0, Math.max(0, bytes.length + delta));
  const longer = new Uint8Array(bytes.length + delta).fill(0x20);
  longer.set(bytes);
  return longer;
}

/** A quoted string with the bytes as they are, line ends included. */
function quoted(bytes: Uint8Array): Uint8Array {
  const text = toByteString(bytes).replaceAll(/["\\]/g, "\\$&");
  const wrapped = new Uint8Array(text.length + 2).fill(0x22);
  for (let at = 0; at < text.length; at++) {
    wrapped[at + 1] = text.charCodeAt(at);
  }
  return wrapped;
}

function named(uids: readonly number[] | undefined, message: Message): boolean {
  return uids === undefined || uids.includes(message.uid);
}

function isPlain(item: FetchItem, name: string): boolean {
  return item.kind === "plain" && item.name === name;
}

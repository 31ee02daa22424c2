/** FETCH responses: what a server says of one message. */
import {
  GREATER,
  IS_FLAG,
  IS_ITEM,
  LBRACKET,
  LESS,
  LPAREN,
  RBRACKET,
  SP,
} from "./bytes.ts";
import { parseInternalDate } from "./date_time.ts";
import { type BodyItem, type FetchRow, FetchRowDraft } from "./fetch_row.ts";
import type { FlagTable } from "./flag_table.ts";
import { flagList, objectId, skipValue } from "./parse_values.ts";
import { LITERAL_AHEAD, type WireReader } from "./reader.ts";

/** A body whose literal is about to come, and the row as far as it is known. */
export interface BodyAhead {
  readonly row: FetchRow;
  readonly section: string;
  readonly origin: number | undefined;
}

/** `msg-att` (RFC 9051 §7.5.2), from its parenthesis on. */
export function msgAtt(
  reader: WireReader,
  seq: number,
  table: FlagTable,
): FetchRow {
  const parser = new MsgAtt(reader, seq, table);
  parser.read();
  return parser.row;
}

/**
 * Reads a row up to the literal that is still to come.
 * @returns Undefined when that literal is not the value of a body item.
 */
export function msgAttAhead(
  reader: WireReader,
  seq: number,
  table: FlagTable,
): BodyAhead | undefined {
  const parser = new MsgAtt(reader, seq, table);
  try {
    parser.read();
  } catch (error) {
    if (error !== LITERAL_AHEAD) throw error;
  }
  return parser.ahead === undefined
    ? undefined
    : { row: parser.row, ...parser.ahead };
}

class MsgAtt {
  readonly row: FetchRowDraft;
  /** The body item whose value is being read. */
  ahead: { section: string; origin: number | undefined } | undefined;
  readonly #reader: WireReader;
  readonly #table: FlagTable;

  constructor(reader: WireReader, seq: number, table: FlagTable) {
    this.row = new FetchRowDraft(seq);
    this.#reader = reader;
    this.#table = table;
  }

  read(): void {
    const reader = this.#reader;
    reader.list(() => this.#item(reader.token(IS_ITEM).toUpperCase()));
  }

  #item(name: string): void {
    const reader = this.#reader;
    const row = this.row;
    if (name === "") throw reader.fail("Expected a FETCH item");
    if (reader.peek() === LBRACKET) return this.#section(name);
    reader.space();
    switch (name) {
      case "UID":
        row.uid = reader.uid();
        break;
      case "FLAGS":
        row.flags = flagList(reader, this.#table);
        break;
      case "MODSEQ":
        reader.open();
        row.modSeq = reader.modSeq();
        reader.close();
        break;
      case "RFC822.SIZE":
        row.sizeBytes = reader.number();
        break;
      case "INTERNALDATE":
        this.#internalDate();
        break;
      case "EMAILID":
        row.emailId = objectId(reader);
        break;
      case "THREADID":
        row.threadId = objectId(reader);
        break;
      case "X-GM-MSGID":
        row.gmailMessageId = reader.atom();
        break;
      case "X-GM-THRID":
        row.gmailThreadId = reader.atom();
        break;
      case "X-GM-LABELS":
        row.gmailLabels = this.#labels();
        break;
      case "RFC822":
      case "RFC822.HEADER":
      case "RFC822.TEXT":
        this.#body(name, undefined);
        break;
      default:
        skipValue(reader);
        this.#other(name);
    }
  }

  /** A date that is none must not cost us the message. */
  #internalDate(): void {
    const text = this.#reader.nastring();
    const date = text === undefined ? undefined : parseInternalDate(text);
    if (date === undefined) this.#other("INTERNALDATE");
    else this.row.internalDate = date;
  }

  /** `"BODY" section ["<" number ">"] SP nstring`, and BINARY (RFC 3516). */
  #section(name: string): void {
    const reader = this.#reader;
    const section = `${name}[${this.#sectionSpec()}]`;
    let origin: number | undefined;
    if (reader.tryOctet(LESS)) {
      origin = reader.number();
      reader.octet(GREATER);
    }
    reader.space();
    if (name === "BODY" || name === "BINARY") this.#body(section, origin);
    else {
      skipValue(reader);
      this.#other(section);
    }
  }

  #sectionSpec(): string {
    const reader = this.#reader;
    reader.octet(LBRACKET);
    let spec = reader.token(IS_ITEM).toUpperCase();
    if (reader.tryOctet(SP)) {
      const names: string[] = [];
      reader.list(() => names.push(reader.astring().toUpperCase()));
      spec += ` (${names.join(" ")})`;
    }
    reader.octet(RBRACKET);
    return spec;
  }

  #body(section: string, origin: number | undefined): void {
    this.ahead = { section, origin };
    const value = this.#reader.nstring();
    this.ahead = undefined;
    const item: BodyItem = {
      section,
      origin,
      form: value.form,
      size: value.size,
      bytes: value.bytes,
      receiver: value.receiver,
    };
    this.row.bodies = [...this.row.bodies, item];
  }

  #labels(): string[] {
    const reader = this.#reader;
    const labels: string[] = [];
    if (reader.peek() !== LPAREN && reader.tryNil()) return labels;
    reader.list(() => {
      const value = reader.tryString();
      labels.push(
        value === undefined ? reader.flag(IS_FLAG) : reader.text(value),
      );
    });
    return labels;
  }

  #other(name: string): void {
    this.row.others = [...this.row.others, name];
  }
}

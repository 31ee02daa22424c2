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
import { FetchRowDraft } from "./fetch_row.ts";
import type { FlagTable } from "./flag_table.ts";
import { flagList, objectId, skipValue } from "./parse_values.ts";
import type { WireReader } from "./reader.ts";

/** A body whose literal is about to come. */
export interface BodyAhead {
  readonly section: string;
  readonly origin: number | undefined;
}

/**
 * Reads `msg-att` (RFC 9051 §7.5.2), from its parenthesis on. It can stop where
 * a body is still to come and go on when its literal has been added to what the
 * reader reads, so that a row is read once, however long its body.
 */
export class MsgAttParser {
  /** What was read so far. */
  readonly row: FetchRowDraft;
  /** The body item that {@link read} stopped at. */
  ahead: BodyAhead | undefined;
  readonly #reader: WireReader;
  readonly #table: FlagTable;
  #begun = false;

  constructor(reader: WireReader, seq: number, table: FlagTable) {
    this.row = new FetchRowDraft(seq);
    this.#reader = reader;
    this.#table = table;
  }

  /**
   * Reads on. False: the literal of {@link ahead} is missing; call again later.
   * @throws {WireError} When it does not follow the grammar.
   */
  read(): boolean {
    const reader = this.#reader;
    if (!this.#begun) {
      this.#begun = true;
      reader.open();
    } else if (!this.#body()) return false;
    // As `WireReader.list`, which cannot stop in the middle.
    for (;;) {
      const start = reader.at;
      while (reader.tryOctet(SP));
      if (reader.tryClose()) return true;
      if (reader.at === start && reader.bytes[start - 1] !== LPAREN) {
        throw reader.fail("Expected a blank");
      }
      this.#item(reader.token(IS_ITEM).toUpperCase());
      if (!this.#body()) return false;
    }
  }

  /** Reads the value of the body item, if one was begun and it is there. */
  #body(): boolean {
    const { ahead } = this;
    if (ahead === undefined) return true;
    if (this.#reader.isLiteralAhead()) return false;
    this.ahead = undefined;
    const { form, size, bytes, receiver } = this.#reader.nstring();
    const { section, origin } = ahead;
    this.row.bodies = [
      ...this.row.bodies,
      { section, origin, form, size, bytes, receiver },
    ];
    return true;
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
        this.ahead = { section: name, origin: undefined };
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
    if (name === "BODY" || name === "BINARY") this.ahead = { section, origin };
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

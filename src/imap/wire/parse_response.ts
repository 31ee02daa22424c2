/** From one framed response to its value: the root of the grammar. */
import { DIGIT_0, DIGIT_9, IS_FLAG, PLUS, SP, STAR } from "./bytes.ts";
import type { FlagTable } from "./flag_table.ts";
import type { FetchRow } from "./fetch_row.ts";
import { MsgAttParser } from "./parse_fetch.ts";
import {
  esearch,
  idFields,
  mailboxList,
  mailboxStatus,
  namespaces,
  search,
  vanished,
} from "./parse_mailbox.ts";
import { respText } from "./parse_status.ts";
import { capabilityWords, flagTexts, skipValue } from "./parse_values.ts";
import { LITERAL_AHEAD, type WireReader } from "./reader.ts";
import type {
  Response,
  StatusResponse,
  TaggedResponse,
  UntaggedResponse,
} from "./response.ts";

/**
 * `response` (RFC 9051 §9).
 * @throws {WireError} When it does not follow the grammar.
 */
export function parseResponse(reader: WireReader, table: FlagTable): Response {
  try {
    const response = anyResponse(reader, table);
    reader.crlf();
    return response;
  } catch (error) {
    // A line that ends in what looks like a literal and is none.
    if (error === LITERAL_AHEAD) throw reader.fail("Expected a literal");
    throw error;
  }
}

/**
 * A parser for a response that has only begun, if it is a FETCH: the only one
 * whose literals are not kept in memory.
 * @throws {WireError} When its start does not follow the grammar.
 */
export function beginFetch(
  reader: WireReader,
  table: FlagTable,
): MsgAttParser | undefined {
  if (!reader.tryOctet(STAR) || !reader.tryOctet(SP)) return undefined;
  const octet = reader.peek();
  if (octet < DIGIT_0 || octet > DIGIT_9) return undefined;
  const seq = reader.number();
  reader.space();
  if (reader.token(IS_FLAG).toUpperCase() !== "FETCH") return undefined;
  return fetchParser(reader, seq, table);
}

/** `"FETCH" SP msg-att`, after the word. */
function fetchParser(
  reader: WireReader,
  seq: number,
  table: FlagTable,
): MsgAttParser {
  if (seq === 0) throw reader.fail("Expected a message number");
  reader.space();
  return new MsgAttParser(reader, seq, table);
}

function anyResponse(reader: WireReader, table: FlagTable): Response {
  if (reader.tryOctet(PLUS)) {
    reader.tryOctet(SP);
    return { kind: "continuation", text: reader.rest() };
  }
  if (reader.tryOctet(STAR)) {
    reader.space();
    return responseData(reader, table);
  }
  return responseTagged(reader);
}

/** `response-tagged`. */
function responseTagged(reader: WireReader): TaggedResponse {
  const tag = reader.atom();
  reader.space();
  const status = reader.token(IS_FLAG).toUpperCase();
  if (status !== "OK" && status !== "NO" && status !== "BAD") {
    throw reader.fail("Expected OK, NO or BAD");
  }
  return { kind: "tagged", tag, status, ...respText(reader) };
}

/** `response-data`, after `* `. */
function responseData(reader: WireReader, table: FlagTable): UntaggedResponse {
  const octet = reader.peek();
  if (octet >= DIGIT_0 && octet <= DIGIT_9) return messageData(reader, table);
  const name = reader.token(IS_FLAG).toUpperCase();
  switch (name) {
    case "OK":
    case "NO":
    case "BAD":
    case "BYE":
    case "PREAUTH":
      return respCond(reader, name);
    case "LIST":
    case "LSUB":
    case "XLIST":
      reader.space();
      return mailboxList(reader, name);
    case "STATUS":
      reader.space();
      return mailboxStatus(reader);
    case "SEARCH":
      return search(reader);
    case "ESEARCH":
      return esearch(reader);
    case "FLAGS":
      reader.space();
      return { kind: "flags", flags: flagTexts(reader) };
    case "VANISHED":
      return vanished(reader);
    case "CAPABILITY":
      return { kind: "capability", capabilities: capabilityWords(reader) };
    case "ENABLED":
      return { kind: "enabled", capabilities: capabilityWords(reader) };
    case "NAMESPACE":
      return namespaces(reader);
    case "ID":
      return { kind: "id", fields: idFields(reader) };
    case "EXISTS":
    case "RECENT":
    case "EXPUNGE":
    case "FETCH":
      throw reader.fail("Expected a number before it");
    default:
      return other(reader, name);
  }
}

/** `resp-cond-state`, `resp-cond-bye`, `resp-cond-auth`. */
function respCond(
  reader: WireReader,
  status: StatusResponse["status"],
): StatusResponse {
  return { kind: "status", status, ...respText(reader) };
}

/** `message-data` and the counts of `mailbox-data`: what begins with a number. */
function messageData(reader: WireReader, table: FlagTable): UntaggedResponse {
  const number = reader.number();
  reader.space();
  const name = reader.token(IS_FLAG).toUpperCase();
  switch (name) {
    case "EXISTS":
      return { kind: "exists", count: number };
    case "RECENT":
      return { kind: "recent", count: number };
    case "EXPUNGE":
      if (number === 0) throw reader.fail("Expected a message number");
      return { kind: "expunge", seq: number };
    case "FETCH":
      return msgAtt(reader, number, table);
    default:
      return other(reader, name, `${number} `);
  }
}

function msgAtt(reader: WireReader, seq: number, table: FlagTable): FetchRow {
  const parser = fetchParser(reader, seq, table);
  if (!parser.read()) throw LITERAL_AHEAD;
  return parser.row;
}

/** A response of an extension; read over as values, or as text to its end. */
function other(
  reader: WireReader,
  name: string,
  prefix = "",
): UntaggedResponse {
  if (!/^[A-Z]/.test(name)) throw reader.fail("Expected a response");
  const { bytes, at } = reader;
  const text = reader.rest();
  reader.at = at;
  try {
    while (reader.peek() !== -1) {
      if (!reader.tryOctet(SP)) skipValue(reader);
    }
  } catch (error) {
    // Free text; but if literals were passed the rest of it is unknown.
    if (reader.bytes !== bytes) throw error;
    reader.rest();
  }
  return { kind: "other", name: prefix + name, text: text.trimStart() };
}

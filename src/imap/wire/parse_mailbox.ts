/** Responses about mailboxes: LIST, STATUS, SEARCH, NAMESPACE and so on. */
import { COLON, IS_ATOM, IS_FLAG, LPAREN, SP } from "./bytes.ts";
import { flagTexts, objectId, skipValue, uidSet } from "./parse_values.ts";
import type { WireReader } from "./reader.ts";
import type {
  EsearchResponse,
  NamespaceResponse,
  SearchResponse,
  VanishedResponse,
} from "./response.ts";
import type {
  ListResponse,
  MailboxStatusResponse,
  Namespace,
  UidValidity,
} from "./types.ts";
import { UidSet } from "./uid_set.ts";

/** `mailbox-list` (RFC 9051 §7.3.1), after the word and its blank. */
export function mailboxList(
  reader: WireReader,
  command: ListResponse["command"],
): ListResponse {
  const attributes = flagTexts(reader);
  reader.space();
  const delimiter = hierarchyDelimiter(reader);
  reader.space();
  const name = mailbox(reader);
  let oldName: string | undefined;
  let childInfo: string[] = [];
  // `mbox-list-extended`: pairs of a name and any value (RFC 5258 §6).
  if (reader.tryOctet(SP) && reader.peek() === LPAREN) {
    reader.open();
    while (!reader.tryClose()) {
      if (reader.tryOctet(SP)) continue;
      const item = reader.astring().toUpperCase();
      reader.space();
      if (item === "OLDNAME") {
        reader.open();
        oldName = mailbox(reader);
        reader.close();
      } else if (item === "CHILDINFO") {
        childInfo = astringList(reader);
      } else skipValue(reader);
    }
  }
  return {
    kind: "list",
    command,
    attributes,
    delimiter,
    name,
    oldName,
    childInfo,
  };
}

function astringList(reader: WireReader): string[] {
  const values: string[] = [];
  reader.open();
  while (!reader.tryClose()) {
    if (!reader.tryOctet(SP)) values.push(reader.astring());
  }
  return values;
}

/** `DQUOTE QUOTED-CHAR DQUOTE / nil`; an empty string is taken as NIL. */
function hierarchyDelimiter(reader: WireReader): string | undefined {
  const delimiter = reader.nastring();
  return delimiter === "" ? undefined : delimiter;
}

/**
 * `mailbox`: an astring. Bare names with `%`, `*` or a backslash, which the
 * grammar wants quoted, are taken as they are.
 */
function mailbox(reader: WireReader): string {
  const value = reader.tryString();
  if (value !== undefined) return reader.text(value);
  const name = reader.token(IS_FLAG);
  if (name === "") throw reader.fail("Expected a mailbox");
  return name;
}

/** `"STATUS" SP mailbox SP "(" [status-att-list] ")"`, after the first blank. */
export function mailboxStatus(reader: WireReader): MailboxStatusResponse {
  const name = mailbox(reader);
  const status = {
    kind: "mailbox-status",
    name,
    messages: undefined,
    recent: undefined,
    unseen: undefined,
    deleted: undefined,
    uidNext: undefined,
    uidValidity: undefined,
    highestModSeq: undefined,
    sizeBytes: undefined,
    appendLimit: undefined,
    mailboxId: undefined,
  } as {
    -readonly [K in keyof MailboxStatusResponse]: MailboxStatusResponse[K];
  };
  reader.space();
  reader.open();
  while (!reader.tryClose()) {
    if (reader.tryOctet(SP)) continue;
    const item = reader.atom().toUpperCase();
    reader.space();
    switch (item) {
      case "MESSAGES":
        status.messages = reader.number();
        break;
      case "RECENT":
        status.recent = reader.number();
        break;
      case "UNSEEN":
        status.unseen = reader.number();
        break;
      case "DELETED":
        status.deleted = reader.number();
        break;
      case "UIDNEXT":
        // 0 is illegal and sent by some for \Noselect; it says nothing.
        status.uidNext = nonZero(reader.number()) as typeof status.uidNext;
        break;
      case "UIDVALIDITY":
        status.uidValidity = nonZero(reader.number()) as
          | UidValidity
          | undefined;
        break;
      case "HIGHESTMODSEQ":
        status.highestModSeq = reader.modSeq();
        break;
      case "SIZE":
        status.sizeBytes = reader.number();
        break;
      case "APPENDLIMIT":
        if (!reader.tryNil()) status.appendLimit = reader.number();
        break;
      case "MAILBOXID":
        status.mailboxId = objectId(reader);
        break;
      default:
        skipValue(reader);
    }
  }
  return status;
}

function nonZero(value: number): number | undefined {
  return value === 0 ? undefined : value;
}

/**
 * `"SEARCH" *(SP nz-number) [SP search-sort-mod-seq]`, after the word.
 * Numbers may come in any order.
 */
export function search(reader: WireReader): SearchResponse {
  const pairs: number[] = [];
  let modSeq: bigint | undefined;
  while (reader.tryOctet(SP)) {
    const octet = reader.peek();
    if (octet === -1 || octet === SP) continue;
    if (octet === LPAREN) {
      reader.open();
      if (reader.atom().toUpperCase() !== "MODSEQ") {
        throw reader.fail("Expected MODSEQ");
      }
      reader.space();
      modSeq = reader.modSeq();
      reader.close();
      continue;
    }
    const uid = reader.nzNumber();
    const last = pairs.length - 1;
    if (last > 0 && pairs[last] === uid - 1) pairs[last] = uid;
    else pairs.push(uid, uid);
  }
  return { kind: "search", uids: UidSet.fromRanges(pairs), modSeq };
}

/** `esearch-response` (RFC 9051 §7.3.4), after the word. */
export function esearch(reader: WireReader): EsearchResponse {
  const result = {
    kind: "esearch",
    tag: undefined,
    isUid: false,
    all: undefined,
    count: undefined,
    min: undefined,
    max: undefined,
    modSeq: undefined,
  } as { -readonly [K in keyof EsearchResponse]: EsearchResponse[K] };
  while (reader.tryOctet(SP)) {
    const octet = reader.peek();
    if (octet === -1 || octet === SP) continue;
    if (octet === LPAREN) {
      result.tag = searchCorrelator(reader);
      continue;
    }
    const item = reader.atom().toUpperCase();
    if (item === "UID") {
      result.isUid = true;
      continue;
    }
    reader.space();
    switch (item) {
      case "ALL":
        result.all = uidSet(reader);
        break;
      case "COUNT":
        result.count = reader.number();
        break;
      case "MIN":
        result.min = reader.uid();
        break;
      case "MAX":
        result.max = reader.uid();
        break;
      case "MODSEQ":
        result.modSeq = reader.modSeq();
        break;
      default:
        skipSetOrValue(reader);
    }
  }
  return result;
}

/** `"(" "TAG" SP tag-string ")"`. */
function searchCorrelator(reader: WireReader): string {
  reader.open();
  if (reader.atom().toUpperCase() !== "TAG") throw reader.fail("Expected TAG");
  reader.space();
  const tag = reader.astring();
  reader.close();
  return tag;
}

function skipSetOrValue(reader: WireReader): void {
  skipValue(reader);
  while (reader.tryOctet(COLON)) skipValue(reader);
}

/** `"VANISHED" [SP "(EARLIER)"] SP known-uids` (RFC 7162 §7), after the word. */
export function vanished(reader: WireReader): VanishedResponse {
  reader.space();
  let earlier = false;
  if (reader.peek() === LPAREN) {
    reader.open();
    if (reader.token(IS_ATOM).toUpperCase() !== "EARLIER") {
      throw reader.fail("Expected EARLIER");
    }
    reader.close();
    reader.space();
    earlier = true;
  }
  return { kind: "vanished", earlier, uids: uidSet(reader) };
}

/** `namespace-response` (RFC 2342 §5), after the word. */
export function namespaces(reader: WireReader): NamespaceResponse {
  reader.space();
  const personal = namespaceList(reader);
  reader.space();
  const others = namespaceList(reader);
  reader.space();
  const shared = namespaceList(reader);
  return { kind: "namespace", personal, others, shared };
}

function namespaceList(reader: WireReader): Namespace[] {
  if (reader.tryNil()) return [];
  const list: Namespace[] = [];
  reader.open();
  while (!reader.tryClose()) {
    if (reader.tryOctet(SP)) continue;
    reader.open();
    const prefix = reader.astring();
    reader.space();
    list.push({ prefix, delimiter: hierarchyDelimiter(reader) });
    // `namespace-response-extension`: a string and a list of strings.
    while (!reader.tryClose()) {
      if (!reader.tryOctet(SP)) skipValue(reader);
    }
  }
  return list;
}

/** `id-params-list / nil` (RFC 2971 §4), after the word. */
export function idFields(
  reader: WireReader,
): ReadonlyMap<string, string | undefined> {
  const fields = new Map<string, string | undefined>();
  reader.space();
  if (reader.tryNil()) return fields;
  reader.open();
  while (!reader.tryClose()) {
    if (reader.tryOctet(SP)) continue;
    const name = reader.astring().toLowerCase();
    reader.space();
    fields.set(name, reader.nastring());
  }
  return fields;
}

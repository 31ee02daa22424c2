/** Responses about mailboxes: LIST, STATUS, SEARCH, NAMESPACE and so on. */
import { COLON, DIGIT_0, IS_ATOM, IS_FLAG, LPAREN, SP } from "./bytes.ts";
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
  Uid,
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
  const childInfo: string[] = [];
  // `mbox-list-extended`: pairs of a name and any value (RFC 5258 §6).
  if (reader.tryOctet(SP) && reader.peek() === LPAREN) {
    reader.list(() => {
      const item = reader.astring().toUpperCase();
      reader.space();
      if (item === "OLDNAME") {
        reader.open();
        oldName = mailbox(reader);
        reader.close();
      } else if (item === "CHILDINFO") {
        reader.list(() => childInfo.push(reader.astring()));
      } else skipValue(reader);
    });
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

type StatusDraft = {
  -readonly [K in keyof MailboxStatusResponse]: MailboxStatusResponse[K];
};

type EsearchDraft = {
  -readonly [K in keyof EsearchResponse]: EsearchResponse[K];
};

/** `"STATUS" SP mailbox SP "(" [status-att-list] ")"`, after the first blank. */
export function mailboxStatus(reader: WireReader): MailboxStatusResponse {
  const name = mailbox(reader);
  const status: StatusDraft = {
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
  };
  reader.space();
  reader.list(() => {
    const item = reader.atom().toUpperCase();
    reader.space();
    statusItem(reader, item, status);
  });
  return status;
}

/** `status-att-val`, after its name and a blank. */
function statusItem(
  reader: WireReader,
  item: string,
  draft: StatusDraft,
): void {
  switch (item) {
    case "MESSAGES":
      draft.messages = reader.number();
      break;
    case "RECENT":
      draft.recent = reader.number();
      break;
    case "UNSEEN":
      draft.unseen = reader.number();
      break;
    case "DELETED":
      draft.deleted = reader.number();
      break;
    case "UIDNEXT":
      // 0 is illegal and sent by some for \Noselect; it says nothing.
      draft.uidNext = uidOrZero(reader) as Uid | undefined;
      break;
    case "UIDVALIDITY":
      draft.uidValidity = uidOrZero(reader) as UidValidity | undefined;
      break;
    case "HIGHESTMODSEQ":
      draft.highestModSeq = reader.modSeq();
      break;
    case "SIZE":
      draft.sizeBytes = reader.number();
      break;
    case "APPENDLIMIT":
      if (!reader.tryNil()) draft.appendLimit = reader.number();
      break;
    case "MAILBOXID":
      draft.mailboxId = objectId(reader);
      break;
    default:
      skipValue(reader);
  }
}

/** A number of 32 bits; 0 says nothing. */
function uidOrZero(reader: WireReader): number | undefined {
  if (reader.peek() !== DIGIT_0) return reader.nzNumber();
  reader.number();
  return undefined;
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
  const result: EsearchDraft = {
    kind: "esearch",
    tag: undefined,
    isUid: false,
    all: undefined,
    count: undefined,
    min: undefined,
    max: undefined,
    modSeq: undefined,
  };
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
  reader.list(() => {
    reader.open();
    const prefix = reader.astring();
    reader.space();
    list.push({ prefix, delimiter: hierarchyDelimiter(reader) });
    // `namespace-response-extension`: a string and a list of strings.
    while (!reader.tryClose()) {
      reader.space();
      skipValue(reader);
    }
  }, true);
  return list;
}

/** `id-params-list / nil` (RFC 2971 §4), after the word. */
export function idFields(
  reader: WireReader,
): ReadonlyMap<string, string | undefined> {
  const fields = new Map<string, string | undefined>();
  reader.space();
  if (reader.tryNil()) return fields;
  reader.list(() => {
    const name = reader.astring().toLowerCase();
    reader.space();
    fields.set(name, reader.nastring());
  });
  return fields;
}

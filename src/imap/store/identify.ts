/** Message-ID, size and date of messages on the server. */
import { editHeader } from "../../sync/header_fields.ts";
import type { Identity, Ref } from "../../sync/types.ts";
import { headerKey, headerText } from "../../sync/message_header.ts";
import type { FetchItem } from "../command/fetch_items.ts";
import { ResponseError } from "../connection_error.ts";
import type { FetchRow } from "../wire/fetch_row.ts";
import { UidSet } from "../wire/uid_set.ts";
import type { HiddenFields } from "./hidden_fields.ts";
import { stillThereNow } from "./presence.ts";
import type { SelectedMailbox } from "./selected.ts";
import { tryFetch } from "./try_fetch.ts";
import { uidsOf } from "./uids_of.ts";

/** Messages identified at a time: what is kept in memory. */
const PART = 20_000;

const NONE: HiddenFields = new Set();

/** What tells of an identity. */
interface Question {
  readonly header: FetchItem;
  readonly hidden: HiddenFields | undefined;
}

/**
 * Identifies messages by their Message-ID; those without one by a digest of the
 * header, which is fetched for them alone. Leaves out what is gone, or what the
 * server does not tell even when it is asked again.
 *
 * @param hidden Fields that count for nothing: of a message that has none of
 *   them the identity is the same. For these the whole header is fetched.
 */
export async function* identify(
  mailbox: SelectedMailbox,
  refs: readonly Ref[],
  hidden?: HiddenFields,
): AsyncGenerator<Identity> {
  for (const uids of uidsOf(refs).splitByCount(PART)) {
    const nameless: number[] = [];
    if (hidden !== undefined) {
      const header = "BODY.PEEK[HEADER]";
      yield* (await headers(mailbox, uids, { header, hidden })).values();
      continue;
    }
    const found = await headers(mailbox, uids, {
      header: "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]",
      hidden,
    });
    for (const [uid, identity] of found) {
      if (identity.key.startsWith("sha256:")) nameless.push(uid);
      else yield identity;
    }
    if (nameless.length === 0) continue;
    const digests = await headers(mailbox, UidSet.from(nameless), {
      header: "BODY.PEEK[HEADER]",
      hidden,
    });
    yield* digests.values();
  }
}

async function headers(
  mailbox: SelectedMailbox,
  uids: UidSet,
  { header, hidden }: Question,
): Promise<Map<number, Identity>> {
  const found = new Map<number, Identity>();
  const ask = (wanted: UidSet) =>
    Promise.allSettled(
      wanted.split().map((part) =>
        tryFetch(mailbox.connection, {
          uids: part,
          items: ["RFC822.SIZE", "INTERNALDATE", header],
          onRow: (row) => note(found, row, hidden),
        })
      ),
    );
  for (const attempt of await ask(uids)) {
    if (attempt.status === "rejected") throw attempt.reason;
  }
  const missing = uids.difference(UidSet.from(found.keys()));
  if (missing.isEmpty) return found;
  const there = await stillThereNow(mailbox, missing);
  for (const attempt of await ask(there)) {
    if (attempt.status === "rejected") throw attempt.reason;
    if (attempt.value instanceof ResponseError) throw attempt.value;
  }
  return found;
}

/** A message whose header the server does not give has no identity. */
function note(
  found: Map<number, Identity>,
  { uid, bodies, sizeBytes, internalDate }: FetchRow,
  hidden: HiddenFields = NONE,
): void {
  const told = bodies[0]?.bytes;
  if (uid === undefined || told === undefined || sizeBytes === undefined) {
    return;
  }
  const header = editHeader(told, { drop: hidden });
  found.set(uid, {
    ref: uid,
    key: headerKey(headerText(header)),
    sizeBytes: sizeBytes - told.length + header.length,
    ...(internalDate === undefined
      ? {}
      : { internalDate: internalDate.epochMs }),
  });
}

/** Message-ID, size and date of messages on the server. */
import type { Identity, Ref } from "../../sync/types.ts";
import { headerKey, headerText } from "../../sync/message_header.ts";
import type { FetchItem } from "../command/fetch_items.ts";
import { ResponseError } from "../connection_error.ts";
import type { FetchRow } from "../wire/fetch_row.ts";
import { UidSet } from "../wire/uid_set.ts";
import { stillThereNow } from "./presence.ts";
import type { SelectedMailbox } from "./selected.ts";
import { tryFetch } from "./try_fetch.ts";
import { uidsOf } from "./uids_of.ts";

/** Messages identified at a time: what is kept in memory. */
const PART = 20_000;

/**
 * Identifies messages by their Message-ID; those without one by a digest of the
 * header, which is fetched for them alone. Leaves out what is gone, or what the
 * server does not tell even when it is asked again.
 */
export async function* identify(
  mailbox: SelectedMailbox,
  refs: readonly Ref[],
): AsyncGenerator<Identity> {
  for (const uids of uidsOf(refs).splitByCount(PART)) {
    const nameless: number[] = [];
    const found = await headers(
      mailbox,
      uids,
      "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]",
    );
    for (const [uid, identity] of found) {
      if (identity.key.startsWith("sha256:")) nameless.push(uid);
      else yield identity;
    }
    if (nameless.length === 0) continue;
    const digests = await headers(
      mailbox,
      UidSet.from(nameless),
      "BODY.PEEK[HEADER]",
    );
    yield* digests.values();
  }
}

async function headers(
  mailbox: SelectedMailbox,
  uids: UidSet,
  header: FetchItem,
): Promise<Map<number, Identity>> {
  const found = new Map<number, Identity>();
  const ask = (wanted: UidSet) =>
    Promise.allSettled(
      wanted.split().map((part) =>
        tryFetch(mailbox.connection, {
          uids: part,
          items: ["RFC822.SIZE", "INTERNALDATE", header],
          onRow: (row) => note(found, row),
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
): void {
  const header = bodies[0]?.bytes;
  if (uid === undefined || header === undefined || sizeBytes === undefined) {
    return;
  }
  found.set(uid, {
    ref: uid,
    key: headerKey(headerText(header)),
    sizeBytes,
    ...(internalDate === undefined
      ? {}
      : { internalDate: internalDate.epochMs }),
  });
}

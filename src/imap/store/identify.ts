/** Message-ID, size and date of messages on the server. */
import type { Identity, Ref } from "../../sync/types.ts";
import { headerKey, headerText } from "../../sync/message_header.ts";
import { fetch } from "../command/fetch.ts";
import type { FetchItem } from "../command/fetch_items.ts";
import type { FetchRow } from "../wire/fetch_row.ts";
import { UidSet } from "../wire/uid_set.ts";
import type { SelectedMailbox } from "./selected.ts";
import { uidsOf } from "./uids_of.ts";

/** Messages identified at a time: what is kept in memory. */
const PART = 20_000;

/**
 * Identifies messages by their Message-ID; those without one by a digest of the
 * header, which is fetched for them alone.
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
    for (const identity of found) {
      if (identity.key.startsWith("sha256:")) {
        nameless.push(Number(identity.ref));
      } else yield identity;
    }
    if (nameless.length === 0) continue;
    yield* await headers(mailbox, UidSet.from(nameless), "BODY.PEEK[HEADER]");
  }
}

async function headers(
  mailbox: SelectedMailbox,
  uids: UidSet,
  header: FetchItem,
): Promise<Identity[]> {
  const found: Identity[] = [];
  await mailbox.connection.executeAll(
    uids.split().map((part) =>
      fetch({
        uids: part,
        items: ["RFC822.SIZE", "INTERNALDATE", header],
        onRow: (row) => void found.push(...identityOf(row)),
      })
    ),
  );
  return found;
}

/** None for a message whose header the server does not give. */
function identityOf(
  { uid, bodies, sizeBytes, internalDate }: FetchRow,
): Identity[] {
  const header = bodies[0]?.bytes;
  if (uid === undefined || header === undefined || sizeBytes === undefined) {
    return [];
  }
  return [{
    ref: uid,
    key: headerKey(headerText(header)),
    sizeBytes,
    ...(internalDate === undefined
      ? {}
      : { internalDate: internalDate.epochMs }),
  }];
}

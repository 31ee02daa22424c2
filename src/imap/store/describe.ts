/** What Gmail tells of messages beside their bodies, its own name for them first. */
import type { Described } from "../../sync/ports.ts";
import type { Ref } from "../../sync/types.ts";
import type { FetchItem } from "../command/fetch_items.ts";
import { ResponseError } from "../connection_error.ts";
import type { FetchRow } from "../wire/fetch_row.ts";
import type { GmailLabels } from "./labels.ts";
import type { SelectedMailbox } from "./selected.ts";
import { tryFetch } from "./try_fetch.ts";
import { uidsOf } from "./uids_of.ts";

/** Whether the server has names for messages that hold in every mailbox. */
export function hasGmailIds({ connection }: SelectedMailbox): boolean {
  return connection.capabilities.has("X-GM-EXT-1");
}

/** Describes messages in one round trip; what the server does not tell is left out. */
export async function describe(
  mailbox: SelectedMailbox,
  refs: readonly Ref[],
  labels: GmailLabels | undefined,
): Promise<ReadonlyMap<Ref, Described>> {
  const found = new Map<Ref, Described>();
  const items: FetchItem[] = [
    ...["X-GM-MSGID", "RFC822.SIZE", "FLAGS", "INTERNALDATE"] as const,
    ...labels === undefined ? [] : ["X-GM-LABELS"] as const,
  ];
  const onRow = (row: FetchRow) => {
    const described = describedBy(
      labels === undefined ? row : labels.join(row),
    );
    if (described !== undefined) found.set(described.ref, described);
  };
  const attempts = await Promise.allSettled(
    uidsOf(refs).split().map((uids) =>
      tryFetch(mailbox.connection, { uids, items, onRow })
    ),
  );
  for (const attempt of attempts) {
    if (attempt.status === "fulfilled") continue;
    // Then they are downloaded, and that says what is wrong.
    if (!(attempt.reason instanceof ResponseError)) throw attempt.reason;
  }
  return found;
}

function describedBy(row: FetchRow | undefined): Described | undefined {
  const { uid, gmailMessageId: id, sizeBytes, flags, internalDate } = row ?? {};
  if (
    uid === undefined || id === undefined || sizeBytes === undefined ||
    flags === undefined
  ) return undefined;
  return {
    ref: uid,
    id,
    sizeBytes,
    flags,
    internalDate: internalDate?.epochMs,
  };
}

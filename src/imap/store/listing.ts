/** All mailboxes of a server with their state, in one or two round trips. */
import { list } from "../command/list.ts";
import { status, type StatusItem } from "../command/status.ts";
import type { ImapConnection } from "../connection.ts";
import type { ListResponse, MailboxStatusResponse } from "../wire/types.ts";
import { formatToken } from "./token.ts";

/** A mailbox that can be selected. */
export interface ListedMailbox {
  readonly wireName: string;
  readonly delimiter: string | undefined;
  /** RFC 6154 attributes in lower case. */
  readonly specialUse: readonly string[];
  /** Undefined where the server does not tell enough. */
  readonly token: string | undefined;
  /** Whether an equal token proves that nothing changed (CONDSTORE). */
  readonly exact: boolean;
}

const SPECIAL_USES = new Set(
  ["all", "archive", "drafts", "flagged", "important", "junk", "sent", "trash"]
    .map((use) => `\\${use}`),
);

/**
 * Lists what can be selected. LIST-STATUS tells everything in one round trip
 * (RFC 5819); without it the STATUS commands go out together, in a second one.
 */
export async function listMailboxes(
  connection: ImapConnection,
): Promise<ListedMailbox[]> {
  const { capabilities } = connection;
  const items = statusItems(connection);
  const extended = capabilities.has("LIST-EXTENDED") ||
    capabilities.has("IMAP4REV2");
  const withStatus = capabilities.has("LIST-STATUS") ||
    capabilities.has("IMAP4REV2");
  const specialUse = capabilities.has("SPECIAL-USE") && extended;
  const { mailboxes, statuses } = await connection.execute(list({
    ...(specialUse ? { return: ["SPECIAL-USE"] } : {}),
    ...(withStatus ? { status: items } : {}),
  }));
  const selectable = unique(mailboxes.filter(isSelectable));
  const known = withStatus
    ? statuses
    : await statusOf(connection, selectable, items);
  const exact = hasModSeq(connection);
  return selectable.map((mailbox) => describe(mailbox, known, exact));
}

/** Whether MODSEQs can be asked for. */
export function hasModSeq({ capabilities, enabled }: ImapConnection): boolean {
  return enabled.has("CONDSTORE") || enabled.has("QRESYNC") ||
    capabilities.has("CONDSTORE") || capabilities.has("QRESYNC");
}

function statusItems(connection: ImapConnection): StatusItem[] {
  const items: StatusItem[] = ["MESSAGES", "UIDNEXT", "UIDVALIDITY"];
  if (hasModSeq(connection)) items.push("HIGHESTMODSEQ");
  return items;
}

function isSelectable({ attributes, name }: ListResponse): boolean {
  const lower = attributes.map((attribute) => attribute.toLowerCase());
  return name !== "" && !lower.includes("\\noselect") &&
    !lower.includes("\\nonexistent");
}

/** Some servers list a mailbox twice. */
function unique(mailboxes: readonly ListResponse[]): ListResponse[] {
  return [...new Map(mailboxes.map((m) => [m.name, m])).values()];
}

async function statusOf(
  connection: ImapConnection,
  mailboxes: readonly ListResponse[],
  items: readonly StatusItem[],
): Promise<ReadonlyMap<string, MailboxStatusResponse>> {
  // A mailbox that refuses has no state; its SELECT will say why.
  const answers = await Promise.allSettled(
    mailboxes.map(({ name }) => connection.execute(status(name, items))),
  );
  const found = new Map<string, MailboxStatusResponse>();
  mailboxes.forEach(({ name }, at) => {
    const answer = answers[at];
    if (answer?.status === "fulfilled" && answer.value !== undefined) {
      found.set(name, answer.value);
    }
  });
  return found;
}

function describe(
  { name, delimiter, attributes }: ListResponse,
  statuses: ReadonlyMap<string, MailboxStatusResponse>,
  exact: boolean,
): ListedMailbox {
  const known = statuses.get(name);
  const modSeq = known?.highestModSeq;
  const hasMark = exact && modSeq !== undefined && modSeq > 0n;
  const complete = known?.uidNext !== undefined &&
    known.uidValidity !== undefined && known.messages !== undefined;
  return {
    wireName: name,
    delimiter,
    specialUse: attributes.map((attribute) => attribute.toLowerCase())
      .filter((attribute) => SPECIAL_USES.has(attribute)),
    token: complete
      ? formatToken({
        uidValidity: known.uidValidity ?? 0,
        uidNext: known.uidNext ?? 0,
        messages: known.messages ?? 0,
        highestModSeq: hasMark ? modSeq : undefined,
      })
      : undefined,
    exact: hasMark,
  };
}

/** All mailboxes of a server with their state, in one or two round trips. */
import { MailError } from "../../errors.ts";
import { unselect } from "../command/unselect.ts";
import { list, type ListResult, lsub } from "../command/list.ts";
import { noop } from "../command/noop.ts";
import { status, type StatusItem } from "../command/status.ts";
import type { ImapConnection } from "../connection.ts";
import { isInbox } from "../mailbox_name.ts";
import type { ListResponse, MailboxStatusResponse } from "../wire/types.ts";
import type { PooledConnection } from "./pool.ts";
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

/** Which part of a server's mailboxes is listed. */
export interface ListingOptions {
  /** The reference of LIST and LSUB, as on the wire. @default "" */
  readonly reference?: string;
  /** Only those that are subscribed. @default false */
  readonly subscribedOnly?: boolean;
}

/**
 * Lists what can be selected. LIST-STATUS tells everything in one round trip
 * (RFC 5819); without it the STATUS commands go out together, in a second one.
 * Subscribed mailboxes only cost nothing more where LIST-EXTENDED is offered
 * (RFC 5258), and an LSUB elsewhere.
 */
export async function listMailboxes(
  pooled: PooledConnection,
  { reference = "", subscribedOnly = false }: ListingOptions = {},
): Promise<ListedMailbox[]> {
  const { connection } = pooled;
  const { capabilities } = connection;
  await leave(pooled);
  const items = statusItems(connection);
  const extended = isExtended(connection);
  const withStatus = capabilities.has("LIST-STATUS") ||
    capabilities.has("IMAP4REV2");
  const specialUse = capabilities.has("SPECIAL-USE") && extended;
  const subscribed = subscribedOnly && !extended
    ? namesOf(await connection.execute(lsub(reference)))
    : undefined;
  const { mailboxes, statuses } = await connection.execute(list({
    reference,
    ...(subscribedOnly && extended ? { select: ["SUBSCRIBED"] } : {}),
    ...(specialUse ? { return: ["SPECIAL-USE"] } : {}),
    ...(withStatus ? { status: items } : {}),
  }));
  const selectable = unique(mailboxes.filter(isSelectable)).filter(({ name }) =>
    subscribed === undefined || subscribed.has(canonical(name))
  );
  const known = withStatus
    ? byCanonicalName(statuses)
    : await statusOf(connection, selectable, items);
  const exact = hasModSeq(connection);
  return selectable.map((mailbox) => describe(mailbox, known, exact));
}

/**
 * The names on the wire of everything that can be selected, subscribed or not.
 */
export async function listNames(
  { connection }: PooledConnection,
  { reference = "" }: Pick<ListingOptions, "reference"> = {},
): Promise<string[]> {
  const { mailboxes } = await connection.execute(list({ reference }));
  return unique(mailboxes.filter(isSelectable)).map(({ name }) => name);
}

function isExtended({ capabilities }: ImapConnection): boolean {
  return capabilities.has("LIST-EXTENDED") || capabilities.has("IMAP4REV2");
}

/** {@link canonical} names. LSUB lists names too that do not exist any more. */
function namesOf({ mailboxes }: ListResult): ReadonlySet<string> {
  return new Set(mailboxes.map(({ name }) => canonical(name)));
}

/**
 * Leaves the mailbox that is open: of that one Dovecot 2.3 tells what the session
 * has seen of it, not what it is now (RFC 9051 §6.3.11 warns of it). Costs no
 * round trip where UNSELECT is offered.
 */
async function leave(pooled: PooledConnection): Promise<void> {
  const { connection } = pooled;
  if (pooled.selected === undefined) return;
  if (!connection.capabilities.has("UNSELECT")) {
    await connection.execute(noop());
    return;
  }
  pooled.selected = undefined;
  connection.execute({ ...unselect(), alone: false }).catch(() => {
    // The connection was lost, as LIST will tell; else nothing was selected.
  });
}

/** Whether MODSEQs can be asked for. */
function hasModSeq({ capabilities, enabled }: ImapConnection): boolean {
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
  return [...new Map(mailboxes.map((m) => [canonical(m.name), m])).values()];
}

async function statusOf(
  connection: ImapConnection,
  mailboxes: readonly ListResponse[],
  items: readonly StatusItem[],
): Promise<ReadonlyMap<string, MailboxStatusResponse>> {
  const answers = await Promise.allSettled(
    mailboxes.map(({ name }) => connection.execute(status(name, items))),
  );
  const found = new Map<string, MailboxStatusResponse>();
  mailboxes.forEach(({ name }, at) => {
    const answer = answers[at];
    if (answer?.status === "rejected") {
      // A mailbox that refuses has no state; its SELECT will say why.
      if (reachesOn(answer.reason)) throw answer.reason;
    } else if (answer?.value !== undefined) {
      found.set(canonical(name), answer.value);
    }
  });
  return found;
}

/** Whether a failure is of more than the one mailbox. */
function reachesOn(error: unknown): boolean {
  return !(error instanceof MailError) || error.scope === "account" ||
    error.scope === "run";
}

/** Statuses by {@link canonical} names. */
function byCanonicalName(
  statuses: ReadonlyMap<string, MailboxStatusResponse>,
): ReadonlyMap<string, MailboxStatusResponse> {
  return new Map(
    Array.from(statuses, ([name, status]) => [canonical(name), status]),
  );
}

/** INBOX may be written in any case, differently in LIST and STATUS. */
function canonical(wireName: string): string {
  return isInbox(wireName) ? "INBOX" : wireName;
}

function describe(
  { name, delimiter, attributes }: ListResponse,
  statuses: ReadonlyMap<string, MailboxStatusResponse>,
  exact: boolean,
): ListedMailbox {
  const known = statuses.get(canonical(name));
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

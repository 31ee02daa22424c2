/** Which messages a mailbox has: what no listing alone can prove. */
import { MailError } from "../../errors.ts";
import { noop } from "../command/noop.ts";
import { search } from "../command/search.ts";
import type { ExecuteOptions } from "../connection.ts";
import { ResponseError } from "../connection_error.ts";
import { UidSet } from "../wire/uid_set.ts";
import type { SelectedMailbox } from "./selected.ts";
import { tryFetch } from "./try_fetch.ts";

/**
 * Whether a listing of so many messages agrees with EXISTS, as it was before it
 * or is now: news that came with it may be of either time, and what they are of
 * is seen by the next look.
 */
export function isCount(
  { exists }: Pick<SelectedMailbox, "exists">,
  count: number,
  before: number,
): boolean {
  return count === exists || count === before;
}

/** How often a mailbox that others change meanwhile is counted. */
const ATTEMPTS = 3;

/**
 * Every UID of the mailbox, by a SEARCH that agrees with EXISTS.
 * @throws {MailError} `imap.listing`, when the two do not agree.
 */
export async function allUids(
  mailbox: SelectedMailbox,
  options: ExecuteOptions,
): Promise<UidSet> {
  const { connection } = mailbox;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = mailbox.exists;
    const { uids } = await connection.execute(search(), options);
    if (uids !== undefined && isCount(mailbox, uids.size, before)) return uids;
    // It lets the server tell of what it may not tell during a SEARCH.
    await connection.execute(noop(), options);
  }
  throw contradiction(
    mailbox,
    `the server counts ${mailbox.exists} messages and finds another number`,
  );
}

/** Those of `uids` that a SEARCH finds, in one round trip. */
export async function stillThere(
  mailbox: SelectedMailbox,
  uids: UidSet,
  options: ExecuteOptions = {},
): Promise<UidSet> {
  const { first, last } = uids;
  if (first === undefined || last === undefined) return uids;
  // What does not fit a line is asked for with all that lies between: plain
  // SEARCHes must wait for one another.
  const fits = uids.split().length === 1;
  const asked = fits ? uids : UidSet.range(first, last);
  const { uids: found } = await mailbox.connection.execute(
    search({ uids: asked }),
    options,
  );
  // Nothing said is not the same as nothing found.
  if (found === undefined) {
    throw contradiction(mailbox, "the server did not answer a search");
  }
  return found.intersection(uids);
}

/**
 * As {@link stillThere}, when something strange was seen: before it the server
 * may tell what it may not tell during a FETCH.
 */
export async function stillThereNow(
  mailbox: SelectedMailbox,
  uids: UidSet,
  options: ExecuteOptions = {},
): Promise<UidSet> {
  await mailbox.connection.execute(noop(), options);
  return await stillThere(mailbox, uids, options);
}

/**
 * Those of `uids` that neither SEARCH nor FETCH finds: two answers of different
 * kinds, in one round trip.
 */
export async function absentOf(
  mailbox: SelectedMailbox,
  uids: UidSet,
): Promise<UidSet> {
  const [found, fetched] = await Promise.all([
    stillThere(mailbox, uids),
    Promise.all(uids.split().map((part) => fetchable(mailbox, part))),
  ]);
  return fetched.reduce((rest, part) => rest.difference(part), uids)
    .difference(found);
}

async function fetchable(
  mailbox: SelectedMailbox,
  uids: UidSet,
): Promise<UidSet> {
  const request = { uids, items: [], onRow: () => {} };
  const attempt = await tryFetch(mailbox.connection, request);
  // Refused for what is not there; then SEARCH alone must do.
  if (attempt instanceof ResponseError) return UidSet.EMPTY;
  if (attempt.malformed.length === 0) return attempt.received;
  throw contradiction(mailbox, "the server sent what cannot be read");
}

/** Nothing may be concluded about the mailbox from what the server said. */
export function contradiction(
  { title }: Pick<SelectedMailbox, "title">,
  what: string,
): MailError {
  return new MailError(
    `The listing of "${title}" contradicts itself: ${what}`,
    {
      code: "imap.listing",
      scope: "mailbox",
      retry: "later",
      hint: "Nothing was concluded from it; the next run looks again",
    },
  );
}

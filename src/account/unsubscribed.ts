/** subscribedonly: folders that are on the server without a subscription. */
import { isInbox } from "../imap/mailbox_name.ts";
import type { Side } from "../sync/types.ts";
import type { NamedPair } from "./naming.ts";

/** Names in a text before it says how many more there are. */
const SHOWN = 5;

/**
 * Takes out the pairs whose folder on `side` would be created although it is there:
 * nobody who ends a subscription wants it to begin again with the next sync.
 * @param existing All names on the server, subscribed or not.
 */
export function withoutUnsubscribed(
  pairs: readonly NamedPair[],
  existing: ReadonlySet<string>,
  side: Side,
): { kept: NamedPair[]; left: NamedPair[] } {
  const known = new Set(Array.from(existing, canonical));
  const isLeft = (pair: NamedPair) =>
    pair.create === side && known.has(canonical(pair[side]));
  return {
    kept: pairs.filter((pair) => !isLeft(pair)),
    left: pairs.filter(isLeft),
  };
}

function canonical(name: string): string {
  return isInbox(name) ? "INBOX" : name;
}

/** What is told of folders that are left alone. */
export function unsubscribedNotice(
  repository: string,
  left: readonly string[],
): string {
  const names = left.slice(0, SHOWN).map((name) => `"${name}"`);
  const more = left.length > SHOWN ? ` and ${left.length - SHOWN} more` : "";
  return `Not subscribed in repository ${repository}, so left alone on both ` +
    `sides: ${names.join(", ")}${more}`;
}

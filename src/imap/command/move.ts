/** UID MOVE. */
import type { UidSet } from "../wire/uid_set.ts";
import type { Command } from "./command.ts";
import { type CopyResult, transfer } from "./copy.ts";

/**
 * Moves messages to another mailbox (RFC 6851, RFC 9051 §6.4.8); `mailbox` as on
 * the wire. Unlike a copy it may stop half-way: look at what was told, not only
 * at the outcome.
 */
export function move(uids: UidSet, mailbox: string): Command<CopyResult> {
  return transfer("UID MOVE", uids, mailbox);
}

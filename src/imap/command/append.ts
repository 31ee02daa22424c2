/** APPEND. */
import type { Uid, UidValidity } from "../wire/types.ts";
import { type AppendMessage, encodeMessage } from "./append_message.ts";
import type { Command } from "./command.ts";
import type { TaggedResponse } from "../wire/response.ts";

export type { AppendMessage };

/** Where a message went (RFC 4315 §3). */
export interface AppendUid {
  readonly uidValidity: UidValidity;
  readonly uid: Uid;
}

/**
 * Stores a message in a mailbox, which need not be open (RFC 9051 §6.3.12);
 * `mailbox` as on the wire. The data goes out as fast as the server takes it,
 * without waiting first where LITERAL+ or LITERAL- allow.
 * @returns Undefined when the server does not tell (no UIDPLUS).
 */
export function append(
  mailbox: string,
  message: AppendMessage,
): Command<AppendUid | undefined> {
  return {
    name: "APPEND",
    encode(to) {
      to.text("APPEND ").mailbox(mailbox).text(" ");
      encodeMessage(to, message);
    },
    finish: appendUidOf,
  };
}

function appendUidOf({ code }: TaggedResponse): AppendUid | undefined {
  if (code?.name !== "APPENDUID") return undefined;
  const { uidValidity, uids } = code;
  const uid = uids.first;
  // One message, one UID; anything else is no answer to what we asked.
  return uid === undefined || uids.size !== 1
    ? undefined
    : { uidValidity, uid };
}

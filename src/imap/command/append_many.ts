/** APPEND of several messages. */
import type { Uid, UidValidity } from "../wire/types.ts";
import { type AppendMessage, encodeMessage } from "./append_message.ts";
import type { Command } from "./command.ts";

/** Where messages went, in the order they were given. */
export interface AppendManyUids {
  readonly uidValidity: UidValidity;
  readonly uids: readonly Uid[];
}

/**
 * Stores several messages, all or none (RFC 3502 MULTIAPPEND); `mailbox` as on
 * the wire. Ask for the capability first.
 *
 * Pipelined single APPENDs are as fast; this is for when half of them would be
 * worse than none.
 * @returns Undefined when the server does not tell all UIDs.
 */
export function appendMany(
  mailbox: string,
  messages: readonly AppendMessage[],
): Command<AppendManyUids | undefined> {
  return {
    name: "APPEND",
    encode(to) {
      if (messages.length === 0) throw new RangeError("No messages to append");
      to.text("APPEND ").mailbox(mailbox);
      for (const message of messages) encodeMessage(to.text(" "), message);
    },
    finish({ code }) {
      if (code?.name !== "APPENDUID") return undefined;
      const { uidValidity, uids } = code;
      // UIDs ascend in the order of the messages (RFC 4315 §3).
      return uids.size === messages.length
        ? { uidValidity, uids: [...uids] }
        : undefined;
    },
  };
}

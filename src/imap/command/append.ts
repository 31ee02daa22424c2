/** APPEND. */
import { formatInternalDate } from "../wire/date_time.ts";
import type { InternalDate, Uid, UidValidity } from "../wire/types.ts";
import type { Command } from "./command.ts";
import type { TaggedResponse } from "../wire/response.ts";

/** A message to store. */
export interface AppendMessage {
  /** Flags and keywords; without `\Recent`. */
  readonly flags?: Iterable<string>;
  /** When it was received; the server's clock, if absent. */
  readonly internalDate?: InternalDate;
  /**
   * The bytes, or a stream of exactly `size` bytes. A stream of another length
   * costs the connection: a literal cannot be taken back.
   */
  readonly data:
    | Uint8Array
    | { readonly size: number; readonly chunks: AsyncIterable<Uint8Array> };
  /** It holds NUL: sent as literal8, needs BINARY (RFC 3516 §4.4). */
  readonly binary?: boolean;
}

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
      const flags = [...message.flags ?? []];
      if (flags.length > 0) to.flags(flags).text(" ");
      if (message.internalDate !== undefined) {
        to.text(`"${formatInternalDate(message.internalDate)}" `);
      }
      to.literal(message.data, { binary: message.binary ?? false });
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

/** One message of an APPEND. */
import { formatInternalDate } from "../wire/date_time.ts";
import type { CommandEncoder } from "../wire/encoder.ts";
import type { InternalDate } from "../wire/types.ts";

/** A message to store. */
export interface AppendMessage {
  /** Flags and keywords; without `\Recent`. */
  readonly flags?: Iterable<string>;
  /** When it was received; the server's clock, if absent. */
  readonly internalDate?: InternalDate;
  /**
   * The bytes, unchanged until the command has settled, or a stream of exactly
   * `size` bytes, read once. A stream of another length costs the connection: a
   * literal cannot be taken back.
   */
  readonly data:
    | Uint8Array
    | { readonly size: number; readonly chunks: AsyncIterable<Uint8Array> };
  /** It holds NUL: sent as literal8, needs BINARY (RFC 3516 §4.4). */
  readonly binary?: boolean;
  /** Its header is UTF-8 and UTF8=ACCEPT is enabled (RFC 6855 §4). */
  readonly utf8?: boolean;
}

/** `append-message`: flags, date and literal (RFC 3502 §7). */
export function encodeMessage(
  to: CommandEncoder,
  message: AppendMessage,
): void {
  const flags = [...message.flags ?? []];
  if (flags.length > 0) to.flags(flags).text(" ");
  if (message.internalDate !== undefined) {
    to.text(`"${formatInternalDate(message.internalDate)}" `);
  }
  if (message.utf8 === true) {
    to.text("UTF8 (").literal(message.data, { binary: true }).text(")");
  } else to.literal(message.data, { binary: message.binary ?? false });
}

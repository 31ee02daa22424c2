/** VANISHED (EARLIER): what a client missed (RFC 7162 §3.2.10). */
import type { Call } from "./call.ts";
import type { Mailbox } from "./mailbox.ts";
import { formatNumberSet, inRanges, type Range } from "./numset.ts";

/** Writes the UIDs of `known` that were expunged after `modSeq`; or lies. */
export function writeVanishedEarlier(
  call: Call,
  mailbox: Mailbox,
  modSeq: bigint,
  known: readonly Range[],
): void {
  if (call.vices.get("vanishNone") !== undefined) return;
  if (call.vices.get("vanishAll") !== undefined && mailbox.uidNext > 1) {
    const all = mailbox.uidNext === 2 ? "1" : `1:${mailbox.uidNext - 1}`;
    return call.untagged(`VANISHED (EARLIER) ${all}`);
  }
  const gone = mailbox.vanishedSince(modSeq).filter((uid) =>
    inRanges(known, uid)
  );
  if (gone.length > 0) {
    call.untagged(`VANISHED (EARLIER) ${formatNumberSet(gone)}`);
  }
}

/** Untagged responses that tell a session what changed in its mailbox. */
import { formatNumberSet } from "./numset.ts";
import { definedFlags, permanentFlags } from "./permanent_flags.ts";
import type { Session } from "./session.ts";
import type { View } from "./view.ts";

/** Writes what the view has to tell; EXPUNGE only where it is allowed now. */
export function writeUpdates(
  session: Session,
  view: View,
  expunge: boolean,
): void {
  if (!view.stale) return;
  writeKeywords(session, view);
  const { expunged, exists, changed } = view.takeUpdates(expunge);
  const qresync = session.enabled.has("QRESYNC");
  if (expunged.length > 0 && qresync) {
    session.untagged(
      `VANISHED ${formatNumberSet(expunged.map((one) => one.uid))}`,
    );
  } else {
    for (const one of expunged) session.untagged(`${one.sequence} EXPUNGE`);
  }
  if (exists !== undefined) {
    session.untagged(`${exists} EXISTS`);
  }
  if (view.toldRecent !== view.recent.size) {
    view.toldRecent = view.recent.size;
    if (!session.enabled.has("IMAP4REV2")) {
      session.untagged(`${view.recent.size} RECENT`);
    }
  }
  const condstore = session.enabled.has("CONDSTORE");
  for (const message of changed) {
    // RFC 7162 §3.2.4: with QRESYNC the UID belongs to it.
    const items = [
      ...(qresync ? [`UID ${message.uid}`] : []),
      ...(condstore ? [`MODSEQ (${message.modSeq})`] : []),
      `FLAGS ${flagsText(message.flags, view.recent.has(message.uid))}`,
    ];
    session.untagged(
      `${view.sequenceOf(message.uid)} FETCH (${items.join(" ")})`,
    );
  }
}

/** FLAGS and PERMANENTFLAGS again, if a keyword is new, as Dovecot does. */
export function writeKeywords(session: Session, view: View): void {
  const { mailbox } = view;
  if (mailbox.keywords.size === view.toldKeywords) return;
  view.toldKeywords = mailbox.keywords.size;
  writeFlags(session, view);
}

/** What flags there are, and which of them last. */
export function writeFlags(session: Session, view: View): void {
  const { mailbox } = view;
  session.untagged(`FLAGS ${flagsText(definedFlags(mailbox), false)}`);
  const permanent = view.readOnly
    ? []
    : permanentFlags(session.profile, mailbox);
  session.untagged(
    `OK [PERMANENTFLAGS ${flagsText(permanent, false)}] Flags permitted.`,
  );
}

/** A parenthesised flag list. */
export function flagsText(flags: readonly string[], recent: boolean): string {
  return recent
    ? `(${["\\Recent", ...flags].join(" ")})`
    : `(${flags.join(" ")})`;
}

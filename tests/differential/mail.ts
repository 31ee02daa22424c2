/** The mail of most scenarios. Messages go by one-word subjects. */
import type { SeedMessage } from "../support/dovecot_maildir.ts";

/** When the messages were received, unless a scenario says otherwise. */
const RECEIVED = new Date("2026-05-04T10:20:30Z");

/** A message that OfflineIMAP's mail parser writes as it read it. */
export function mail(
  label: string,
  flags = "",
  rest: { date?: Date; text?: string } = {},
): SeedMessage {
  return {
    body: textOf(label, rest.text),
    flags,
    date: rest.date ?? RECEIVED,
  };
}

/** The bytes of {@link mail}. */
export function textOf(label: string, text = `Text of ${label}.\n`): string {
  return `From: Ann Example <ann@example.org>
To: Ben <ben@example.org>
Subject: ${label}
Message-ID: <${label}@example.org>
Date: Mon, 04 May 2026 12:${String(label.length).padStart(2, "0")}:30 +0200

${text}`;
}

/** Folders of several levels, names with blanks and letters beyond ASCII. */
export const MAIL: Readonly<Record<string, readonly SeedMessage[]>> = {
  "INBOX": [
    mail("alpha", "S"),
    mail("bravo"),
    mail("charlie", "FS"),
    mail("delta", "RS"),
    mail("echo", "DS"),
    mail("foxtrot"),
  ],
  "Work": [mail("golf"), mail("hotel", "S")],
  "Work/Projects": [mail("india"), mail("juliett", "S")],
  "Sent Items": [mail("kilo", "S")],
  "Gäste": [mail("lima", "F")],
  "Empty": [],
};

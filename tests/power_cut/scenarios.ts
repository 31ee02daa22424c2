/** The runs during which the power is cut. */
import type { MailboxSeed } from "../support/imap_server/mod.ts";
import type { Hands } from "./deeds.ts";
import { labels, seeds } from "./mail.ts";

/** A run, and what makes it have something to do. */
export interface Scenario {
  /** What the server has at first. */
  readonly mailboxes: readonly MailboxSeed[];
  /** What users do after a first sync; undefined: the run is the first sync. */
  readonly edit?: (hands: Hands) => void;
}

const COPY: Scenario = {
  mailboxes: [
    { name: "INBOX", messages: seeds("in", 160) },
    { name: "Archive/2025", messages: seeds("old", 110) },
    { name: "Empty" },
    { name: "Zürich & Übernachtung", messages: seeds("trip", 30) },
  ],
};

const UPLOAD: Scenario = {
  mailboxes: [
    { name: "INBOX", messages: seeds("in", 20) },
    { name: "Sent", messages: seeds("sent", 5) },
  ],
  edit: (hands) => {
    hands.deliver(labels("mine", 90), "INBOX", "");
    hands.deliver(labels("reply", 60), "Sent", "S");
    hands.deliver(labels("note", 40), "Notes/2026", "FS");
  },
};

const BOTH: Scenario = {
  mailboxes: [
    { name: "INBOX", messages: seeds("in", 130) },
    { name: "Lists", messages: seeds("list", 90) },
    { name: "Archive", messages: seeds("old", 40) },
  ],
  edit: (hands) => {
    const inbox = labels("in", 130);
    const lists = labels("list", 90);
    hands.remove(inbox.slice(0, 30));
    hands.expunge(inbox.slice(30, 60));
    hands.move(inbox.slice(60, 75), "Archive");
    hands.moveThere(inbox.slice(75, 85), "Lists");
    hands.flag(inbox.slice(85, 100), "FRS");
    hands.flagThere(inbox.slice(100, 115), ["\\Seen", "\\Answered"]);
    hands.remove(lists.slice(0, 20));
    hands.expunge(lists.slice(20, 40));
    hands.move(lists.slice(40, 50), "Archive");
    hands.deliver(labels("new", 15), "Archive", "S");
    hands.append(labels("late", 15), "INBOX");
  },
};

/** By the name that the test says. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "a first copy": COPY,
  "an upload run": UPLOAD,
  "changes on both sides": BOTH,
};

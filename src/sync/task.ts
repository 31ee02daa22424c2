/** A mailbox pair of a run, and by which rules it is synchronised. */
import type { MailboxNames } from "../events.ts";
import type { MailboxInfo } from "./ports.ts";
import type { MailboxRules } from "./mailbox_rules.ts";

/** A mailbox pair to be brought in step; both sides exist. */
export interface Task {
  /** The name to show. */
  readonly name: string;
  /** All of its names, for reports. */
  readonly names: MailboxNames;
  readonly remote: MailboxInfo;
  readonly local: MailboxInfo;
  readonly rules: MailboxRules;
  /** The guard lets it be emptied: trash and junk. */
  readonly unguarded: boolean;
}

/** Those who change mail while the program is at work. */
import { createHash } from "node:crypto";
import type { ImapServer } from "../support/imap_server/mod.ts";
import { pick } from "../support/imap_server/random.ts";
import { labelOf } from "../support/contents.ts";
import {
  lettersOf,
  type MaildirTree,
  type MailFile,
} from "../support/maildir_tree.ts";
import { fileOf, flagsOf, messageOf } from "./scenario.ts";

/** Where they work. */
export const MAILBOXES = ["INBOX", "Sent"] as const;

/** What all of them did together. */
export interface Others {
  /** Labels of all messages that ever came. */
  readonly sent: Set<string>;
  /** Labels of those that somebody deleted. */
  readonly deleted: Set<string>;
  /**
   * Who moved a message since both sides were level. Moved on both sides to
   * different places it rightly ends in both, so nobody does that here.
   */
  readonly moved: Map<string, MailProgram | OtherClient>;
}

/** Notes a move; false when somebody on the other side was faster. */
function mayMove(
  { moved }: Others,
  label: string,
  who: MailProgram | OtherClient,
): boolean {
  if ((moved.get(label) ?? who) !== who) return false;
  moved.set(label, who);
  return true;
}

/** Whether a file's name says that it is in step with its folder on the server. */
export function isPaired({ name, folder }: MailFile): boolean {
  const mark = createHash("md5").update(folder).digest("hex");
  return name.includes(",U=") && name.includes(`,FMD5=${mark}`);
}

/** Flags that they set. */
export const LETTERS = ["", "S", "FS", "R", "RS", "F", "DS"];

/** A mail program, and a delivery agent, in the Maildir. */
export class MailProgram {
  constructor(
    readonly tree: MaildirTree,
    readonly random: () => number,
    readonly others: Others,
  ) {}

  /** Does one thing, whatever the program is just doing. */
  edit(): void {
    const { random, tree } = this;
    const folder = pick(random, MAILBOXES);
    const files = tree.files(folder);
    const dice = random();
    if (files.length === 0 || dice < 0.3) {
      const label = nextLabel("local", this.others);
      tree.deliver(folder, fileOf(label), pick(random, LETTERS));
      return;
    }
    const file = pick(random, files);
    if (dice < 0.75) tree.setLetters(file, pick(random, LETTERS));
    else if (dice < 0.9) this.#delete(file);
    else this.#move(file);
  }

  #delete(file: MailFile): void {
    this.others.deleted.add(labelOf(Deno.readFileSync(file.path)));
    this.tree.remove(file);
  }

  /** Only what has been synchronised: an upload under way would stay behind. */
  #move(file: MailFile): void {
    if (!isPaired(file)) return;
    const label = labelOf(Deno.readFileSync(file.path));
    if (!mayMove(this.others, label, this)) return;
    const to = MAILBOXES.find((name) => name !== file.folder) ?? file.folder;
    this.tree.setLetters(this.tree.move(file, to), lettersOf(file.name));
  }
}

/** Another client of a scripted server. */
export class OtherClient {
  constructor(
    readonly server: ImapServer,
    readonly random: () => number,
    readonly others: Others,
    /**
     * Whether it may touch a message. Without UIDPLUS an upload is found again by
     * looking for it: who takes it away at once leaves nothing to be found.
     */
    readonly mayTouch: (label: string) => boolean = () => true,
    /** How its messages are called. */
    readonly prefix = "remote",
  ) {}

  /** Does one thing, whatever the program is just doing. */
  edit(): void {
    const { random, server, others } = this;
    const mailbox = server.mailbox(pick(random, MAILBOXES));
    const messages = mailbox.messages();
    const dice = random();
    if (messages.length === 0 || dice < 0.3) {
      mailbox.append(messageOf(nextLabel(this.prefix, others)), {
        flags: flagsOf(pick(random, LETTERS)),
      });
      return;
    }
    const { uid, source, flags } = pick(random, messages);
    const label = labelOf(source);
    if (!this.mayTouch(label)) return;
    // Who takes the mark away, or the message elsewhere with it, undoes a
    // deletion that is under way.
    if (flags.includes("\\Deleted")) return;
    if (dice < 0.75) {
      mailbox.setFlags(uid, flagsOf(pick(random, LETTERS)));
    } else if (dice < 0.9) {
      others.deleted.add(label);
      mailbox.expunge(uid);
    } else if (mayMove(others, label, this)) {
      const to = MAILBOXES.find((name) => name !== mailbox.name);
      if (to !== undefined) mailbox.move(uid, to);
    }
  }
}

/** The name of one more message. */
export function nextLabel(prefix: string, { sent }: Others): string {
  const label = `${prefix}${sent.size}`;
  sent.add(label);
  return label;
}

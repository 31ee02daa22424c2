/** The small language in which runs that are to be interrupted are written down. */
import { join } from "node:path";
import { type Contents, labelOf } from "../support/contents.ts";
import type {
  ImapServer,
  ImapServerOptions,
} from "../support/imap_server/mod.ts";
import type { MaildirTree } from "../support/maildir_tree.ts";
import type { ConfigOptions } from "../support/program_config.ts";

/** Messages by mailbox, each as `label` or `label LETTERS`. */
export type Messages = Readonly<Record<string, readonly string[]>>;

/**
 * One change by someone else, in words:
 * `add MAILBOX LABEL [LETTERS]`, `flag MAILBOX LABEL [LETTERS]` (these and no
 * others), `delete MAILBOX LABEL`, `move MAILBOX LABEL TO`, `create MAILBOX`,
 * and on the server `renumber MAILBOX` (a new UIDVALIDITY).
 */
export type Edit = string;

/** A run, and what it comes to. */
export interface Scenario {
  readonly name: string;
  readonly config?: ConfigOptions;
  readonly profile?: NonNullable<ImapServerOptions["profile"]>;
  /** Words of the command line. */
  readonly args?: readonly string[];
  /** What both sides hold and agree on. Undefined: there was no run before. */
  readonly base?: Messages;
  /** The agreement is OfflineIMAP's: its metadata, not ours. */
  readonly legacy?: boolean;
  readonly server?: readonly Edit[];
  readonly local?: readonly Edit[];
  /** What both sides hold in the end. */
  readonly after: Messages | {
    readonly onServer: Messages;
    readonly inMaildir: Messages;
  };
}

/** `customflag_a` in scenarios that have keywords. */
export const KEYWORD = "$Work";

const FLAGS: readonly (readonly [letter: string, flag: string])[] = [
  ["D", "\\Draft"],
  ["F", "\\Flagged"],
  ["R", "\\Answered"],
  ["S", "\\Seen"],
  ["T", "\\Deleted"],
  ["a", KEYWORD],
];

/** The flags that letters stand for. */
export function flagsOf(letters: string): string[] {
  return FLAGS.filter(([letter]) => letters.includes(letter))
    .map(([, flag]) => flag);
}

function lettersOf(flags: readonly string[]): string {
  return flags.map((flag) =>
    FLAGS.find(([, name]) => name === flag)?.[0] ?? `(${flag})`
  ).sort().join("");
}

/** A message and its letters out of `label LETTERS`. */
export function parseMessage(text: string): { label: string; letters: string } {
  const [label = "", letters = ""] = text.split(" ");
  return { label, letters };
}

/** Contents in the words of a scenario, sorted. */
export function describe(contents: Contents): Messages {
  return Object.fromEntries(
    [...contents].map(([name, mails]): [string, string[]] => [
      name,
      mails.map(({ body, flags }) =>
        `${labelOf(body)} ${lettersOf(flags)}`.trim()
      ).sort(),
    ]).sort(),
  );
}

/** What {@link describe} says of messages as a scenario has them. */
export function sorted(messages: Messages): Messages {
  return Object.fromEntries(
    Object.entries(messages).map(([name, texts]): [string, string[]] => [
      name,
      [...texts].sort(),
    ]).sort(),
  );
}

/**
 * The message of a label, always the same. `big…` has 9 KB, `plain…` no
 * Message-ID, `odd…` bytes above 127 and a bare CR.
 */
export function messageOf(label: string): Uint8Array<ArrayBuffer> {
  const id = label.startsWith("plain")
    ? ""
    : `Message-ID: <${label}@example.org>\r\n`;
  const text = label.startsWith("big")
    ? `${"All work and no play. ".repeat(3)}\r\n`.repeat(130)
    : label.startsWith("odd")
    ? "Gr\xfc\xdfe\rund so weiter\r\n"
    : `This is the text of ${label}.\r\n`;
  const source = `From: Ada <ada@example.org>\r\nTo: you@example.org\r\n` +
    `Subject: ${label}\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n${id}` +
    `\r\n${text}`;
  return Uint8Array.from(source, (char) => char.charCodeAt(0));
}

/** {@link messageOf} with the line ends of a Maildir. */
export function fileOf(label: string): Uint8Array {
  const bytes = messageOf(label);
  return bytes.filter((byte, at) => byte !== 13 || bytes[at + 1] !== 10);
}

/** Does to the server what another client does. */
export function editServer(server: ImapServer, edit: Edit): void {
  const [verb, name = "", label = "", rest = ""] = edit.split(" ");
  const mailbox = server.mailbox(name);
  const uid = () => {
    const found = mailbox.messages().find(({ source }) =>
      labelOf(source) === label
    );
    if (found === undefined) throw new Error(`No message for "${edit}"`);
    return found.uid;
  };
  switch (verb) {
    case "add":
      mailbox.append(messageOf(label), {
        flags: flagsOf(rest),
        internalDate: new Date("2026-11-02T10:00:00Z"),
      });
      break;
    case "flag":
      mailbox.setFlags(uid(), flagsOf(rest));
      break;
    case "delete":
      mailbox.expunge(uid());
      break;
    case "move":
      mailbox.move(uid(), rest);
      break;
    case "create":
      mailbox.create();
      break;
    case "drop":
      mailbox.delete();
      break;
    case "rename":
      mailbox.rename(label);
      break;
    case "renumber":
      mailbox.setUidValidity();
      break;
    default:
      throw new Error(`Not for a server: "${edit}"`);
  }
}

/** Does to the Maildir what a mail program does. */
export function editTree(tree: MaildirTree, edit: Edit): void {
  const [verb, name = "", label = "", rest = ""] = edit.split(" ");
  switch (verb) {
    case "add":
      tree.deliver(name, fileOf(label), rest);
      break;
    case "flag":
      tree.setLetters(tree.find(label, name), rest);
      break;
    case "delete":
      tree.remove(tree.find(label, name));
      break;
    case "move":
      tree.move(tree.find(label, name), rest);
      break;
    case "create":
      tree.create(name);
      break;
    case "drop":
      Deno.removeSync(join(tree.root, name), { recursive: true });
      break;
    case "rename":
      Deno.renameSync(join(tree.root, name), join(tree.root, label));
      break;
    default:
      throw new Error(`Not for a Maildir: "${edit}"`);
  }
}

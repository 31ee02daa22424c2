/** The options of IMAP repositories that tell what is done with mailboxes. */
import { bool, python, text } from "./option_builders.ts";
import { option } from "./option_spec.ts";

/** What is done with mailboxes and messages, by the names of the typed configuration. */
export const IMAP_MAILBOX_OPTIONS = {
  folderSort: python("foldersort", {
    about:
      "The order in which folders are synchronised: a function of two names " +
      "after nametrans that returns a number below, equal to or above zero.",
    kind: "callable",
    defaultWords: "by name, letter case apart",
    example: "lambda a, b: (a > b) - (a < b)",
  }),
  reference: option<string | undefined>("reference", "string", unquoted, {
    about:
      "List only the folders whose names begin with this, and create none " +
      "elsewhere. It stays a part of their names.",
    fallback: undefined,
    defaultText: '""',
    example: "Mail/",
  }),
  subscribedOnly: bool("subscribedonly", {
    about:
      "Synchronise only folders that are subscribed on the server, and subscribe " +
      "to those that are created there. One that is no longer subscribed is left " +
      "alone on both sides.",
    fallback: false,
  }),
  decodeFolderNames: bool("decodefoldernames", {
    about:
      "An older form of utf8foldernames, with which it cannot stand: names are " +
      "decoded after nametrans and folderfilter, which see IMAP's own encoding.",
    fallback: false,
  }),
  expunge: bool("expunge", {
    about:
      "Remove deleted messages from the server. Off, they are only marked as " +
      "deleted there.",
    fallback: true,
  }),
  singleThreadPerFolder: bool("singlethreadperfolder", {
    about:
      "Copy the messages of a folder one after the other, in the order of " +
      "their UIDs. The flag -1 does so, too.",
    fallback: false,
  }),
  copyIgnoreEval: python("copy_ignore_eval", {
    about:
      "Messages that are never copied from here: a function of a folder's name " +
      "after nametrans that returns a list of UIDs, or None. The UIDs are those " +
      "of this repository, also of a local one. What was copied before stays in " +
      "step.",
    kind: "callable",
    example: "lambda folder: {'INBOX': [2, 3]}.get(folder)",
  }),
  newMailHook: python("newmail_hook", {
    about:
      "A function that is called when messages that nobody has read were " +
      "copied from the INBOX of this repository. The variables of postsynchook " +
      "are in its environment. It may take a minute. Its names come from the " +
      "pythonfile.",
    kind: "callable",
    example: "lambda: os.system('beep')",
  }),
};

/** Only for the type Gmail. */
export const GMAIL_OPTIONS = {
  realDelete: bool("realdelete", {
    about:
      "Move a message to trashfolder when it was deleted locally from the last " +
      "folder that shows it; Gmail deletes it for good after thirty days. One " +
      "that has more labels only leaves its folder. Without this option all " +
      "deleted messages only leave their folder (they lose its label) and stay " +
      "in All Mail, and what is deleted locally in All Mail stays on the server.",
    fallback: false,
  }),
  trashFolder: text("trashfolder", {
    about:
      "Gmail's folder for what is deleted: of use with realdelete. What is " +
      "deleted in this folder is gone for good.",
    fallback: undefined,
    defaultWords: "the folder that Gmail marks as such",
    example: "[Gmail]/Trash",
  }),
  spamFolder: text("spamfolder", {
    about: "Gmail's folder for unwanted mail: what is deleted in it is gone " +
      "for good, also with realdelete.",
    fallback: undefined,
    defaultWords: "the folder that Gmail marks as such",
    example: "[Gmail]/Spam",
  }),
};

/** The text of an IMAP string: OfflineIMAP sent the value as it stands. */
function unquoted(value: string): string | undefined {
  const quoted = /^"(.*)"$/s.exec(value.trim());
  const text = quoted === null
    ? value
    : (quoted[1] ?? "").replaceAll(/\\(["\\])/g, "$1");
  return text === "" ? undefined : text;
}

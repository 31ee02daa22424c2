/** The options of every `[Repository NAME]`, whatever its type. */
import { bool, date, python, word } from "./option_builders.ts";
import { required } from "./option_spec.ts";

/** The types of repositories. */
export const REPOSITORY_TYPES = [
  "IMAP",
  "Gmail",
  "Maildir",
  "GmailMaildir",
] as const;

/** A type of repository. */
export type RepositoryType = (typeof REPOSITORY_TYPES)[number];

/** Common to all repositories, by the names of the typed configuration. */
export const REPOSITORY_OPTIONS = {
  type: required(word("type", REPOSITORY_TYPES, {
    about: "What the repository is: IMAP or Gmail for a server, Maildir or " +
      "GmailMaildir for folders on this machine.",
    fallback: undefined,
    example: "IMAP",
  })),
  nameTrans: python("nametrans", {
    about: "What a folder of this repository is called on the other side: a " +
      "function of its name. When both sides have one they must undo each " +
      "other.",
    kind: "callable",
    defaultWords: "the same name",
    example: "lambda name: re.sub(r'^INBOX\\.', '', name)",
  }),
  folderFilter: python("folderfilter", {
    about:
      "Which folders of this repository are synchronised: a function of the " +
      "name before nametrans that returns true or false.",
    kind: "callable",
    defaultWords: "all folders",
    example: "lambda name: name not in ['Trash', 'Spam']",
  }),
  folderIncludes: python("folderincludes", {
    about:
      "A list of folder names that are synchronised although folderfilter " +
      "rejects them or the server does not list them.",
    kind: "value",
    defaultText: "[]",
    example: "['debian.user', 'debian.personal']",
  }),
  dynamicFolderFilter: bool("dynamic_folderfilter", {
    about:
      "Ask folderfilter anew whenever it matters. Off, it is asked once about " +
      "each folder in each synchronisation, and so again in each round of " +
      "autorefresh.",
    fallback: false,
  }),
  createFolders: bool("createfolders", {
    about:
      "Create folders in this repository that only the other one has. Off, " +
      "such folders are left out.",
    fallback: true,
  }),
  readonly: bool("readonly", {
    about: "Never change anything in this repository.",
    fallback: false,
  }),
  syncDeletes: bool("sync_deletes", {
    about:
      "Delete on the other side what was deleted in this repository. Off, the " +
      "other side keeps it.",
    fallback: true,
  }),
  startDate: date("startdate", {
    about:
      "Leave messages alone that are older than this day, YYYY-MM-DD. For one " +
      "of both repositories, and not together with maxage; the other side " +
      "must be empty when it is first used. An old message that is moved into " +
      "a folder on the server later is copied.",
    example: "2024-01-31",
  }),
};

/** The options of `[mbnames]`: a file that lists the folders for a mail client. */
import { bool, path, python, text } from "./option_builders.ts";

/** `[mbnames]`, by the names of the typed configuration. */
export const MBNAMES_OPTIONS = {
  enabled: bool("enabled", {
    about:
      "Write a file with the names of all synchronised folders, for a mail " +
      "client to include.",
    fallback: false,
    since: "later",
  }),
  filename: path("filename", {
    about: "The file that is written.",
    example: "~/.mutt/mailboxes",
    since: "later",
  }),
  header: python("header", {
    about: "What stands before the first folder.",
    kind: "value",
    example: "'mailboxes '",
    since: "later",
  }),
  perItem: text("peritem", {
    about:
      "What stands for each folder: text with %(accountname)s, %(foldername)s " +
      "and %(localfolders)s, used as it is, quotes included.",
    fallback: undefined,
    example: "+%(accountname)s/%(foldername)s",
    raw: true,
    since: "later",
  }),
  separator: python("sep", {
    about: "What stands between two folders.",
    kind: "value",
    example: "' '",
    since: "later",
  }),
  footer: python("footer", {
    about: "What stands after the last folder.",
    kind: "value",
    example: "'\\n'",
    since: "later",
  }),
  incremental: bool("incremental", {
    about:
      "Rewrite the file after each account instead of once at the end of a run.",
    fallback: false,
    since: "later",
  }),
  folderFilter: python("folderfilter", {
    about:
      "Which folders the file lists: a function of the account's name and the " +
      "local folder's name.",
    kind: "callable",
    defaultWords: "all folders",
    example: "lambda account, folder: folder != 'Trash'",
    since: "later",
  }),
  sortKey: python("sort_keyfunc", {
    about: "The order of the folders: a function of a dict with accountname, " +
      "foldername and localfolders that returns what to sort by.",
    kind: "callable",
    defaultWords: "by account, then folder",
    example: "lambda d: (d['accountname'], d['foldername'])",
    since: "later",
  }),
};

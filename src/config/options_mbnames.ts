/** The options of `[mbnames]`: a file that lists the folders for a mail client. */
import { bool, path, python, template } from "./option_builders.ts";

/** `[mbnames]`, by the names of the typed configuration. */
export const MBNAMES_OPTIONS = {
  enabled: bool("enabled", {
    about:
      "Write a file with the names of all synchronised folders, for a mail " +
      "client to include.",
    fallback: false,
  }),
  filename: path("filename", {
    about: "The file that is written.",
    defaultWords: "required when enabled",
    example: "~/.mutt/mailboxes",
  }),
  header: python("header", {
    about: "What stands before the first folder.",
    kind: "value",
    defaultWords: "required when enabled",
    example: "'mailboxes '",
  }),
  perItem: template("peritem", {
    about:
      "What stands for each folder: text with %(accountname)s, %(foldername)s " +
      "and %(localfolders)s, used as it is, quotes included; %% is a percent " +
      "sign.",
    defaultWords: "required when enabled",
    example: "+%(accountname)s/%(foldername)s",
  }),
  separator: python("sep", {
    about: "What stands between two folders.",
    kind: "value",
    defaultWords: "required when enabled",
    example: "' '",
  }),
  footer: python("footer", {
    about: "What stands after the last folder.",
    kind: "value",
    defaultWords: "required when enabled",
    example: "'\\n'",
  }),
  incremental: bool("incremental", {
    about:
      "Rewrite the file after each account instead of once at the end of a run.",
    fallback: false,
  }),
  folderFilter: python("folderfilter", {
    about:
      "Which folders the file lists: a function of the account's name and the " +
      "local folder's name.",
    kind: "callable",
    defaultWords: "all folders",
    example: "lambda account, folder: folder != 'Trash'",
  }),
  sortKey: python("sort_keyfunc", {
    about: "The order of the folders: a function of a dict with accountname, " +
      "foldername and localfolders that returns what to sort by.",
    kind: "callable",
    defaultWords: "by account, then folder",
    example: "lambda d: (d['accountname'], d['foldername'])",
  }),
};

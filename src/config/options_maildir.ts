/** The options of `[Repository NAME]` of the types Maildir and GmailMaildir. */
import { BadValue } from "./bad_value.ts";
import { bool, path, word } from "./option_builders.ts";
import { option, type OptionSpec, required } from "./option_spec.ts";

/** IMAP keywords by the lower-case letters that stand for them in file names. */
export type CustomFlags = Readonly<Record<string, string>>;

const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];
const PREFIX = "customflag_";

/** Maildir and GmailMaildir, by the names of the typed configuration. */
export const MAILDIR_OPTIONS = {
  localFolders: required(path("localfolders", {
    about: "The folder that holds the Maildirs. It is created when missing.",
    example: "~/Mail",
  })),
  separator: option<string>(
    "sep",
    "string",
    (text) => {
      if ([...text].length === 1) return text;
      throw new BadValue("one character is allowed");
    },
    {
      about:
        "The character between the parts of a folder name. With / folders lie " +
        "within folders, with any other they lie side by side.",
      fallback: ".",
      defaultText: ".",
    },
  ),
  infoSeparator: word("infoseparator", [":", "!", ";"], {
    about:
      "The character before the flags in the names of new message files. All " +
      "three are understood when reading, so this may be changed at any time. " +
      'mbsync writes ";" where file names cannot hold a colon.',
    fallback: undefined,
    defaultWords:
      '"!" on Windows and with maildir-windows-compatible, else ":"',
    example: ";",
    ours: true,
  }),
  restoreAtime: bool("restoreatime", {
    about: "Give new/ and cur/ their times of last access back after each " +
      "synchronisation, for mail clients that look at them.",
    fallback: false,
  }),
  filenameUseMailTimestamp: bool("filename_use_mail_timestamp", {
    about:
      "Begin the name of a message file with the time of its Date header " +
      "instead of the time of its arrival.",
    fallback: undefined,
    defaultWords: "as in [general]",
    example: "yes",
  }),
  utimeFromHeader: bool("utime_from_header", {
    about:
      "Set the time of a message file from its Date header instead of from the " +
      "time at which the server received it.",
    fallback: undefined,
    defaultWords: "as in [general]",
    example: "yes",
  }),
  customFlags: customFlags(),
};

/** One entry for all twenty-six options; each is read into its letter. */
function customFlags(): OptionSpec<CustomFlags> {
  return {
    ...option<CustomFlags>(
      "customflag_a … customflag_z",
      "string",
      (text, { entry }) => {
        // RFC 9051 §9: flag-keyword = atom. System flags begin with a backslash.
        if (!/^[!#$&'+\-./0-9:;<=>?@A-Z[^_`a-z|}~]+$/.test(text)) {
          throw new BadValue("an IMAP keyword is allowed, such as $Label1");
        }
        return { [entry.name.slice(PREFIX.length)]: text };
      },
      {
        about:
          "The IMAP keyword that the lower-case letter at the end of the " +
          "option's name stands for in the names of message files.",
        fallback: {},
        example: "$Label1",
      },
    ),
    names: LETTERS.map((letter) => PREFIX + letter),
  };
}

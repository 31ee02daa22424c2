/** The options of `[general]`. */
import { bool, int, list, path } from "./option_builders.ts";
import { option, type OptionSpec } from "./option_spec.ts";
import { parseUi, type UiName } from "./ui_name.ts";

/** `[general]`, by the names of the typed configuration. */
export const GENERAL_OPTIONS = {
  accounts: {
    ...list("accounts", {
      about:
        "The accounts to synchronise, separated by commas, in this order. " +
        'Each name has a section "[Account NAME]". The flag -a chooses others.',
      example: "Personal",
    }),
    defaultWords: "required unless -a names some",
  },
  metadata: path("metadata", {
    about:
      "The folder for what the program remembers between two runs. It is " +
      "created when missing, readable by you alone. Without it every " +
      "message would have to be compared anew. On Windows the default is " +
      "%LOCALAPPDATA%\\offlineimap.",
    defaultText: "~/.offlineimap",
  }),
  maxSyncAccounts: int("maxsyncaccounts", {
    about: "How many accounts are synchronised at the same time.",
    fallback: 1,
    min: 1,
  }),
  ui: uiOption(),
  pythonFile: path("pythonfile", {
    about:
      "A Python file whose functions and variables the Python expressions of " +
      "this configuration may use. It runs in your own python3, which is " +
      "started only when an expression needs something from the file.",
    example: "~/.offlineimap.py",
  }),
  ignoreReadonly: bool("ignore-readonly", {
    about:
      "Do not warn about folders that cannot be changed because the server " +
      "offers them for reading only.",
    fallback: false,
  }),
  socketTimeoutSeconds: int("socktimeout", {
    about:
      "Seconds without any progress after which a connection counts as dead. " +
      "0 leaves the choice to the program.",
    fallback: 0,
    min: 0,
  }),
  sandbox: bool("sandbox", {
    about: "Give each account a worker of its own that can reach nothing but " +
      'its own server, mail and state, as "offlineimap permissions" shows.',
    fallback: true,
    ours: true,
  }),
  fsync: bool("fsync", {
    about:
      "Wait until each message is on the disk itself before it counts as " +
      "stored, so that not even a power cut loses one. Off is faster and " +
      "trusts the operating system.",
    fallback: true,
  }),
  filenameUseMailTimestamp: bool("filename_use_mail_timestamp", {
    about:
      "Begin the names of message files with the time of the Date header, in " +
      "Maildir repositories that do not set the same option.",
    fallback: false,
  }),
  utimeFromHeader: bool("utime_from_header", {
    about: "Set the times of message files from the Date header, in Maildir " +
      "repositories that do not set the same option.",
    fallback: false,
  }),
  dryRun: bool("dry-run", {
    about:
      "Show what would be done and change nothing, as the flag --dry-run does.",
    fallback: false,
  }),
  ignoreKeyring: bool("ignore-keyring", {
    about:
      "Never look for passwords in the keyring of the operating system, as the " +
      "flag --ignore-keyring does. It is asked when no other place has one.",
    fallback: false,
  }),
  updateKeyring: bool("update-keyring", {
    about:
      "Keep passwords in the keyring of the operating system once they have " +
      "worked, wherever they came from, as the flag --update-keyring does.",
    fallback: false,
  }),
};

function uiOption(): OptionSpec<UiName> {
  return option<UiName>(
    "ui",
    "word",
    (text, { warn }) => parseUi(text, warn),
    {
      about:
        "How the program shows what it does. ttyui writes lines to a terminal, " +
        "with a line of progress, and can ask for a password; blinkenlights " +
        "does the same; basic writes plain lines; quiet tells of warnings and " +
        "errors only; machineui tells events to a program; syslog writes to the " +
        "system's log. The flag -u wins.",
      fallback: "ttyui",
      defaultText: "ttyui",
    },
  );
}

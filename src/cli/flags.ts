/** The table of all flags; parsing and help come from it. */

/** What a flag is about, in the order of the help. */
export const GROUPS = {
  sync: "What to synchronise:",
  safety: "Looking first, and deleting:",
  config: "Configuration:",
  output: "Output:",
  other: "Other:",
} as const;

/** One flag of the command line. */
export interface Flag {
  /** `-a`, without the dash. */
  readonly short?: string;
  /** `--dry-run`, without the dashes. */
  readonly long?: string;
  /** What its argument is called; without it the flag takes none. */
  readonly argument?: string;
  readonly group: keyof typeof GROUPS;
  /** For the help. */
  readonly about: string;
}

/** All flags, those of OfflineIMAP first. Keys name them in the program. */
export const FLAGS = {
  accounts: {
    short: "a",
    argument: "ACCOUNT,...",
    group: "sync",
    about: "synchronise these accounts instead of all in general.accounts",
  },
  folders: {
    short: "f",
    argument: "FOLDER,...",
    group: "sync",
    about: "synchronise only these folders, by their names on the server; " +
      'ACCOUNT:FOLDER for one account only; "\\" before a comma or colon ' +
      "that belongs to a name",
  },
  once: {
    short: "o",
    group: "sync",
    about: "run once, whatever autorefresh says",
  },
  quick: {
    short: "q",
    group: "sync",
    about: "quick: trust cheap signs that a folder has not changed",
  },
  sequential: {
    short: "1",
    group: "sync",
    about: "one after the other: one account, one connection, one folder " +
      "and one message at a time",
  },
  dryRun: {
    long: "dry-run",
    group: "safety",
    about: "show what would be done and change no mail on either side",
  },
  info: {
    long: "info",
    group: "safety",
    about: "show accounts, servers and folders with their translated names, " +
      "and stop",
  },
  allowDeletes: {
    long: "allow-deletes",
    group: "safety",
    about: "carry out deletions even if they are so many that they look like " +
      "an accident",
  },
  acceptValidity: {
    long: "accept-validity",
    group: "safety",
    about: "go on with a folder whose UIDVALIDITY changed and of which too " +
      "little could be found again on the server",
  },
  restore: {
    long: "restore",
    group: "safety",
    about: "undo local changes that a repository with readonly = yes does " +
      "not take",
  },
  deleteFolder: {
    long: "delete-folder",
    argument: "FOLDER",
    group: "safety",
    about: "delete this folder, by its name on the server, with all its " +
      "messages, and stop; for one account (-a); asks first on a terminal",
  },
  configFile: {
    short: "c",
    argument: "FILE",
    group: "config",
    about: "read this configuration file",
  },
  options: {
    short: "k",
    argument: "[SECTION:]OPTION=VALUE",
    group: "config",
    about: "set an option for this run; may be given more than once; without " +
      "SECTION it is one of [general]",
  },
  ui: {
    short: "u",
    argument: "UI",
    group: "output",
    about: "user interface: ttyui, basic, quiet, machineui, syslog or " +
      "blinkenlights",
  },
  logFile: {
    short: "l",
    argument: "FILE",
    group: "output",
    about: "append a log to this file",
  },
  debug: {
    short: "d",
    argument: "TOPIC,...",
    group: "output",
    about:
      "tell what goes on: imap, maildir, thread, or all of them; implies -1 " +
      "unless thread is among them",
  },
  help: {
    short: "h",
    long: "help",
    group: "other",
    about: "show this help and exit",
  },
  version: {
    long: "version",
    group: "other",
    about: "show the version number and exit",
  },
  environment: {
    short: "V",
    group: "other",
    about: "show the versions of the program and of what it runs on, and exit",
  },
  ignoreKeyring: {
    long: "ignore-keyring",
    group: "other",
    about: "do not look for passwords in the keyring of the system",
  },
  updateKeyring: {
    long: "update-keyring",
    group: "other",
    about: "keep passwords that worked in the keyring of the system",
  },
  syslog: {
    short: "s",
    group: "output",
    about: "log to syslog, too",
  },
  migrate: {
    long: "migrate-fmd5-using-nametrans",
    group: "other",
    about: "give files of OfflineIMAP 6.3.4 and older, in folders that the " +
      "local nametrans renames, the names of today, and exit",
  },
  mbnamesPrune: {
    long: "mbnames-prune",
    group: "other",
    about: "remove accounts that general.accounts does not name from the " +
      "list of folders that [mbnames] writes, and exit",
  },
  profile: {
    short: "P",
    argument: "DIR",
    group: "other",
    about: 'accepted and ignored; to profile, use "deno run --cpu-prof"',
  },
} as const satisfies Record<string, Flag>;

/** The name of a flag in the program. */
export type FlagName = keyof typeof FLAGS;

/** The table as a list. */
export const FLAG_LIST = Object.entries(FLAGS) as [FlagName, Flag][];

/** How a flag is written: `--dry-run` or `-a`, the long form first. */
export function spell({ short, long }: Flag): string {
  return long === undefined ? `-${short}` : `--${long}`;
}

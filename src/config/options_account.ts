/** The options of `[Account NAME]`. */
import {
  bool,
  dateOrDays,
  float,
  int,
  list,
  proxy,
  share,
  shell,
  size,
  text,
} from "./option_builders.ts";
import { BadValue } from "./bad_value.ts";
import { option, required } from "./option_spec.ts";
import { parseProxy, type Proxy } from "./proxy.ts";

/** `[Account NAME]`, by the names of the typed configuration. */
export const ACCOUNT_OPTIONS = {
  localRepository: required(text("localrepository", {
    about: 'The repository on this machine: the NAME of a "[Repository NAME]".',
    fallback: undefined,
    example: "Personal-local",
  })),
  remoteRepository: required(text("remoterepository", {
    about: 'The repository on the server: the NAME of a "[Repository NAME]".',
    fallback: undefined,
    example: "Personal-remote",
  })),
  autorefreshMinutes: float("autorefresh", {
    about:
      "Synchronise again and again with a pause of so many minutes, instead of " +
      "once. Fractions are allowed; 0 means once. The flag -o means once, too.",
    fallback: 0,
  }),
  quick: int("quick", {
    about:
      "How often to trust cheap signs that a folder has not changed. 0: never; " +
      "-1: always, as the flag -q; 10: in ten of eleven rounds of autorefresh.",
    fallback: 0,
  }),
  presyncHook: shell("presynchook", {
    about:
      "A shell command that runs before each synchronisation of the account. It " +
      "is told what for in its environment and as JSON on standard input.",
    example: "notify-send 'Fetching mail'",
  }),
  postsyncHook: shell("postsynchook", {
    about:
      "A shell command that runs after each synchronisation of the account, " +
      "such as an indexer. It is told what was done in its environment " +
      "(OFFLINEIMAP_UNSEEN and others) and as JSON on standard input.",
    example: "notmuch new",
  }),
  hookTimeoutSeconds: int("hooktimeout", {
    about:
      "How many seconds presynchook and postsynchook may take: the shell is told " +
      "to end then, and the run goes on. 0 sets no limit.",
    fallback: 600,
    min: 0,
    max: 2_000_000,
    ours: true,
  }),
  strictHooks: bool("stricthooks", {
    about:
      "Do not synchronise the account when its presynchook fails: when it ends " +
      "with another status than 0, takes too long or cannot be run.",
    fallback: false,
    ours: true,
  }),
  maxAge: dateOrDays("maxage", {
    about: "Leave messages alone that are older: a number of days, or a day " +
      "YYYY-MM-DD. A message that grows too old is not deleted anywhere. A file " +
      "that somebody puts into the Maildir is uploaded, whatever its age; and an " +
      "old message that is moved into a folder on the server is copied if " +
      "young ones came there before. Not together with startdate.",
    example: "365",
  }),
  maxSizeBytes: size("maxsize", {
    about:
      "Leave messages alone that are larger: a number of bytes, or one with K, " +
      "M or G. The size that the server states counts on both sides.",
    example: "20M",
  }),
  maildirWindowsCompatible: bool("maildir-windows-compatible", {
    about:
      'Write "!" instead of ":" before the flags in the names of message ' +
      "files, for file systems of Windows. Both are understood when reading, " +
      "so this may be changed at any time.",
    fallback: false,
  }),
  deleteShare: share("deletelimit", {
    about:
      "The largest share of a folder that one run may delete: a run that would " +
      "delete more, and more than 20 messages, leaves that folder as it is " +
      'and says so. "no" switches this guard off, the flag --allow-deletes ' +
      "does so for one run.",
    fallback: 0.5,
    defaultText: "50%",
    ours: true,
    // So that "50%" can be written with one percent sign as well as with two.
    raw: true,
  }),
  keepDeletedDays: int("keepdeleted", {
    about:
      "For how many days local messages that the synchronisation deleted are " +
      "kept in the metadata folder, from where they can be brought back. 0 " +
      "keeps none.",
    fallback: 7,
    min: 0,
    ours: true,
  }),
  utf8FolderNames: bool("utf8foldernames", {
    about:
      "Show folder names with letters beyond ASCII as they are, on this machine " +
      "and to Python expressions, instead of in IMAP's own encoding (modified " +
      "UTF-7, such as Entw&APw-rfe).",
    fallback: false,
  }),
  proxy: proxy("proxy", {
    about: "A proxy for all connections of the account: TYPE:host:port, or " +
      "TYPE:user:password@host:port, with the type SOCKS5, SOCKS4 or HTTP. " +
      "Nothing of it goes past the proxy; names are looked up by it.",
    example: "SOCKS5:localhost:9050",
  }),
  authProxy: option<Proxy | "" | undefined>(
    "authproxy",
    "proxy",
    (value) => value === "" ? value : parseProxy(value),
    {
      about:
        "Another proxy for the requests that obtain an OAuth2 access token, of " +
        "the type SOCKS5 or HTTP, with a user and password of its own if it " +
        "wants them. Set to nothing, they go without one.",
      secret: true,
      fallback: undefined,
      defaultWords: "the same as proxy",
      example: "HTTP:proxy.example.org:3128",
    },
  ),
  syncLabels: bool("synclabels", {
    about:
      "Keep Gmail's labels and a header of the local messages in step; needs " +
      "the types Gmail and GmailMaildir.",
    fallback: false,
  }),
  labelsHeader: option<string>("labelsheader", "string", headerName, {
    about:
      "The header of local messages that holds the labels: separated by blanks " +
      "in X-Label and Keywords, by commas in any other. It stays here: uploads " +
      "go without it.",
    fallback: "X-Keywords",
    defaultText: "X-Keywords",
  }),
  ignoreLabels: list("ignorelabels", {
    about: "Labels that are left alone on both sides, separated by commas.",
    example: "\\Inbox, \\Starred",
  }),
  filterHeaders: list("filterheaders", {
    about: "Headers that are removed from messages before they are uploaded, " +
      "separated by commas; between two servers in both directions.",
    example: "X-Private",
  }),
};

/** RFC 5322 §2.2: printable ASCII but blank and colon. */
function headerName(value: string): string {
  if (/^[!-9;-~]+$/.test(value)) return value;
  throw new BadValue("the name of a header is allowed, such as X-Keywords");
}

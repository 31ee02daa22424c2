/** What a server can do: every switch is real, not only advertised. */

/** A way to log in by AUTHENTICATE. */
export type AuthMechanism =
  | "PLAIN"
  | "LOGIN"
  | "CRAM-MD5"
  | "SCRAM-SHA-1"
  | "SCRAM-SHA-256"
  | "XOAUTH2"
  | "OAUTHBEARER";

/** A server's abilities and habits. */
export interface Profile {
  /** For the greeting and ID. */
  readonly name: string;
  /** Hierarchy separator: one character. */
  readonly separator: string;
  /** Personal namespace, under which clients must create: `""` or `INBOX.`. */
  readonly prefix: string;
  /** IMAP4rev2 (RFC 9051), to be enabled. */
  readonly rev2: boolean;
  /** CONDSTORE (RFC 7162). */
  readonly condstore: boolean;
  /** QRESYNC (RFC 7162); needs `condstore` and `enable`. */
  readonly qresync: boolean;
  /** ENABLE (RFC 5161). */
  readonly enable: boolean;
  /** UIDPLUS (RFC 4315): UID EXPUNGE, APPENDUID, COPYUID. */
  readonly uidplus: boolean;
  /** MOVE (RFC 6851). */
  readonly move: boolean;
  /** LIST-EXTENDED (RFC 5258). */
  readonly listExtended: boolean;
  /** LIST-STATUS (RFC 5819); needs `listExtended`. */
  readonly listStatus: boolean;
  /** SPECIAL-USE (RFC 6154). */
  readonly specialUse: boolean;
  /** CHILDREN (RFC 3348). */
  readonly children: boolean;
  /** ESEARCH (RFC 4731). */
  readonly esearch: boolean;
  /** Literals without waiting: LITERAL+, LITERAL- (RFC 7888) or neither. */
  readonly literals: "plus" | "minus" | "sync";
  /** NAMESPACE (RFC 2342). */
  readonly namespace: boolean;
  /** ID (RFC 2971). */
  readonly id: boolean;
  /** IDLE (RFC 2177). */
  readonly idle: boolean;
  /** SASL-IR (RFC 4959). */
  readonly saslIr: boolean;
  /** Mechanisms of AUTHENTICATE. */
  readonly auth: readonly AuthMechanism[];
  /** LOGIN is refused and LOGINDISABLED told, until TLS. */
  readonly loginDisabled: boolean;
  /** UTF8=ACCEPT (RFC 6855). */
  readonly utf8Accept: boolean;
  /** OBJECTID (RFC 8474): EMAILID and MAILBOXID. */
  readonly objectId: boolean;
  /** APPENDLIMIT (RFC 7889) in bytes; undefined for none. */
  readonly appendLimit: number | undefined;
  /** MULTIAPPEND (RFC 3502). */
  readonly multiAppend: boolean;
  /** UNSELECT (RFC 3691). */
  readonly unselect: boolean;
  /** STATUS=SIZE (RFC 8438). */
  readonly statusSize: boolean;
  /** BINARY (RFC 3516): BINARY[] and BINARY.SIZE[] in FETCH. */
  readonly binary: boolean;
  /** NOTIFY (RFC 5465), of STATUS for other mailboxes. */
  readonly notify: boolean;
  /** COMPRESS=DEFLATE (RFC 4978). */
  readonly compress: boolean;
  /** X-GM-EXT-1: a message is there once, and folders are its labels. */
  readonly gmail: boolean;
  /** Keywords may be made by clients (`\*` in PERMANENTFLAGS). */
  readonly newKeywords: boolean;
  /** Mailbox names are quoted even where they could be atoms. */
  readonly quoteNames: boolean;
  /** HIGHESTMODSEQ is told to those too that did not ask for CONDSTORE. */
  readonly alwaysHighestModSeq: boolean;
  /** STORE and EXPUNGE after EXAMINE: refused, or OK without effect. */
  readonly readOnlyStore: "refused" | "ignored";
  /**
   * FETCH of what another client expunged just now: the row with a NIL body and
   * size 0 and an OK (Dovecot), or no row and a NO.
   */
  readonly goneRows: "nil" | "no";
  /** Longest line without literals; more gets BAD. */
  readonly maxLineBytes: number;
  /** Logged-in sessions of one user; one more is refused. */
  readonly maxConnections: number;
}

/** Everything, in the manner of Dovecot. */
const DOVECOT: Profile = {
  name: "dovecot",
  separator: "/",
  prefix: "",
  rev2: false,
  condstore: true,
  qresync: true,
  enable: true,
  uidplus: true,
  move: true,
  listExtended: true,
  listStatus: true,
  specialUse: true,
  children: true,
  esearch: true,
  literals: "plus",
  namespace: true,
  id: true,
  idle: true,
  saslIr: true,
  auth: ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"],
  loginDisabled: false,
  utf8Accept: false,
  objectId: false,
  appendLimit: undefined,
  multiAppend: true,
  unselect: true,
  statusSize: true,
  binary: true,
  notify: true,
  compress: false,
  gmail: false,
  newKeywords: true,
  quoteNames: false,
  alwaysHighestModSeq: false,
  readOnlyStore: "ignored",
  goneRows: "nil",
  maxLineBytes: 65_536,
  maxConnections: 50,
};

/** IMAP4rev1 and nothing else. */
const BARE: Profile = {
  name: "bare",
  separator: "/",
  prefix: "",
  rev2: false,
  condstore: false,
  qresync: false,
  enable: false,
  uidplus: false,
  move: false,
  listExtended: false,
  listStatus: false,
  specialUse: false,
  children: false,
  esearch: false,
  literals: "sync",
  namespace: false,
  id: false,
  idle: false,
  saslIr: false,
  auth: [],
  loginDisabled: false,
  utf8Accept: false,
  objectId: false,
  appendLimit: undefined,
  multiAppend: false,
  unselect: false,
  statusSize: false,
  binary: false,
  notify: false,
  compress: false,
  gmail: false,
  newKeywords: true,
  quoteNames: true,
  alwaysHighestModSeq: false,
  readOnlyStore: "refused",
  goneRows: "no",
  maxLineBytes: 65_536,
  maxConnections: 50,
};

/** The ready-made servers. */
export const PROFILES = {
  dovecot: DOVECOT,
  bare: BARE,
  /** Everything that exists, the newer extensions too. */
  modern: {
    ...DOVECOT,
    name: "modern",
    rev2: true,
    utf8Accept: true,
    objectId: true,
    appendLimit: 50_000_000,
    compress: true,
    quoteNames: true,
    alwaysHighestModSeq: true,
    readOnlyStore: "refused",
  },
  /** Exchange: no CONDSTORE, no non-synchronising literals, no own keywords. */
  exchange: {
    ...BARE,
    name: "exchange",
    uidplus: true,
    move: true,
    children: true,
    namespace: true,
    id: true,
    idle: true,
    saslIr: true,
    unselect: true,
    literals: "sync",
    auth: ["PLAIN", "XOAUTH2"],
    newKeywords: false,
    maxConnections: 16,
  },
  /** Courier: `.` between levels, everything below `INBOX.`. */
  courier: {
    ...BARE,
    name: "courier",
    separator: ".",
    prefix: "INBOX.",
    uidplus: true,
    children: true,
    namespace: true,
    idle: true,
    auth: ["PLAIN", "CRAM-MD5"],
    maxConnections: 4,
  },
  /** Gmail: CONDSTORE and no QRESYNC, fifteen connections, its own extensions. */
  gmail: {
    ...BARE,
    name: "gmail",
    condstore: true,
    enable: true,
    uidplus: true,
    move: true,
    listExtended: true,
    listStatus: true,
    specialUse: true,
    children: true,
    esearch: true,
    literals: "minus",
    namespace: true,
    id: true,
    idle: true,
    saslIr: true,
    auth: ["XOAUTH2", "PLAIN", "OAUTHBEARER"],
    utf8Accept: true,
    appendLimit: 35_651_584,
    unselect: true,
    compress: true,
    gmail: true,
    alwaysHighestModSeq: true,
    maxConnections: 15,
  },
} as const satisfies Record<string, Profile>;

/** A name of {@link PROFILES}. */
export type ProfileName = keyof typeof PROFILES;

/** A profile by name, or changes to the one that mimics Dovecot. */
export function resolveProfile(
  choice: ProfileName | Partial<Profile> & { base?: ProfileName } = "dovecot",
): Profile {
  if (typeof choice === "string") return PROFILES[choice];
  const { base = "dovecot", ...changes } = choice;
  return { ...PROFILES[base], ...changes };
}

/** Where a session stands, as far as capabilities depend on it. */
export interface CapabilityState {
  readonly authenticated: boolean;
  readonly secure: boolean;
  readonly startTls: boolean;
  readonly compressed: boolean;
}

/** The capability names for a session, in one order. */
export function capabilityNames(p: Profile, state: CapabilityState): string[] {
  const names = ["IMAP4rev1"];
  const add = (on: boolean, ...more: string[]) => on && names.push(...more);
  add(p.rev2, "IMAP4rev2");
  add(p.literals === "plus", "LITERAL+");
  add(p.literals === "minus", "LITERAL-");
  add(p.saslIr, "SASL-IR");
  add(p.id, "ID");
  add(p.enable, "ENABLE");
  add(p.idle, "IDLE");
  if (!state.authenticated) {
    add(state.startTls && !state.secure, "STARTTLS");
    const hidden = p.loginDisabled && !state.secure;
    add(hidden, "LOGINDISABLED");
    if (!hidden) { for (const name of p.auth) names.push(`AUTH=${name}`); }
    return names;
  }
  add(p.namespace, "NAMESPACE");
  add(p.children, "CHILDREN");
  add(p.unselect, "UNSELECT");
  add(p.uidplus, "UIDPLUS");
  add(p.move, "MOVE");
  add(p.listExtended, "LIST-EXTENDED");
  add(p.listExtended && p.listStatus, "LIST-STATUS");
  add(p.specialUse, "SPECIAL-USE");
  add(p.esearch, "ESEARCH");
  add(p.condstore, "CONDSTORE");
  add(p.condstore && p.qresync && p.enable, "QRESYNC");
  add(p.multiAppend, "MULTIAPPEND");
  add(p.utf8Accept, "UTF8=ACCEPT");
  add(p.objectId, "OBJECTID");
  add(p.appendLimit !== undefined, `APPENDLIMIT=${p.appendLimit}`);
  add(p.statusSize, "STATUS=SIZE");
  add(p.binary, "BINARY");
  add(p.notify, "NOTIFY");
  add(p.gmail, "X-GM-EXT-1");
  add(p.compress && !state.compressed, "COMPRESS=DEFLATE");
  return names;
}

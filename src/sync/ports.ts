/**
 * What the engine asks of a side. What it asks of the status is in `status.ts`.
 *
 * A store is a set of mailboxes. IMAP, Maildir and memory implement the same
 * interfaces, so that any pair can be synchronised; none of them knows another.
 */
import type { FlagDelta } from "./flags.ts";
import type { Known } from "./status.ts";
import type { Changes, Flags, Identity, Ref } from "./types.ts";

/** A mailbox as a store lists it. */
export interface MailboxInfo {
  /** The store's own name, decoded, with the store's separator. */
  readonly name: string;
  /** RFC 6154 attributes in lower case: `\trash`, `\junk`, `\all` … */
  readonly specialUse: readonly string[];
  /**
   * The mailbox's state now, without opening it. Equal to the token of the last
   * {@link Changes} exactly when nothing changed since. Undefined: not known.
   */
  readonly token?: string;
  /**
   * False: an equal token only makes it likely that nothing changed (a server
   * without CONDSTORE cannot tell of flags). Enough for quick mode.
   * @default true
   */
  readonly exact?: boolean;
}

/** A set of mailboxes on one side. Disposing of it closes all connections. */
export interface Store extends AsyncDisposable {
  /** `IMAP`, `Maildir` …: for texts such as "Syncing INBOX: IMAP -> Maildir". */
  readonly typeName: string;
  /** Hierarchy separator of the names. */
  readonly separator: string;
  /**
   * `create()` calls `onNew` before the mailbox can be seen, and not after it was
   * made as a server must. @default false
   */
  readonly tellsBefore?: boolean;
  /**
   * All selectable mailboxes in a few round trips or directory reads, whatever
   * their number.
   * @throws {MailError} When the side as a whole cannot be read (scope account).
   */
  list(): Promise<MailboxInfo[]>;
  /**
   * Creates a mailbox and what is missing above it. Existing is no error.
   * @param onNew Called when it was not there: what is known of another mailbox
   *   of this name is void.
   */
  create(name: string, onNew?: () => void): Promise<void>;
  /**
   * Opens a mailbox. Waits for a free connection where those are limited.
   * @throws {MailError} Scope mailbox: it is gone or refuses.
   */
  open(name: string, options: OpenOptions): Promise<Mailbox>;
}

/** How a mailbox is opened. */
export interface OpenOptions {
  /** Nothing will be changed: IMAP uses EXAMINE. */
  readonly readOnly: boolean;
  /** The token of the last complete sync; lets IMAP use QRESYNC. */
  readonly since?: string;
  readonly signal?: AbortSignal;
}

/** The bytes of a message with CRLF line ends, readable more than once. */
export interface Body {
  readonly sizeBytes: number;
  /** Set when the whole is in memory anyway. */
  readonly bytes?: Uint8Array;
  chunks(): AsyncIterable<Uint8Array>;
}

/** A message on its way from one store to the other. */
export interface Message {
  /** Its name on the side it comes from. */
  readonly ref: Ref;
  readonly flags: Flags;
  /** Milliseconds since the epoch; undefined when the source has none. */
  readonly internalDate: number | undefined;
  readonly body: Body;
}

/** All of a message but its body. */
export interface Described extends Omit<Message, "body"> {
  /** The server's name for the message, the same in every mailbox (RFC 8474 §5.1). */
  readonly id: string;
  readonly sizeBytes: number;
}

/** Where bodies lie that the server shows in several mailboxes. */
export interface BodyIndex {
  /** Local copies of a message, perhaps: what is there must be looked at. */
  find(id: string): readonly { readonly mailbox: string; readonly ref: Ref }[];
  /** Notes copies in the local mailbox of that name. */
  note(
    mailbox: string,
    entries: readonly { readonly id: string; readonly ref: Ref }[],
  ): void;
}

/** How many messages and bytes may be on their way at once. */
export interface FetchOptions {
  /** Upper bound of `consume` calls under way. */
  readonly concurrency: number;
  readonly signal?: AbortSignal;
}

/** What became of messages that a store was asked to remove. */
export interface Removed {
  /** Really gone. */
  readonly removed: readonly Ref[];
  /** Only marked `\Deleted`: the server cannot expunge just these. */
  readonly marked: readonly Ref[];
  /** Left alone on purpose, until something else changes. @default none */
  readonly kept?: readonly Ref[];
}

/** What a refused or failed message was refused for. */
export interface Failure {
  readonly ref: Ref;
  readonly error: Error;
}

/** A change of a message's flags. */
export interface FlagChange {
  readonly ref: Ref;
  readonly delta: FlagDelta;
  /** What it had when it was looked at. */
  readonly was?: Flags;
}

/**
 * The code of a failure of {@link Mailbox.fetch}: the store lists the message
 * and, asked twice, does not give it. It is told once and tried in every run.
 */
export const UNFETCHABLE_CODE = "store.unfetchable";

/** One open mailbox of a store. Methods of one mailbox may run concurrently. */
export interface Mailbox extends AsyncDisposable {
  readonly name: string;
  /** UIDVALIDITY (RFC 9051 §2.3.1.1); 42 for a Maildir, as OfflineIMAP has it. */
  readonly validity: number;
  /** The smallest ref that a new message can get, where refs are ordered. */
  readonly nextRef: number | undefined;
  /** Where the server says so: every ref that it ever gave is below this one. */
  readonly refBound?: number | undefined;
  /** The server refused to open it for writing. */
  readonly readOnly: boolean;
  /** Whether this side can hold a flag or keyword. */
  canHold(flag: string): boolean;

  /**
   * What changed against `known`. Uses `since` (a token of this store) where it
   * can answer from there, else lists everything.
   * A short or contradictory listing is an error, never a loss.
   * @throws {MailError} Scope mailbox or account: nothing may be concluded.
   */
  observe(
    known: Known,
    since: string | undefined,
    signal?: AbortSignal,
  ): Promise<Changes>;

  /**
   * The second proof before a deletion is carried over: looks for these again
   * in another way than {@link observe} and returns the ones truly absent.
   */
  confirmAbsent(refs: readonly Ref[]): Promise<ReadonlySet<Ref>>;

  /**
   * All refs from `next` up, for stores with a {@link nextRef}: where an upload
   * whose answer is unknown must be, if it arrived.
   */
  refsFrom?(next: number): Promise<Ref[]>;

  /**
   * The first ref of those that were received on the day that begins at
   * `dateMs` or later, where refs are in order; undefined: there is none.
   */
  firstSince?(dateMs: number): Promise<number | undefined>;

  /** Message-ID, size and date of messages, in any order; unreadable ones are left out. */
  identify(refs: readonly Ref[]): AsyncIterable<Identity>;

  /**
   * Describes messages, where the server shows one in several mailboxes and has
   * a name for it (Gmail). What is not told is left out.
   */
  readonly describe?:
    | ((refs: readonly Ref[]) => Promise<ReadonlyMap<Ref, Described>>)
    | undefined;

  /**
   * Hands every message to `consume`, which takes its body before it settles.
   * @returns What could not be read: vanished meanwhile, damaged, or a `consume`
   *   that rejected. One bad message does not stop the others.
   */
  fetch(
    refs: readonly Ref[],
    consume: (message: Message) => Promise<void>,
    options: FetchOptions,
  ): Promise<Failure[]>;

  /**
   * Makes sure that messages can be stored here, before any is fetched for it.
   * @throws {MailError} Scope mailbox: none can.
   */
  prepareAppend?(): Promise<void>;

  /**
   * Stores a message; `peer` is its ref on the other side. When this returns and
   * `fsync` is on, bytes and name are on disk, or accepted by the server.
   * @returns Its new ref, undefined if the store cannot tell (no UIDPLUS).
   * @throws {MailError} Scope message: refused.
   */
  append(message: Message, peer: Ref): Promise<Ref | undefined>;

  /**
   * Notes in the message's own name what its peer is called. Undefined where
   * names cannot hold that; a Maildir's can (`U=`), and there an {@link Arrival}
   * has a hint of where it came from.
   * @returns The ref from now on.
   */
  readonly bind?: ((ref: Ref, peer: Ref) => Promise<Ref>) | undefined;

  /** Adds and removes flags, many messages at a time; the others stay. */
  changeFlags(changes: readonly FlagChange[]): Promise<Failure[]>;

  /** Removes exactly these messages and no others, ever. */
  remove(refs: readonly Ref[]): Promise<Removed>;

  /** It could move messages if it were open for writing. For dry runs. */
  readonly couldMove?: boolean;

  /**
   * Moves messages to another mailbox of the same store on the server's side.
   * Undefined where the store cannot, so that nothing is lost half-way.
   * @returns New refs by old ones; a missing one did not arrive or is not known.
   */
  readonly move?:
    | ((refs: readonly Ref[], to: string) => Promise<ReadonlyMap<Ref, Ref>>)
    | undefined;

  /** Waits until everything written is durable as `fsync` promises. */
  flush(): Promise<void>;
}

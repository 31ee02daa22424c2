/** An IMAP account as a store of mailboxes. */
import { noStep, type Step } from "../../effects.ts";
import type {
  Mailbox,
  MailboxInfo,
  OpenOptions,
  Store,
} from "../../sync/ports.ts";
import type { DebugLog } from "../../events.ts";
import { MailError } from "../../errors.ts";
import { ImapConnection } from "../connection.ts";
import { ConnectionError } from "../connection_error.ts";
import { decodeMailboxName, encodeMailboxName } from "../mailbox_name.ts";
import type { Session } from "../transport.ts";
import { createMailbox, subscribeTo } from "./create_mailbox.ts";
import { deleteMailbox } from "./delete_mailbox.ts";
import { hasGmailIds } from "./describe.ts";
import type { HiddenFields } from "./hidden_fields.ts";
import type { GmailLabels } from "./labels.ts";
import { type ListingOptions, listMailboxes, listNames } from "./listing.ts";
import { ImapMailbox } from "./mailbox.ts";
import { ConnectionPool, type Lease } from "./pool.ts";
import { parseToken } from "./token.ts";
import { SelectedMailbox } from "./selected.ts";
import type { Shelf } from "./shelf.ts";
import type { Trash } from "./trash.ts";

/** How an IMAP store behaves. */
export interface ImapStoreOptions {
  /** `IMAP`, `Gmail`, or `MappedIMAP` for the local side of two servers. */
  readonly typeName: string;
  /** Opens one more session. */
  readonly openSession: () => Promise<Session>;
  /** Connections at the most. */
  readonly maxConnections: number;
  /** Show names decoded (`utf8foldernames`), else as modified UTF-7. */
  readonly utf8Names: boolean;
  /**
   * `reference`: only names that begin with it are listed. In either spelling of
   * letters beyond ASCII. @default ""
   */
  readonly reference?: string;
  /**
   * `subscribedonly`: list subscribed mailboxes, subscribe to new ones.
   * @default false
   */
  readonly subscribedOnly?: boolean;
  /** `expunge`. */
  readonly expunge: boolean;
  /** Ask for size and date of new messages, since a limit goes by them. */
  readonly details: boolean;
  /** What is deleted goes to Gmail's trash. @default it leaves its mailbox */
  readonly realDelete?: GmailTrash;
  /** Gmail's labels are synchronised. @default they are not */
  readonly labels?: GmailLabels;
  /** `filterheaders`: fields that messages leave this server without, in lower case. */
  readonly hidden?: HiddenFields;
  /** Longest silence while the server owes an answer, milliseconds. */
  readonly timeoutMs?: number;
  /** Has connections of an earlier run, and gets those of this one. */
  readonly shelf?: Shelf;
  readonly step?: Step;
  /** What becomes of the connections (`-d thread`). */
  readonly trace?: DebugLog;
  /** One line for each command and what was strange, without secrets (`-d imap`). */
  readonly log?: (line: string) => void;
}

/** Gmail's mailboxes that delete for good. @default what LIST marks as such */
export interface GmailTrash {
  readonly trash: string | undefined;
  readonly spam: string | undefined;
}

/** Mailboxes of an IMAP account over a few shared connections. */
export class ImapStore implements Store {
  readonly typeName: string;
  readonly #pool: ConnectionPool;
  #separator: string | undefined;
  /** Of one's own mailboxes, as on the wire (RFC 2342). */
  #prefix = "";
  /** Names on the wire by the names that the engine knows. */
  readonly #wireNames = new Map<string, string>();
  /** Mailboxes by what LIST says that they are for. */
  readonly #uses = new Map<string, string>();
  /** Names on the wire are UTF-8 (UTF8=ACCEPT), not modified UTF-7. */
  #utf8Wire = false;

  constructor(readonly options: ImapStoreOptions) {
    this.typeName = options.typeName;
    this.#pool = new ConnectionPool(
      Math.max(1, options.maxConnections),
      () => this.#connect(),
      options.shelf,
      options.trace,
    );
    this.#separator = options.shelf?.separator;
    this.#utf8Wire = options.shelf?.utf8Wire ?? false;
  }

  /**
   * Known after the first connection.
   * @throws {Error} Before {@link list}.
   */
  get separator(): string {
    if (this.#separator === undefined) {
      throw new Error("The separator is known after list()");
    }
    return this.#separator;
  }

  async list(): Promise<MailboxInfo[]> {
    const { subscribedOnly = false } = this.options;
    return await this.#list(() => ({
      reference: this.#reference(),
      subscribedOnly,
    }));
  }

  /**
   * Everything that is on the server, whatever `reference` and `subscribedonly`
   * say, with the number of messages where the server tells it.
   */
  async survey(): Promise<{ name: string; messages: number | undefined }[]> {
    const all = await this.#list(() => ({}));
    return all.map(({ name, token }) => ({
      name,
      messages: parseToken(token)?.messages,
    }));
  }

  /** Deletes a mailbox with its messages. @throws {MailError} Refused. */
  async delete(name: string): Promise<void> {
    await this.#borrow(undefined, undefined, async (lease) => {
      using _ = lease;
      const { connection } = lease.pooled;
      await deleteMailbox(connection, this.#wireNameOf(name), name);
    });
  }

  async #list(options: () => ListingOptions): Promise<MailboxInfo[]> {
    const listed = await this.#borrow(
      undefined,
      undefined,
      async (lease) => {
        using _ = lease;
        return await listMailboxes(lease.pooled, options());
      },
    );
    // A flat server has no levels; nothing of a name can separate any.
    this.#separator ??= listed.find((m) => m.delimiter !== undefined)
      ?.delimiter ?? "/";
    this.#remember();
    const names = this.#namesOf(listed.map(({ wireName }) => wireName));
    return listed.map(({ wireName, specialUse, token, exact }) => {
      const name = names.get(wireName) ?? this.#nameOf(wireName);
      this.#wireNames.set(name, wireName);
      for (const use of specialUse) this.#uses.set(use, name);
      return {
        name,
        specialUse,
        exact,
        ...(token === undefined ? {} : { token }),
      };
    });
  }

  /** All names, also of mailboxes that {@link list} leaves out as unsubscribed. */
  async listNames(): Promise<ReadonlySet<string>> {
    const names = await this.#borrow(undefined, undefined, async (lease) => {
      using _ = lease;
      return await listNames(lease.pooled, { reference: this.#reference() });
    });
    return new Set(names.map((wireName) => this.#nameOf(wireName)));
  }

  /**
   * Whether {@link list} would show a mailbox of this name: LIST with a reference
   * shows only names that begin with it.
   */
  lists(name: string): boolean {
    return this.#wireNameOf(name).startsWith(this.#reference());
  }

  async create(name: string, onNew?: () => void): Promise<void> {
    const { subscribedOnly = false } = this.options;
    await this.#borrow(undefined, undefined, async (lease) => {
      using _ = lease;
      const { connection } = lease.pooled;
      const wireName = this.#wireNameOf(name);
      const where = { name, prefix: this.#prefix };
      if (await createMailbox(connection, wireName, where)) onNew?.();
      if (subscribedOnly) await subscribeTo(connection, wireName, name);
    });
  }

  async open(
    name: string,
    { readOnly, since, signal }: OpenOptions,
  ): Promise<Mailbox> {
    const selected = await this.#borrow(
      name,
      signal,
      (lease) => {
        const wireName = this.#wireNameOf(name);
        const request = { name, wireName, readOnly, since, signal };
        return SelectedMailbox.open(lease, request);
      },
    );
    const { labels } = this.options;
    if (labels !== undefined && !hasGmailIds(selected)) {
      selected[Symbol.dispose]();
      throw noLabels();
    }
    return new ImapMailbox(selected, {
      details: this.options.details,
      gmail: this.options.typeName === "Gmail",
      labels: this.options.labels,
      hidden: this.options.hidden,
      expunge: this.options.expunge,
      trash: this.#trashOf(name),
      wireName: (other) => this.#wireNameOf(other),
    });
  }

  /** Where deleted messages of a mailbox go; undefined: they are expunged. */
  #trashOf(name: string): Trash | undefined {
    const { realDelete } = this.options;
    if (realDelete === undefined) return undefined;
    const trash = realDelete.trash ?? this.#uses.get("\\trash") ??
      "[Gmail]/Trash";
    const spam = realDelete.spam ?? this.#uses.get("\\junk") ?? "[Gmail]/Spam";
    if (name === trash || name === spam) return undefined;
    const isAllMail = name === this.#uses.get("\\all");
    return { wireName: this.#wireNameOf(trash), isAllMail };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool.close();
  }

  /**
   * Does something that can be done twice. A connection that idled may have died
   * without a sign of it; only one that was just opened has the last word.
   * @param use Gives the lease back, when it is done or failed.
   */
  async #borrow<T>(
    name: string | undefined,
    signal: AbortSignal | undefined,
    use: (lease: Lease) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const wireName = name === undefined ? undefined : this.#wireNameOf(name);
      const lease = await this.#pool.acquire(wireName, signal);
      const { connection } = lease.pooled;
      try {
        return await use(lease);
      } catch (error) {
        if (!lease.used || !connection.isClosed) throw error;
        if (!(error instanceof ConnectionError)) throw error;
        this.options.log?.(`! ${error.message}; once more`);
      }
    }
  }

  async #connect(): Promise<ImapConnection> {
    const { openSession, step = noStep, log, timeoutMs } = this.options;
    const session = await openSession();
    this.#utf8Wire = session.enabled.has("UTF8=ACCEPT") ||
      session.enabled.has("IMAP4REV2");
    this.#separator ??= session.namespace.separator;
    this.#prefix = session.namespace.prefix;
    this.#remember();
    return new ImapConnection(session, {
      step,
      onMalformed: (error) => log?.(`? ${error.message}`),
      ...(log === undefined ? {} : { log }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }

  #reference(): string {
    const { reference = "" } = this.options;
    return encodeMailboxName(decodeMailboxName(reference), {
      utf8: this.#utf8Wire,
    });
  }

  /** For whoever gets the connections next. */
  #remember(): void {
    const { shelf } = this.options;
    if (shelf === undefined) return;
    shelf.separator = this.#separator;
    shelf.utf8Wire = this.#utf8Wire;
  }

  /** The name that the engine and the user's configuration know. */
  #nameOf(wireName: string): string {
    const decoded = decodeMailboxName(wireName, { utf8: this.#utf8Wire });
    return this.options.utf8Names ? decoded : encodeMailboxName(decoded);
  }

  /**
   * Names by wire names. One that is no modified UTF-7, such as `A&B`, is shown
   * as the server writes it, unless another mailbox reads so: then it keeps the
   * marks of {@link decodeMailboxName}, which nobody can mistake.
   */
  #namesOf(wireNames: readonly string[]): ReadonlyMap<string, string> {
    const names = new Map(wireNames.map((wire) => [wire, this.#nameOf(wire)]));
    const taken = new Set(names.values());
    for (const [wire, name] of names) {
      if (name.isWellFormed() || !wire.isWellFormed() || taken.has(wire)) {
        continue;
      }
      names.set(wire, wire);
    }
    return names;
  }

  #wireNameOf(name: string): string {
    const known = this.#wireNames.get(name);
    if (known !== undefined) return known;
    const decoded = this.options.utf8Names ? name : decodeMailboxName(name);
    return encodeMailboxName(decoded, { utf8: this.#utf8Wire });
  }
}

function noLabels(): MailError {
  return new MailError(
    "synclabels needs Gmail's labels, which this server does not have",
    {
      code: "imap.labels",
      scope: "account",
      retry: "never",
      hint: "Set synclabels = no, or look whether remotehost is Gmail's server",
    },
  );
}

/** Hears of changes on a server, whatever its connections go through. */
import type { Clock } from "../../clock.ts";
import type { MailError } from "../../errors.ts";
import type { ImapConnection } from "../connection.ts";
import {
  decodeMailboxName,
  encodeMailboxName,
  isInbox,
} from "../mailbox_name.ts";
import { Line, lineError } from "./line.ts";
import {
  CannotListen,
  listenByIdle,
  listenByNotify,
  type Listener,
  type ListenOptions,
} from "./listen.ts";

/** What a {@link ServerWatch} works by. */
export interface ServerWatchOptions {
  readonly clock: Clock;
  /** `idlefolders`: decoded or in modified UTF-7; at least one. */
  readonly folders: readonly string[];
  /** Opens one more connection. */
  readonly connect: () => Promise<ImapConnection>;
  /** Connections that the syncs need, where the server limits their number. */
  readonly room: number;
  /** A sign of life is asked for this often, ms. */
  readonly renewMs: number;
  /** How long to wait after so many failures in a row, ms. */
  readonly backOff: (failures: number) => number;
  /**
   * A mailbox changed, or perhaps did: its decoded name; undefined: any of them.
   */
  readonly onChange: (name: string | undefined, doubtful: boolean) => void;
  /** Tells people, once for each thing. */
  readonly tell: (
    kind: "warning" | "notice",
    text: string,
    error?: MailError,
  ) => void;
}

/** Mailboxes that nothing else tells of are looked at this often, ms. */
const POLL_MS = 60_000;
/** A connection of several that cannot be opened so often is done without. */
const SPARE_FAILURES = 3;

/**
 * Watches mailboxes of one server: all of the user by NOTIFY on one connection
 * where the server has it, else the ones named by IDLE on a connection each, and
 * what neither can do by looking every minute.
 *
 * A connection that ends is opened again, sooner or later, and then everything it
 * watched is reported as perhaps changed: nobody was listening meanwhile.
 */
export class ServerWatch implements AsyncDisposable {
  readonly #options: ServerWatchOptions;
  readonly #lines = new Map<string, Line>();
  /** Watched by looking. */
  readonly #polled = new Set<string>();
  readonly #told = new Set<string>();
  #canNotify = true;
  #hasMadeRoom = false;
  /** Whose connections listen now. */
  readonly #listening = new Set<string>();
  #stopped = false;
  #over = false;
  #cancelPoll = () => {};

  constructor(options: ServerWatchOptions) {
    this.#options = options;
    const [first] = options.folders;
    if (first !== undefined) this.#open(first);
  }

  /** It gave up, since trying again cannot help; a login that is refused. */
  get isOver(): boolean {
    return this.#over;
  }

  /** The network is another one: asks all connections for a sign of life. */
  prove(limitMs: number): void {
    for (const line of this.#lines.values()) line.prove(limitMs);
  }

  /** The machine slept: no connection can be relied on. */
  reset(): void {
    for (const line of this.#lines.values()) line.reset();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#cancelPoll();
    await Promise.all(
      [...this.#lines.values()].map((line) => line[Symbol.asyncDispose]()),
    );
  }

  #open(folder: string): void {
    if (this.#stopped || this.#lines.has(folder)) return;
    const { clock, connect } = this.#options;
    this.#lines.set(
      folder,
      new Line({
        clock,
        connect,
        listen: (connection) => this.#listen(folder, connection),
        onListening: (failures) => this.#onListening(folder, failures),
        onFailure: (error, failures) =>
          this.#onFailure(folder, error, failures),
      }),
    );
  }

  async #listen(
    folder: string,
    connection: ImapConnection,
  ): Promise<Listener> {
    const { clock, renewMs, onChange, folders } = this.#options;
    const utf8 = connection.enabled.has("UTF8=ACCEPT") ||
      connection.enabled.has("IMAP4REV2");
    const decoded = decodeMailboxName(folder);
    const wireName = isInbox(folder)
      ? "INBOX"
      : encodeMailboxName(decoded, { utf8 });
    const options = (all: boolean): ListenOptions => ({
      clock,
      renewMs,
      onChange: (name) =>
        onChange(
          name === undefined ? undefined : decodeMailboxName(name, { utf8 }),
          false,
        ),
      // What came before it could be heard.
      onReady: () => onChange(all ? undefined : decoded, true),
    });
    const isFirst = folder === folders[0];
    if (isFirst && this.#canNotify && connection.capabilities.has("NOTIFY")) {
      try {
        return await listenByNotify(connection, wireName, options(true));
      } catch (error) {
        if (!(error instanceof CannotListen)) throw error;
        this.#canNotify = false;
      }
    }
    if (isFirst) { for (const other of folders.slice(1)) this.#open(other); }
    return await listenByIdle(connection, wireName, options(false));
  }

  #onListening(folder: string, failures: number): void {
    this.#listening.add(folder);
    this.#polled.delete(folder);
    if (failures === 0 || !this.#told.delete("lost")) return;
    this.#options.tell("notice", "the server is watched again");
  }

  #onFailure(
    folder: string,
    cause: unknown,
    failures: number,
  ): number | undefined {
    const { backOff } = this.#options;
    this.#listening.delete(folder);
    if (cause instanceof CannotListen) {
      this.#canNotify = false;
      this.#poll(folder);
      this.#once(
        "cannot",
        `the server cannot tell of changes (${cause.message}); it is looked at ` +
          "every minute instead",
      );
      for (const other of this.#options.folders) this.#poll(other);
      return undefined;
    }
    const error = lineError(cause);
    if (error.scope === "mailbox") {
      this.#once(
        `folder ${folder}`,
        `"${folder}" of idlefolders cannot be watched: ${error.message}`,
      );
      if (folder === this.#options.folders[0]) {
        for (const other of this.#options.folders.slice(1)) this.#open(other);
      }
      // It may be made later; until then nobody is bothered.
      return error.retry === "never" ? undefined : backOff(failures);
    }
    if (error.retry === "never") {
      this.#over = true;
      this.#once("never", "the server is not watched any more", error);
      return undefined;
    }
    if (this.#listening.size > 0) {
      this.#poll(folder);
      if (failures < SPARE_FAILURES) return backOff(failures);
      this.#makeRoom();
      return undefined;
    }
    this.#once("lost", "the server is not watched for now", error);
    return backOff(failures);
  }

  /**
   * The server allows no more connections: gives some back, or the syncs would
   * not get theirs.
   */
  #makeRoom(): void {
    if (this.#hasMadeRoom) return;
    this.#hasMadeRoom = true;
    const spare = [...this.#listening].slice(1).slice(-this.#options.room);
    for (const folder of spare) {
      this.#listening.delete(folder);
      this.#poll(folder);
      // Never rejects; a connection that does not end politely is torn down.
      void this.#lines.get(folder)?.[Symbol.asyncDispose]();
    }
    this.#once(
      "room",
      "the server allows no more connections; those of idlefolders that have " +
        "none are looked at every minute instead",
    );
  }

  /** From now on a mailbox is looked at every minute. */
  #poll(folder: string): void {
    const begin = this.#polled.size === 0;
    this.#polled.add(folder);
    if (begin) this.#pollLater();
  }

  #pollLater(): void {
    if (this.#stopped) return;
    this.#cancelPoll = this.#options.clock.after(POLL_MS, () => {
      for (const folder of this.#polled) {
        this.#options.onChange(decodeMailboxName(folder), true);
      }
      if (this.#polled.size > 0) this.#pollLater();
    });
  }

  #once(what: string, text: string, error?: MailError): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    this.#options.tell("warning", text, error);
  }
}

/** The scripted server: listener, users, hooks, and the face for tests. */
import { CommandLog, type LoggedCommand } from "./command_log.ts";
import type { Completion } from "./completion.ts";
import { type MailImage, MailStore } from "./mail_store.ts";
import { MailboxHandle } from "./mailbox_handle.ts";
import type { ImapServerOptions, TlsOptions, UserSeed } from "./options.ts";
import { type Profile, resolveProfile } from "./profile.ts";
import { Session } from "./session.ts";
import type { Account, SessionHost } from "./session_host.ts";
import { connTransport } from "./transport.ts";
import { ViceSet } from "./vice_set.ts";

/** What a hook may say: nothing, another reply, or that the connection ends. */
export type HookVerdict = Completion | "cut" | undefined | void;

/** Called with a command before it is executed. */
export type CommandHook = (
  command: LoggedCommand,
) => HookVerdict | Promise<HookVerdict>;

/** Called with a command after its reply was written. */
export type ReplyHook = (command: LoggedCommand) => void | Promise<void>;

/** What a connection did so far. */
export interface ConnectionInfo {
  /** From 1. */
  readonly id: number;
  readonly open: boolean;
  readonly user: string | undefined;
  readonly mailbox: string | undefined;
  readonly commands: number;
  /** How often the server had answered and then waited for the client. */
  readonly roundTrips: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Ends it at once. */
  cut(): void;
}

/** A running server; stops when disposed. */
export class ImapServer implements AsyncDisposable {
  readonly hostname: string;
  /** All commands, in order. */
  readonly log = new CommandLog();
  /** The vices in force; add and clear at any time. */
  readonly vices: ViceSet;
  /** Errors of the server itself; {@link stop} throws them. */
  readonly errors: unknown[] = [];
  readonly #tls: TlsOptions | undefined;
  readonly #accounts = new Map<string, Account>();
  readonly #hooks = new Set<CommandHook>();
  readonly #replyHooks = new Set<ReplyHook>();
  readonly #sessions = new Map<Session, Promise<void>>();
  /** What is left of ended sessions; they themselves hold large buffers. */
  readonly #ended: ConnectionInfo[] = [];
  #profile: Profile;
  #port: number;
  #connections = 0;
  #listener: Deno.Listener<Deno.Conn> | undefined;
  #accepting: Promise<void> = Promise.resolve();

  /** Use {@link startImapServer}. */
  constructor(options: ImapServerOptions) {
    this.#profile = resolveProfile(options.profile);
    this.vices = new ViceSet(options.vices);
    this.hostname = options.hostname ?? "127.0.0.1";
    this.#tls = options.tls;
    this.#port = options.port ?? 0;
    const users = Object.entries(options.users ?? { user: "secret" });
    users.forEach(([name, seed], index) => {
      const user: UserSeed = typeof seed === "string"
        ? { password: seed }
        : seed;
      this.#accounts.set(name, {
        name,
        password: user.password,
        tokens: user.tokens ?? [],
        // Apart from one another, so that a mix-up of accounts shows.
        store: new MailStore(
          this.#profile.separator,
          1_000 * (index + 1),
          this.#profile.gmail,
        ),
      });
      const more = index === 0 ? options.mailboxes ?? [] : [];
      for (const mailbox of [...user.mailboxes ?? [], ...more]) {
        this.mailbox(mailbox.name, name).ensure(mailbox);
      }
    });
    this.#listen();
  }

  /** The port; stays the same over {@link restart}. */
  get port(): number {
    return this.#port;
  }

  /** What the server can do. */
  get profile(): Profile {
    return this.#profile;
  }

  /** All connections since the start, the closed ones too. */
  get connections(): ConnectionInfo[] {
    const open = [...this.#sessions.keys()].map((one) => infoOf(one, true));
    return [...this.#ended, ...open].sort((a, b) => a.id - b.id);
  }

  /** A mailbox of a user (the first one by default), existing or not. */
  mailbox(name: string, user?: string): MailboxHandle {
    return new MailboxHandle(this.#account(user).store, name);
  }

  /** The names of all mailboxes of a user, sorted. */
  mailboxNames(user?: string): string[] {
    return [...this.#account(user).store.mailboxes.keys()].sort();
  }

  /** The names that a user has subscribed, sorted. */
  subscriptions(user?: string): string[] {
    return [...this.#account(user).store.subscriptions].sort();
  }

  /** The first user's mail as it is now, numbers and history included. */
  image(): MailImage {
    return this.#account().store.image();
  }

  /** Makes the first user's mail as it was, as from a backup of the machine. */
  async restore(image: MailImage): Promise<void> {
    this.cutAll();
    await Promise.all(this.#sessions.values());
    this.#account().store.restore(image);
  }

  /** From now on only these bearer tokens are good. */
  setTokens(tokens: readonly string[], user?: string): void {
    this.#account(user).tokens = tokens;
  }

  /** Calls `hook` before each command. @returns takes it away again */
  onCommand(hook: CommandHook): () => void {
    this.#hooks.add(hook);
    return () => void this.#hooks.delete(hook);
  }

  /** Resolves when the next command of this name comes, before it is executed. */
  untilCommand(name: string | RegExp): Promise<LoggedCommand> {
    const { promise, resolve } = Promise.withResolvers<LoggedCommand>();
    const off = this.onCommand((command) => {
      const meant = typeof name === "string"
        ? command.name === name
        : name.test(command.name);
      if (!meant) return;
      off();
      resolve(command);
    });
    return promise;
  }

  /** Calls `hook` after each reply. @returns takes it away again */
  onReply(hook: ReplyHook): () => void {
    this.#replyHooks.add(hook);
    return () => void this.#replyHooks.delete(hook);
  }

  /** Ends every connection at once; new ones are welcome. */
  cutAll(): void {
    for (const session of this.#sessions.keys()) session.cut();
  }

  /** Stops, and starts on the same port with the same mail. */
  async restart(
    options: Pick<ImapServerOptions, "profile"> = {},
  ): Promise<void> {
    await this.#close();
    if (options.profile !== undefined) {
      this.#profile = resolveProfile(options.profile);
    }
    this.#listen();
  }

  /** Stops for good. @throws {AggregateError} When the server itself failed. */
  async stop(): Promise<void> {
    await this.#close();
    const errors = this.errors.splice(0);
    if (errors.length > 0) {
      throw new AggregateError(errors, `The test server failed: ${errors[0]}`);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #account(user?: string): Account {
    const name = user ?? this.#accounts.keys().next().value ?? "";
    const account = this.#accounts.get(name);
    if (account === undefined) throw new Error(`No user "${name}"`);
    return account;
  }

  #listen(): void {
    const where = { hostname: this.hostname, port: this.#port };
    const listener: Deno.Listener<Deno.Conn> = this.#tls?.mode === "implicit"
      ? Deno.listenTls({ ...where, cert: this.#tls.cert, key: this.#tls.key })
      : Deno.listen(where);
    this.#listener = listener;
    if (listener.addr.transport === "tcp") this.#port = listener.addr.port;
    this.#accepting = this.#accept(listener);
  }

  async #accept(listener: Deno.Listener<Deno.Conn>): Promise<void> {
    while (this.#listener === listener) {
      let conn: Deno.Conn;
      try {
        conn = await listener.accept();
      } catch {
        // Closed by stop(); or a TLS handshake that failed: the next may not.
        continue;
      }
      // Small replies must not wait for the acknowledgement of earlier ones.
      if ("setNoDelay" in conn && typeof conn.setNoDelay === "function") {
        conn.setNoDelay(true);
      }
      this.#serve(conn);
    }
  }

  #serve(conn: Deno.Conn): void {
    const id = ++this.#connections;
    for (const vice of this.vices.ofConnection("newUidValidity", id)) {
      for (const { store } of this.#accounts.values()) {
        for (const mailbox of store.mailboxes.values()) {
          mailbox.renumber(store.nextUidValidity(), vice.keepUids ?? false);
        }
      }
    }
    const secure = this.#tls?.mode === "implicit";
    const session = new Session(this.#host(), id, connTransport(conn), secure);
    const done = session.run().then(() => {
      this.#ended.push(infoOf(session, false));
      this.#sessions.delete(session);
    });
    this.#sessions.set(session, done);
  }

  #host(): SessionHost {
    const tls = this.#tls?.mode === "starttls" ? this.#tls : undefined;
    return {
      profile: this.#profile,
      log: this.log,
      vices: this.vices,
      tls,
      account: (name) => this.#accounts.get(name),
      sessionCount: (account) =>
        [...this.#sessions.keys()].filter((one) => one.account === account)
          .length,
      advertised: (names) => this.#advertised(names),
      beforeCommand: (session, entry) => this.#before(session, entry),
      afterCommand: async (entry) => {
        for (const hook of this.#replyHooks) await hook(entry);
      },
      failed: (error) => void this.errors.push(error),
    };
  }

  #advertised(names: readonly string[]): readonly string[] {
    let told = [...names];
    for (const { add = [], remove = [] } of this.vices.standing("advertise")) {
      told = told.filter((name) => !remove.includes(name));
      told.push(...add.filter((name) => !told.includes(name)));
    }
    return told;
  }

  async #before(
    session: Session,
    entry: LoggedCommand,
  ): Promise<Completion | "BYE" | undefined> {
    for (const hook of this.#hooks) {
      const verdict = await hook(entry);
      if (verdict === "cut") {
        session.cut();
        return "BYE";
      }
      if (verdict !== undefined) return verdict;
    }
    return undefined;
  }

  async #close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.close();
    await this.#accepting;
    this.cutAll();
    await Promise.all(this.#sessions.values());
  }
}

function infoOf(session: Session, open: boolean): ConnectionInfo {
  return {
    id: session.id,
    open,
    user: session.account?.name,
    mailbox: session.view?.mailbox.name,
    commands: session.commandCount,
    roundTrips: session.roundTrips,
    bytesIn: session.reader.bytesIn,
    bytesOut: session.writer.bytesOut,
    cut: open ? () => session.cut() : () => {},
  };
}

/** Starts a server on a free port of the loopback interface. */
export function startImapServer(options: ImapServerOptions = {}): ImapServer {
  return new ImapServer(options);
}

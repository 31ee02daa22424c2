/** An IMAP store on a server of a test, over sessions that are counted. */
import { Credentials } from "../../src/auth/credentials.ts";
import { openSession } from "../../src/imap/session/open_session.ts";
import type { SessionSettings } from "../../src/imap/session/settings.ts";
import {
  ImapStore,
  type ImapStoreOptions,
} from "../../src/imap/store/store.ts";
import type { Session } from "../../src/imap/transport.ts";

/** Where a test's server listens, and who its user is. */
export interface TestServer {
  /** Of 127.0.0.1. */
  readonly port: number;
  /** @default "user" */
  readonly user?: string;
  /** @default "secret" */
  readonly password?: string;
}

/** Options of {@link openImapStore} beside the store's own. */
export interface TestStoreOptions
  extends Partial<Omit<ImapStoreOptions, "openSession">> {
  /** How sessions are opened: `enable`, `compression` … */
  readonly session?: Partial<SessionSettings>;
}

/** A store and the sessions that it opened. */
export interface TestStore extends AsyncDisposable {
  readonly store: ImapStore;
  /** All of them, in order, the closed ones too. */
  readonly sessions: readonly Session[];
  /** Sockets that are open now: none once the store was disposed of. */
  readonly openSockets: number;
  /** What the store told its log. */
  readonly log: readonly string[];
}

/** Opens nothing yet: the store connects when it is first used. */
export function openImapStore(
  server: TestServer,
  options: TestStoreOptions = {},
): TestStore {
  const { session: settings, ...rest } = options;
  const sessions: Session[] = [];
  const log: string[] = [];
  const { user = "user", password = "secret", port } = server;
  const host = "127.0.0.1";
  const credentials = new Credentials({
    ...{ repository: "Remote", host, user, password, netrcFiles: [] },
  });
  const store = new ImapStore({
    typeName: "IMAP",
    maxConnections: 2,
    utf8Names: true,
    expunge: true,
    details: false,
    timeoutMs: 10_000,
    log: (line) => void log.push(line),
    ...rest,
    openSession: async () => {
      const session = await openSession(
        {
          ...{ repository: "Remote", host, port, tls: "none" },
          replyTimeoutMs: rest.timeoutMs ?? 10_000,
          ...settings,
        },
        { credentials },
      );
      sessions.push(session);
      return session;
    },
  });
  return {
    store,
    sessions,
    log,
    get openSockets() {
      return sessions.filter(({ transport }) => !transport.input.destroyed)
        .length;
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

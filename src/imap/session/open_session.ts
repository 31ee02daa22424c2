/** From settings to an open session. */
import { Socket } from "node:net";
import { noStep, type Step } from "../../effects.ts";
import { MailError } from "../../errors.ts";
import type { Command } from "../command/command.ts";
import { ResponseError } from "../connection_error.ts";
import type { Session, Transport } from "../transport.ts";
import type { Namespace } from "../wire/types.ts";
import {
  capabilityCommand,
  compressCommand,
  enableCommand,
  idCommand,
  listRootCommand,
  namespaceCommand,
} from "./commands.ts";
import { deflated } from "./compress.ts";
import { Dialogue, type Outcome } from "./dialogue.ts";
import type { Connected } from "./connect.ts";
import { logIn, TokenRefused } from "./log_in.ts";
import { reach } from "./reach.ts";
import {
  addressOf,
  DEFAULT_ENABLE,
  type KnownCertificates,
  type SessionCredentials,
  type SessionSettings,
  type Tunnel,
} from "./settings.ts";

/** What opening a session needs beside its settings. */
export interface OpenContext {
  readonly credentials: SessionCredentials;
  /** Gives up at once; what it gives as reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Gets one line a command and reply, without secrets. */
  readonly log?: ((line: string) => void) | undefined;
  readonly step?: Step | undefined;
  /**
   * With it a server on this machine, reached without a proxy, is trusted at first
   * use when nobody vouches for its certificate.
   */
  readonly known?: KnownCertificates | undefined;
}

/** A session, and what a server's peculiarities can be told from. */
export interface OpenedSession extends Session {
  /** What the server answered to ID, names in lower case; mostly `name`. */
  readonly serverId: ReadonlyMap<string, string>;
  /** The greeting's text; empty after STARTTLS. */
  readonly greeting: string;
}

const REPLY_TIMEOUT_MS = 60_000;

/**
 * Connects, checks the server, logs in, and hands over the stream.
 *
 * Beyond TCP and TLS this takes three round trips where the server tells its
 * capabilities in the greeting and after the login, as Dovecot does: the
 * greeting; the login; ID, ENABLE, NAMESPACE and COMPRESS together. STARTTLS
 * costs two more. See docs/sessions.md.
 *
 * @throws {MailError} `connect.…`, `auth.…`, `config.value`: scope account.
 */
export async function openSession(
  settings: SessionSettings,
  context: OpenContext,
): Promise<OpenedSession> {
  try {
    return await openOnce(settings, context);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    if (!await context.credentials.renewToken?.()) throw error.error;
  }
  // Not on the old connection: some servers hang up after a refusal.
  try {
    return await openOnce(settings, context);
  } catch (error) {
    throw error instanceof TokenRefused ? error.error : error;
  }
}

async function openOnce(
  settings: SessionSettings,
  context: OpenContext,
): Promise<OpenedSession> {
  const connected = await reach(settings, context);
  try {
    return await negotiate(connected, settings, context);
  } catch (error) {
    connected.socket.destroy();
    throw error;
  }
}

async function negotiate(
  { socket, secure, greeted }: Connected,
  settings: SessionSettings,
  { credentials, signal, log, step = noStep }: OpenContext,
): Promise<OpenedSession> {
  if (socket instanceof Socket) socket.setNoDelay(true);
  const dialogue = new Dialogue(socket, {
    address: addressOf(settings),
    replyTimeoutMs: settings.replyTimeoutMs ?? REPLY_TIMEOUT_MS,
    signal,
    log,
    step,
  });
  const greeting = greeted
    ? undefined
    : await firstWords(dialogue, settings.tunnel);
  if (greeting?.status !== "PREAUTH") {
    if (settings.tunnel?.option === "preauthtunnel") throw notLetIn(settings);
    await askCapabilities(dialogue);
    await logIn(dialogue, settings, credentials, secure);
  }
  const capabilities = await askCapabilities(dialogue);
  const found = await settle(dialogue, settings, capabilities);
  dialogue.release();
  const transport: Transport = found.compressed ? deflated(socket) : {
    input: socket,
    output: socket,
    carrier: socket,
    destroy: () => void socket.destroy(),
  };
  const { enabled, namespace, serverId } = found;
  return {
    transport,
    capabilities,
    enabled,
    namespace: { prefix: namespace.prefix, separator: namespace.delimiter },
    serverId,
    greeting: greeting?.text ?? "",
  };
}

/** TLS in a tunnel is up to its command: a server that waits for it says nothing. */
async function firstWords(
  dialogue: Dialogue,
  tunnel: Tunnel | undefined,
): ReturnType<Dialogue["greeting"]> {
  try {
    return await dialogue.greeting();
  } catch (error) {
    const silent = tunnel !== undefined && error instanceof MailError &&
      error.code === "connect.timeout";
    if (!silent) throw error;
    const { code, scope, retry } = error;
    const hint =
      "See whether its command gets through; to a port for TLS (993) " +
      "it has to speak TLS itself, as openssl s_client does";
    throw new MailError(error.message, { code, scope, retry, hint });
  }
}

/** As in OfflineIMAP nobody logs in over it; there the first command fails. */
function notLetIn({ repository }: SessionSettings): MailError {
  return new MailError(
    `Server behind preauthtunnel of repository "${repository}" wants a login, ` +
      "but such a tunnel must have logged in by itself",
    {
      code: "connect.preauth",
      scope: "account",
      retry: "never",
      hint: "Use transporttunnel in place of preauthtunnel: it logs in with " +
        "remoteuser and its password",
    },
  );
}

async function askCapabilities(
  dialogue: Dialogue,
): Promise<ReadonlySet<string>> {
  if (!dialogue.capabilities) await dialogue.run(capabilityCommand());
  return dialogue.capabilities ?? new Set();
}

/** What is agreed on after the login. */
interface Settled {
  serverId: ReadonlyMap<string, string>;
  enabled: ReadonlySet<string>;
  namespace: Namespace;
  compressed: boolean;
}

/** Everything that is asked after the login, in one round trip. */
async function settle(
  dialogue: Dialogue,
  settings: SessionSettings,
  capabilities: ReadonlySet<string>,
): Promise<Settled> {
  const { clientId = {}, enable = DEFAULT_ENABLE } = settings;
  const wanted = capabilities.has("ENABLE")
    ? enable.filter((name) => capabilities.has(name))
    : [];
  const batch = new Batch();
  const sendId = capabilities.has("ID") && Object.keys(clientId).length > 0;
  const id = sendId ? batch.add(idCommand(clientId)) : undefined;
  const enabled = wanted.length > 0
    ? batch.add(enableCommand(wanted))
    : undefined;
  const spaces = batch.add(
    capabilities.has("NAMESPACE") ? namespaceCommand() : listRootCommand(),
  );
  // The last one: what is sent behind it would have to be deflated.
  const compress = capabilities.has("COMPRESS=DEFLATE") &&
      paysToCompress(settings, dialogue.fastestReplyMs)
    ? batch.add(compressCommand())
    : undefined;
  await batch.run(dialogue);
  checkUsable(spaces(), settings);
  const namespace = valueOf(spaces())?.first ?? await rootOf(dialogue);
  return {
    serverId: valueOf(id?.()) ?? new Map(),
    enabled: valueOf(enabled?.()) ?? new Set(),
    compressed: valueOf(compress?.()) ?? false,
    namespace,
  };
}

/**
 * Deflating costs four times the work of taking mail as it is: on a line without
 * any delay that is all it does.
 */
function paysToCompress(
  { compression = false }: SessionSettings,
  fastestReplyMs: number,
): boolean {
  return typeof compression === "boolean"
    ? compression
    : fastestReplyMs > compression.beyondMs;
}

/** A server that names no personal namespace still has a separator. */
async function rootOf(dialogue: Dialogue): Promise<Namespace> {
  const [outcome] = await dialogue.runAll([listRootCommand()]);
  const { first } = valueOf(outcome) as { first?: Namespace } ?? {};
  return first ?? { prefix: "", delimiter: undefined };
}

/** Commands of different types that go out together. */
class Batch {
  readonly #commands: Command<unknown>[] = [];
  #outcomes: Outcome<unknown>[] = [];

  /** Returns what gives the outcome after {@link run}. */
  add<T>(command: Command<T>): () => Outcome<T> | undefined {
    const index = this.#commands.push(command) - 1;
    return () => this.#outcomes[index] as Outcome<T> | undefined;
  }

  async run(dialogue: Dialogue): Promise<void> {
    this.#outcomes = await dialogue.runAll(this.#commands);
  }
}

/** A refused extra is no reason to stop: the session does without it. */
function valueOf<T>(outcome: Outcome<T> | undefined): T | undefined {
  return outcome?.status === "fulfilled" ? outcome.value : undefined;
}

/** Exchange accepts a login and then answers BAD to everything when it is ill. */
function checkUsable(
  outcome: Outcome<unknown> | undefined,
  settings: SessionSettings,
): void {
  if (outcome?.status !== "rejected") return;
  const { reason } = outcome;
  if (!(reason instanceof ResponseError)) throw reason;
  if (!/authenticated but not connected/i.test(reason.responseText)) return;
  throw new MailError(
    `${addressOf(settings)} let us in but cannot open the mailbox: ` +
      reason.responseText,
    { code: "auth.unavailable", scope: "account" },
  );
}

/** Logging in: by which mechanism, with which secret. */
import { Buffer } from "node:buffer";
import { MailError } from "../../errors.ts";
import { ResponseError } from "../connection_error.ts";
import type { TaggedResponse } from "../wire/response.ts";
import { authenticate, loginCommand } from "./commands.ts";
import type { Dialogue } from "./dialogue.ts";
import { faulty, judge, type LoginOutcome, noToken } from "./judge_login.ts";
import { chooseMechanisms, type Way } from "./mechanisms.ts";
import {
  cramMd5,
  external,
  type Identity,
  login,
  oauthBearer,
  plain,
  type SaslExchange,
  xoauth2,
} from "./sasl.ts";
import { scram } from "./scram.ts";
import {
  portOf,
  type SecretKind,
  type SessionCredentials,
  type SessionSettings,
} from "./settings.ts";

/** A token was refused; another one may do, on a connection of its own. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
  constructor(readonly error: MailError) {
    super(error.message);
  }
}

/**
 * Logs in by the first configured way that the server offers and a secret is
 * there for. A refused secret ends it: it is not tried by weaker mechanisms.
 *
 * @throws {MailError} `auth.rejected` (never to be repeated), `auth.unavailable`
 * (later), `auth.mechanism` (none fits), `auth.no-token`, `auth.server` (it could
 * not prove who it is), `connect.…`, and what the sources of the secrets throw.
 * @throws {TokenRefused} In place of `auth.rejected` where it was a token.
 */
export async function logIn(
  dialogue: Dialogue,
  settings: SessionSettings,
  credentials: SessionCredentials,
  /** Whether TLS protects the dialogue. */
  secure: boolean,
): Promise<void> {
  const offered = dialogue.capabilities ?? new Set<string>();
  const { ways, refusal } = chooseMechanisms(settings, offered, secure);
  let attempts = 0;
  for (const way of ways) {
    const outcome = way.secret === "none"
      ? await attempt(dialogue, settings, way, settings, "")
      : await withSecret(dialogue, settings, credentials, way, way.secret);
    if (outcome === undefined) continue;
    if (outcome.verdict === "accepted") return;
    attempts++;
    if (!outcome.error || outcome.unknown) continue;
    const token = way.secret === "token" && outcome.verdict === "refused";
    throw token ? new TokenRefused(outcome.error) : outcome.error;
  }
  // Only tokens can be missing: a password is asked for.
  throw ways.length > 0 && attempts === 0 ? noToken(settings, ways) : refusal;
}

async function withSecret(
  dialogue: Dialogue,
  settings: SessionSettings,
  credentials: SessionCredentials,
  way: Way,
  kind: SecretKind,
): Promise<LoginOutcome | undefined> {
  const user = await credentials.user();
  checkText(settings, "user name", user);
  return await credentials.login(kind, (secret, source) => {
    checkText(settings, kind, secret);
    const identity = { user, identity: settings.identity };
    return attempt(dialogue, settings, way, identity, secret, source);
  });
}

async function attempt(
  dialogue: Dialogue,
  settings: SessionSettings,
  way: Way,
  who: Who,
  secret: string,
  source?: string,
): Promise<LoginOutcome> {
  const saslIr = dialogue.capabilities?.has("SASL-IR") ?? false;
  const identity = { user: who.user ?? "", identity: who.identity };
  const exchange = exchangeOf(way, settings, identity, secret);
  const command = exchange
    ? authenticate(exchange, saslIr)
    : loginCommand(identity.user, secret);
  const encoded = Buffer.from(exchange?.initial ?? []).toString("base64");
  dialogue.hide([secret, encoded]);
  // They change with the login; those of before count no more.
  const before = dialogue.capabilities;
  dialogue.capabilities = undefined;
  let reply: TaggedResponse;
  try {
    reply = await dialogue.run(command);
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    if (exchange?.fault !== undefined) {
      throw faulty(settings, way, exchange.fault);
    }
    // BAD: it does not understand the command, and so not the secret either.
    dialogue.capabilities = before;
    return { verdict: "undecided", unknown: true, error };
  }
  const fault = exchange?.fault ??
    (reply.status === "OK" ? exchange?.unproven : undefined);
  if (fault !== undefined) throw faulty(settings, way, fault);
  if (reply.status === "OK") {
    return { verdict: "accepted", unknown: false, error: undefined };
  }
  dialogue.capabilities = before;
  const said = [reply.text, exchange?.complaint, dialogue.lastWords]
    .filter((text) => text !== undefined && text !== "").join("; ");
  const made = { settings, way, user: who.user, source };
  return judge(made, reply, dialogue.clean(said));
}

/** Who logs in. EXTERNAL needs no name. */
interface Who {
  readonly user?: string;
  readonly identity?: string | undefined;
}

/** Undefined: the LOGIN command. */
function exchangeOf(
  { mechanism }: Way,
  settings: SessionSettings,
  identity: Identity,
  secret: string,
): SaslExchange | undefined {
  switch (mechanism) {
    case "PLAIN":
      return plain(identity, secret);
    case "EXTERNAL":
      return external(identity.identity);
    case "SCRAM-SHA-256":
      return scram("SHA-256", identity, secret);
    case "SCRAM-SHA-1":
      return scram("SHA-1", identity, secret);
    case "CRAM-MD5":
      return cramMd5(identity, secret);
    case "AUTH=LOGIN":
      return login(identity, secret);
    case "XOAUTH2":
      return xoauth2(identity, secret);
    case "OAUTHBEARER": {
      const server = { host: settings.host, port: portOf(settings) };
      return oauthBearer(identity, secret, server);
    }
    case "LOGIN":
      return undefined;
    default:
      return mechanism satisfies never;
  }
}

/** These end a field in one mechanism or another; no server takes them in one. */
function checkText(
  { repository }: SessionSettings,
  what: string,
  text: string,
): void {
  if (!/[\x00\x01]/.test(text)) return;
  throw new MailError(
    `The ${what} of repository "${repository}" holds a control character`,
    { code: "config.value", scope: "account", retry: "never" },
  );
}

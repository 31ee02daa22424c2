/** Logging in: which mechanism, with which secret, and what a refusal means. */
import { MailError } from "../../errors.ts";
import { printable, ResponseError } from "../connection_error.ts";
import type { TaggedResponse } from "../wire/response.ts";
import { authenticate, loginCommand } from "./commands.ts";
import type { Dialogue } from "./dialogue.ts";
import { chooseMechanisms, type Way } from "./mechanisms.ts";
import {
  cramMd5,
  type Identity,
  login,
  oauthBearer,
  plain,
  type SaslExchange,
  xoauth2,
} from "./sasl.ts";
import {
  addressOf,
  portOf,
  type SessionCredentials,
  type SessionSettings,
  type Verdict,
} from "./settings.ts";

/** How a login ended. `unknown`: the server does not know the mechanism after all. */
interface LoginOutcome {
  readonly verdict: Verdict;
  readonly unknown: boolean;
  readonly error: MailError | undefined;
}

/**
 * Logs in by the first configured way that the server offers and a secret is
 * there for. A refused secret ends it: it is not tried by weaker mechanisms.
 *
 * @throws {MailError} `auth.rejected` (never to be repeated), `auth.unavailable`
 * (later), `auth.mechanism` (none fits), `connect.…`, and what the sources of
 * the secrets throw.
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
  for (const way of ways) {
    const user = await credentials.user();
    checkText(settings, "user name", user);
    const outcome = await credentials.login(way.secret, (secret) => {
      checkText(settings, way.secret, secret);
      const identity = { user, identity: settings.identity };
      return attempt(dialogue, settings, way, identity, secret);
    });
    if (outcome?.verdict === "accepted") return;
    if (outcome?.error && !outcome.unknown) throw outcome.error;
  }
  throw refusal;
}

async function attempt(
  dialogue: Dialogue,
  settings: SessionSettings,
  way: Way,
  identity: Identity,
  secret: string,
): Promise<LoginOutcome> {
  const saslIr = dialogue.capabilities?.has("SASL-IR") ?? false;
  const exchange = exchangeOf(way, settings, identity, secret);
  const command = exchange
    ? authenticate(exchange, saslIr)
    : loginCommand(identity.user, secret);
  // They change with the login; those of before count no more.
  const before = dialogue.capabilities;
  dialogue.capabilities = undefined;
  let reply: TaggedResponse;
  try {
    reply = await dialogue.run(command);
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    // BAD: it does not understand the command, and so not the secret either.
    dialogue.capabilities = before;
    return { verdict: "undecided", unknown: true, error };
  }
  if (reply.status === "OK") {
    return { verdict: "accepted", unknown: false, error: undefined };
  }
  dialogue.capabilities = before;
  const said = [reply.text, exchange?.complaint, dialogue.lastWords]
    .filter((text) => text !== undefined && text !== "").join("; ");
  // A server that repeats what it got must not bring it into our messages.
  const clean = secret === "" ? said : said.replaceAll(secret, "***");
  return judge(settings, way, identity, reply, clean);
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

/** Servers say so in words; that it is not about the secret must be quite clear. */
const UNKNOWN_MECHANISM =
  /(unsupported|unknown|not supported|unrecognized).*mechanism|mechanism.*(unsupported|unknown|not supported|not available)/i;
const BUSY = /too many|maximum number of connections|temporar/i;

/** What a NO to a login means (RFC 5530 §3). */
function judge(
  settings: SessionSettings,
  way: Way,
  { user }: Identity,
  { code, text }: TaggedResponse,
  said: string,
): LoginOutcome {
  const name = code?.name === "OTHER" ? code.atom : code?.name;
  const words = name === undefined ? said : `[${name}] ${said}`;
  const message = `Cannot log in to ${addressOf(settings)} as "${user}" ` +
    `(${way.mechanism}): ${printable(words)}`;
  const outcome = (verdict: Verdict, error: MailError) => ({
    verdict,
    unknown: name === undefined && UNKNOWN_MECHANISM.test(text),
    error,
  });
  switch (name) {
    case "UNAVAILABLE":
    case "LIMIT":
    case "INUSE":
    case "THROTTLED":
    case "OVERQUOTA":
    case "SERVERBUG":
      return outcome("undecided", unavailable(message));
    case "PRIVACYREQUIRED":
      return outcome("undecided", privacyRequired(message));
    case "AUTHENTICATIONFAILED":
    case "AUTHORIZATIONFAILED":
    case "EXPIRED":
      return outcome("refused", rejected(message, settings, way, name));
  }
  if (BUSY.test(text)) return outcome("undecided", unavailable(message));
  return outcome("refused", rejected(message, settings, way, name));
}

function unavailable(message: string): MailError {
  return new MailError(message, { code: "auth.unavailable", scope: "account" });
}

function privacyRequired(message: string): MailError {
  return new MailError(message, {
    code: "auth.privacy",
    scope: "account",
    retry: "never",
    hint: "The server wants TLS: use ssl = yes or starttls = yes",
  });
}

function rejected(
  message: string,
  settings: SessionSettings,
  way: Way,
  code: string | undefined,
): MailError {
  return new MailError(message, {
    code: "auth.rejected",
    scope: "account",
    retry: "never",
    hint: rejectionHint(settings, way, code),
  });
}

function rejectionHint(
  { host, identity }: SessionSettings,
  { mechanism, secret }: Way,
  code: string | undefined,
): string {
  if (code === "EXPIRED") return "The password has expired: change it";
  if (code === "AUTHORIZATIONFAILED" && identity !== undefined) {
    return "The password is right, but the user may not act as " +
      `remote_identity "${identity}"`;
  }
  if (secret === "token") return "Get a new access token; they last an hour";
  if (mechanism === "CRAM-MD5") {
    return "If the password is right, the server may not know it in the form " +
      "that CRAM-MD5 needs: set auth_mechanisms = PLAIN, LOGIN";
  }
  if (/(^|\.)(gmail|googlemail|google|outlook|office365)\.com$/i.test(host)) {
    return "This provider wants a password made for one program (app " +
      "password) or an access token (XOAUTH2) instead of the account's password";
  }
  return "Check user name and password; they are not tried again in this run";
}

/** These end a field in one mechanism or another; no server takes them in one. */
function checkText(
  { repository }: SessionSettings,
  what: string,
  text: string,
): void {
  // deno-lint-ignore no-control-regex
  if (!/[\x00\x01]/.test(text)) return;
  throw new MailError(
    `The ${what} of repository "${repository}" holds a control character`,
    { code: "config.value", scope: "account", retry: "never" },
  );
}

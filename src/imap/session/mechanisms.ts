/** Which ways to log in are worth trying, in which order. Pure. */
import { MailError } from "../../errors.ts";
import {
  addressOf,
  DEFAULT_MECHANISMS,
  type MechanismName,
  type SecretKind,
  type SessionSettings,
  tlsMode,
} from "./settings.ts";

/** A way to log in that the server offers. */
export interface Way {
  /** `LOGIN` is the command, `AUTH=LOGIN` the SASL mechanism. */
  readonly mechanism:
    | Exclude<MechanismName, "GSSAPI">
    | "AUTH=LOGIN";
  /** `none`: TLS has shown the server who we are. */
  readonly secret: SecretKind | "none";
}

/** What to try, and what to say when all of it was in vain. */
export interface Choice {
  readonly ways: readonly Way[];
  /** `auth.mechanism`: what was configured and what is offered. */
  readonly refusal: MailError;
}

/**
 * OfflineIMAP's order with what hides the password last. Under TLS that costs a
 * round trip or two, and fails on servers that keep passwords in another form but
 * offer it all the same; OfflineIMAP then goes on to PLAIN, which we do not do
 * after a refusal.
 */
const ORDER_UNDER_TLS: readonly MechanismName[] = [
  "GSSAPI",
  "XOAUTH2",
  "PLAIN",
  "LOGIN",
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  "CRAM-MD5",
];

/** LOGIN, CRAM-MD5 and XOAUTH2 have no place for a second name. */
const CARRIERS: readonly string[] = [
  "PLAIN",
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  "OAUTHBEARER",
  "EXTERNAL",
];

/**
 * The configured mechanisms that the server offers, in the user's order; under
 * TLS the default order is {@link ORDER_UNDER_TLS}.
 *
 * With a `remote_identity` only those that can carry it: another one would open
 * the user's own mailbox in place of the wanted one.
 */
export function chooseMechanisms(
  settings: SessionSettings,
  offered: ReadonlySet<string>,
  secure: boolean,
): Choice {
  const { mechanisms = DEFAULT_MECHANISMS, identity } = settings;
  const order = secure && isDefault(mechanisms)
    ? ORDER_UNDER_TLS.filter((name) => mechanisms.includes(name))
    : mechanisms;
  const ways = order.flatMap((name) => wayOf(name, offered) ?? [])
    .filter((way) => identity === undefined || carriesIdentity(way));
  return { ways, refusal: refusal(settings, mechanisms, offered) };
}

/** Also OfflineIMAP's own list, which some write out. */
function isDefault(mechanisms: readonly MechanismName[]): boolean {
  const list = mechanisms.join();
  const theirs = DEFAULT_MECHANISMS.filter((name) => !name.startsWith("SCRAM"));
  return list === DEFAULT_MECHANISMS.join() || list === theirs.join();
}

function wayOf(
  name: MechanismName,
  offered: ReadonlySet<string>,
): Way | undefined {
  switch (name) {
    case "GSSAPI":
      return undefined;
    case "XOAUTH2":
      if (offered.has("AUTH=XOAUTH2")) return token("XOAUTH2");
      // The same token by its standard name: some servers offer only that.
      return offered.has("AUTH=OAUTHBEARER") ? token("OAUTHBEARER") : undefined;
    case "OAUTHBEARER":
      return offered.has("AUTH=OAUTHBEARER") ? token("OAUTHBEARER") : undefined;
    case "EXTERNAL":
      return offered.has("AUTH=EXTERNAL")
        ? { mechanism: name, secret: "none" }
        : undefined;
    case "SCRAM-SHA-256":
    case "SCRAM-SHA-1":
    case "CRAM-MD5":
    case "PLAIN":
      return offered.has(`AUTH=${name}`) ? password(name) : undefined;
    case "LOGIN":
      if (!offered.has("LOGINDISABLED")) return password("LOGIN");
      return offered.has("AUTH=LOGIN") ? password("AUTH=LOGIN") : undefined;
    default:
      return name satisfies never;
  }
}

function carriesIdentity({ mechanism }: Way): boolean {
  return CARRIERS.includes(mechanism);
}

function token(mechanism: "XOAUTH2" | "OAUTHBEARER"): Way {
  return { mechanism, secret: "token" };
}

function password(mechanism: Way["mechanism"]): Way {
  return { mechanism, secret: "password" };
}

function refusal(
  settings: SessionSettings,
  mechanisms: readonly MechanismName[],
  offered: ReadonlySet<string>,
): MailError {
  const known = [...offered].filter((name) => name.startsWith("AUTH="))
    .map((name) => name.slice(5));
  const byCommand = !offered.has("LOGINDISABLED") && !known.includes("LOGIN");
  if (byCommand) known.push("LOGIN");
  return new MailError(
    `No way to log in to ${addressOf(settings)}: it offers ` +
      `${known.join(", ") || "none"}; auth_mechanisms says ` +
      `${mechanisms.join(", ")}`,
    {
      code: "auth.mechanism",
      scope: "account",
      retry: "never",
      hint: refusalHint(settings, mechanisms, offered),
    },
  );
}

/** What to change where a server wants TLS and there is none. */
export function wantsTls({ tls, tunnel }: SessionSettings): string {
  if (tunnel === undefined) return "use ssl = yes or starttls = yes";
  return tls === "implicit"
    ? "ssl = no has STARTTLS used in the tunnel (see starttls)"
    : "use starttls = yes";
}

function refusalHint(
  settings: SessionSettings,
  mechanisms: readonly MechanismName[],
  offered: ReadonlySet<string>,
): string {
  const { identity } = settings;
  if (mechanisms.every((name) => name === "GSSAPI")) {
    return "GSSAPI (Kerberos) is not supported: use PLAIN over TLS with the " +
      "same password, XOAUTH2, or EXTERNAL with a client certificate";
  }
  if (identity !== undefined) {
    return `remote_identity can only be sent by ${CARRIERS.join(", ")}`;
  }
  if (offered.has("LOGINDISABLED") && tlsMode(settings) === "none") {
    return `The server may allow it under TLS: ${wantsTls(settings)}`;
  }
  if (offered.has("AUTH=GSSAPI")) {
    return "GSSAPI (Kerberos) is not supported: ask the server's operator for " +
      "another way, such as PLAIN over TLS or client certificates (EXTERNAL)";
  }
  if (mechanisms.includes("EXTERNAL")) {
    return "EXTERNAL is offered to those who show a certificate that the " +
      "server trusts: set sslclientcert, with TLS";
  }
  return "Name one in auth_mechanisms that the server offers";
}

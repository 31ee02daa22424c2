/** SASL mechanisms: what the client says, without a connection. */
import { createHmac } from "node:crypto";

/** One exchange. Good for one login. */
export interface SaslExchange {
  readonly mechanism: string;
  /**
   * What the client says first, where the mechanism lets it: with the command
   * (SASL-IR, RFC 4959), else as the answer to an empty challenge.
   */
  readonly initial: Uint8Array | undefined;
  /** The answer to any other challenge; undefined: give up (`*`). */
  respond(challenge: Uint8Array): Uint8Array | undefined;
  /** Why the server refused, if it said so in a challenge. */
  readonly complaint?: string | undefined;
  /** Why we gave up, a clause about the server: nothing else is to be tried. */
  readonly fault?: string | undefined;
  /** What an OK would leave open; undefined where it is good enough. */
  readonly unproven?: string | undefined;
}

/** Who logs in, and on whose behalf. */
export interface Identity {
  readonly user: string;
  /** The authorization identity; undefined: the user's own. */
  readonly identity?: string | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** PLAIN (RFC 4616): `[authzid] NUL authcid NUL password`. */
export function plain(
  { user, identity = "" }: Identity,
  password: string,
): SaslExchange {
  return {
    mechanism: "PLAIN",
    initial: encoder.encode(`${identity}\0${user}\0${password}`),
    respond: () => undefined,
  };
}

/** LOGIN (draft-murchison-sasl-login): the name, then the password. */
export function login({ user }: Identity, password: string): SaslExchange {
  const answers = [user, password].map((text) => encoder.encode(text));
  return {
    mechanism: "LOGIN",
    initial: undefined,
    respond: () => answers.shift(),
  };
}

/** CRAM-MD5 (RFC 2195): the name and the keyed hash of the challenge. */
export function cramMd5({ user }: Identity, password: string): SaslExchange {
  let answered = false;
  return {
    mechanism: "CRAM-MD5",
    initial: undefined,
    respond: (challenge) => {
      if (answered) return undefined;
      answered = true;
      const hash = createHmac("md5", encoder.encode(password))
        .update(challenge).digest("hex");
      return encoder.encode(`${user} ${hash}`);
    },
  };
}

/**
 * EXTERNAL (RFC 4422 appendix A): who we are is known from below, by the client's
 * certificate. An empty text asks to be that user.
 */
export function external(identity: string | undefined): SaslExchange {
  return {
    mechanism: "EXTERNAL",
    initial: encoder.encode(identity ?? ""),
    respond: () => undefined,
  };
}

/** XOAUTH2, as Google and Microsoft describe it. */
export function xoauth2({ user }: Identity, token: string): SaslExchange {
  const initial = `user=${user}\x01auth=Bearer ${token}\x01\x01`;
  return bearer("XOAUTH2", initial, "");
}

/** OAUTHBEARER (RFC 7628). */
export function oauthBearer(
  { user, identity = user }: Identity,
  token: string,
  server: { host: string; port: number },
): SaslExchange {
  const initial = `n,a=${saslName(identity)},\x01host=${server.host}` +
    `\x01port=${server.port}\x01auth=Bearer ${token}\x01\x01`;
  return bearer("OAUTHBEARER", initial, "\x01");
}

/** A refused token comes as a challenge, which wants an answer before the NO. */
function bearer(
  mechanism: string,
  initial: string,
  acknowledgement: string,
): SaslExchange {
  let complaint: string | undefined;
  return {
    mechanism,
    initial: encoder.encode(initial),
    respond: (challenge) => {
      complaint = explainBearerError(challenge);
      return encoder.encode(acknowledgement);
    },
    get complaint() {
      return complaint;
    },
  };
}

/**
 * The error that a server gives for a token (RFC 7628 §3.2.2: a JSON object) as
 * words: `status invalid_token, scope mail`.
 */
export function explainBearerError(challenge: Uint8Array): string | undefined {
  const text = decoder.decode(challenge).trim();
  if (text === "") return undefined;
  try {
    const error: unknown = JSON.parse(text);
    if (typeof error === "object" && error !== null) {
      const fields = Object.entries(error)
        .filter(([name]) => /^(status|scope|schemes|error.*)$/.test(name))
        .map(([name, value]) => `${name} ${String(value)}`);
      if (fields.length > 0) return fields.join(", ");
    }
  } catch {
    // Some servers send plain words.
  }
  return text;
}

/** `saslname` of RFC 5801 §4: a comma or equals sign would end the field. */
export function saslName(name: string): string {
  return name.replaceAll("=", "=3D").replaceAll(",", "=2C");
}

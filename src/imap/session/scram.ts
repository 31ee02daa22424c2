/**
 * SCRAM-SHA-1 (RFC 5802) and SCRAM-SHA-256 (RFC 7677): proves the password to the
 * server without telling it, and the server's knowledge of it to us.
 *
 * Without channel binding (the `-PLUS` mechanisms): it wants keying material of
 * the TLS connection (`tls-exporter`, RFC 9266), which this runtime does not give
 * out; `tls-unique` does not exist in TLS 1.3. So the header says `n`, "the
 * client does not support it". What it would add is protection against somebody
 * who holds a certificate that we trust for this host.
 */
import { Buffer } from "node:buffer";
import {
  createHash,
  createHmac,
  pbkdf2Sync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { type Identity, type SaslExchange, saslName } from "./sasl.ts";
import { saslPrep } from "./sasl_prep.ts";

/** The hash by which a mechanism is named. */
export type ScramHash = "SHA-1" | "SHA-256";

const HASHES = {
  "SHA-1": { name: "sha1", bytes: 20 },
  "SHA-256": { name: "sha256", bytes: 32 },
} as const;

/** Fewer would make guessing cheap for who listens (RFC 5802 §5.1, RFC 7677 §4). */
const MIN_ITERATIONS = 4096;
/** More is no protection but a way to keep us busy: this takes half a second. */
const MAX_ITERATIONS = 1_000_000;

/** What the server's first message asks for. */
interface Challenge {
  readonly nonce: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** One exchange. `nonce` is for test vectors: printable, without commas. */
export function scram(
  hash: ScramHash,
  { user, identity }: Identity,
  password: string,
  nonce: string = randomBytes(24).toString("base64"),
): SaslExchange {
  const { name, bytes } = HASHES[hash];
  const hmac = (key: Uint8Array, text: Uint8Array | string) =>
    createHmac(name, key).update(text).digest();
  const header = `n,${
    identity === undefined ? "" : `a=${saslName(saslPrep(identity))}`
  },`;
  const first = `n=${saslName(saslPrep(user))},r=${nonce}`;
  let signature: Uint8Array | undefined;
  let proven = false;
  let complaint: string | undefined;
  let fault: string | undefined;

  const prove = (text: string): Uint8Array => {
    const challenge = parseChallenge(text, nonce);
    const salted = pbkdf2Sync(
      saslPrep(password),
      challenge.salt,
      challenge.iterations,
      bytes,
      name,
    );
    const clientKey = hmac(salted, "Client Key");
    const stored = createHash(name).update(clientKey).digest();
    const last = `c=${base64(header)},r=${challenge.nonce}`;
    const said = `${first},${text},${last}`;
    const proof = hmac(stored, said).map((byte, at) =>
      byte ^ (clientKey[at] ?? 0)
    );
    signature = hmac(hmac(salted, "Server Key"), said);
    return Buffer.from(`${last},p=${base64(proof)}`);
  };

  /** @returns Whether the exchange may end well. */
  const check = (text: string, expected: Uint8Array): boolean => {
    const [, kind, value = ""] = /^([ev])=([^,]*)/.exec(text) ?? [];
    if (kind === "e") {
      complaint = value;
      return true;
    }
    const given = Buffer.from(value, "base64");
    proven = kind === "v" && given.length === expected.length &&
      timingSafeEqual(given, expected);
    return proven;
  };

  return {
    mechanism: `SCRAM-${hash}`,
    initial: Buffer.from(header + first),
    respond(challenge) {
      const text = Buffer.from(challenge).toString("utf8");
      try {
        if (signature === undefined) return prove(text);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        fault = error.message;
        return undefined;
      }
      if (check(text, signature)) return new Uint8Array();
      fault = UNPROVEN;
      return undefined;
    },
    get complaint() {
      return complaint;
    },
    get fault() {
      return fault;
    },
    /** An OK before the server's proof could come from anybody. */
    get unproven() {
      return proven ? undefined : UNPROVEN;
    },
  };
}

const UNPROVEN = "it did not prove that it knows the password";

/** `server-first-message`, RFC 5802 §7. @throws {SyntaxError} In words for people. */
function parseChallenge(text: string, ours: string): Challenge {
  const match = /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z\d+/]+=*),i=([1-9]\d*)/
    .exec(text);
  if (!match) throw new SyntaxError("its challenge cannot be read");
  const [, nonce = "", salt = "", count = ""] = match;
  if (!nonce.startsWith(ours) || nonce.length === ours.length) {
    throw new SyntaxError("its challenge is not for this login");
  }
  const iterations = Number(count);
  if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
    throw new SyntaxError(
      `it asks for ${count} iterations; from ${MIN_ITERATIONS} to ` +
        `${MAX_ITERATIONS} are allowed`,
    );
  }
  return { nonce, salt: Buffer.from(salt, "base64"), iterations };
}

function base64(data: string | Uint8Array): string {
  return Buffer.from(data as Uint8Array).toString("base64");
}

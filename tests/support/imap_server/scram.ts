/** SCRAM (RFC 5802, RFC 7677) from the server's side, by Web Crypto. */

const encoder = new TextEncoder();

/** What a server says and expects in one exchange. */
export interface ScramServer {
  readonly user: string;
  /** `server-first-message`. */
  readonly challenge: string;
  /** `server-final-message`, or undefined when the proof is wrong. */
  verify(clientFinal: string): Promise<string | undefined>;
}

/**
 * Begins an exchange. `passwordOf` gives an account's password; an unknown user
 * is refused at the end, as real servers do.
 */
export function scramServer(
  hash: "SHA-1" | "SHA-256",
  clientFirst: string,
  passwordOf: (user: string) => string | undefined,
): ScramServer {
  const [, header = "", bare = "", name = "", nonce = ""] =
    /^([ny],(?:a=[^,]*)?,)(n=([^,]*),r=([^,]*))$/.exec(clientFirst) ?? [];
  const user = name.replaceAll("=2C", ",").replaceAll("=3D", "=");
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const full = `${nonce}${crypto.randomUUID()}`;
  const challenge = `r=${full},s=${base64(salt)},i=4096`;
  return {
    user,
    challenge,
    async verify(clientFinal) {
      const [, last = "", proof = ""] = /^(.*),p=([^,]*)$/.exec(clientFinal) ??
        [];
      if (last !== `c=${base64(encoder.encode(header))},r=${full}`) {
        return undefined;
      }
      const salted = await derive(hash, passwordOf(user) ?? "\0", salt);
      const said = `${bare},${challenge},${last}`;
      const clientKey = await hmac(hash, salted, "Client Key");
      const stored = new Uint8Array(
        await crypto.subtle.digest(hash, clientKey),
      );
      const signature = await hmac(hash, stored, said);
      const expected = signature.map((byte, at) => byte ^ (clientKey[at] ?? 0));
      if (base64(expected) !== proof) return undefined;
      const serverKey = await hmac(hash, salted, "Server Key");
      return `v=${base64(await hmac(hash, serverKey, said))}`;
    },
  };
}

async function derive(
  hash: string,
  password: string,
  salt: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(password),
    "PBKDF2",
    false,
    ["deriveBits"],
  );
  const how = { name: "PBKDF2", hash, salt, iterations: 4096 };
  const bits = hash === "SHA-1" ? 160 : 256;
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, bits));
}

async function hmac(
  hash: string,
  key: Uint8Array<ArrayBuffer>,
  text: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const how = { name: "HMAC", hash };
  const imported = await crypto.subtle.importKey("raw", key, how, false, [
    "sign",
  ]);
  const bytes = encoder.encode(text);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, bytes));
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

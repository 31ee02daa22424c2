/** CRAM-MD5 (RFC 2195). */
import { createHmac } from "node:crypto";

/** The digest that proves knowledge of the password, in lower-case hex. */
export function cramDigest(password: string, challenge: string): string {
  return createHmac("md5", password).update(challenge).digest("hex");
}

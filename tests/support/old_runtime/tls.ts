/** `node:tls` with what Deno 2.4 lacks of it. */
import * as tls from "node:tls";

export * from "node:tls";
export { tls as default };

/** The authorities of the runtime, whichever are asked for. */
export function getCACertificates(): string[] {
  return [...tls.rootCertificates];
}

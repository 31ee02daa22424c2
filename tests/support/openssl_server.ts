/** `openssl s_server`: TLS with any options, and nobody who speaks IMAP behind it. */
import type { CertificateFiles } from "./certificates.ts";
import { freePorts } from "./ports.ts";

/** A running server. */
export interface TlsServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * Starts it on 127.0.0.1 with a certificate and further options.
 *
 * @throws {Error} It did not begin to listen.
 */
export async function startTlsServer(
  { certificate, key }: CertificateFiles,
  options: readonly string[],
): Promise<TlsServer> {
  const [port = 0] = freePorts(1);
  const child = new Deno.Command("openssl", {
    args: [
      ...["s_server", "-accept", `127.0.0.1:${port}`, "-quiet"],
      ...["-cert", certificate, "-key", key, ...options],
    ],
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const server: TlsServer = {
    port,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.stdin.close().catch(() => {});
      await child.status;
    },
  };
  for (let attempt = 0; attempt < 500; attempt++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return server;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  await server[Symbol.asyncDispose]();
  throw new Error(`openssl s_server did not listen: ${options.join(" ")}`);
}

/** `sslclientcert` and `sslclientkey`: what this side shows to a server. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { MailError, messageOf } from "../../errors.ts";
import type { SessionSettings } from "./settings.ts";

/** The two texts (PEM), by the names that `tls.connect` gives them. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;
const KEY = /-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----[^-]+-----END \1-----/;
const ENCRYPTED =
  /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

/**
 * Reads the client certificate and checks that key and certificate belong
 * together: the TLS library's own words on that would help nobody.
 *
 * @returns Nothing when none is configured.
 * @throws {MailError} `config.value`: a file cannot be used.
 */
export async function clientCertificate(
  settings: SessionSettings,
): Promise<ClientCertificate | Record<string, never>> {
  const files = settings.clientCertificate;
  if (files === undefined) return {};
  const certificate = new PemFile("sslclientcert", files.certificate, settings);
  const cert = await certificate.read();
  const parsed = certificate.certificateIn(cert);
  const keyFile = files.key === undefined
    ? certificate
    : new PemFile("sslclientkey", files.key, settings);
  const key = keyFile.keyIn(
    files.key === undefined ? cert : await keyFile.read(),
  );
  if (!parsed.checkPrivateKey(key)) {
    throw keyFile.problem(
      `the key in it belongs to another certificate than "${files.certificate}"`,
    );
  }
  return { cert, key: key.export({ type: "pkcs8", format: "pem" }).toString() };
}

/** One of the two files, named in errors by its option. */
class PemFile {
  constructor(
    readonly option: "sslclientcert" | "sslclientkey",
    readonly path: string,
    readonly settings: SessionSettings,
  ) {}

  async read(): Promise<string> {
    try {
      return await Deno.readTextFile(this.path);
    } catch (error) {
      throw this.problem(messageOf(error));
    }
  }

  certificateIn(text: string): X509Certificate {
    const [first] = CERTIFICATE.exec(text) ?? [];
    if (first === undefined) {
      throw this.problem(
        "it holds no certificate in PEM form",
        "Make one of a .p12 file with: openssl pkcs12 -in FILE.p12 -nodes " +
          "-out FILE.pem",
      );
    }
    try {
      return new X509Certificate(first);
    } catch (error) {
      throw this.problem(messageOf(error));
    }
  }

  keyIn(text: string): KeyObject {
    if (ENCRYPTED.test(text)) {
      throw this.problem(
        "the key in it is locked with a passphrase, and nobody is asked for it",
        "Unlock it with: openssl pkey -in FILE -out UNLOCKED, and make that " +
          "file readable by you alone",
      );
    }
    const [found] = KEY.exec(text) ?? [];
    if (found === undefined) {
      throw this.problem(
        "it holds no private key in PEM form",
        this.option === "sslclientcert"
          ? "Name the file of the key as sslclientkey"
          : undefined,
      );
    }
    try {
      return createPrivateKey(found);
    } catch (error) {
      throw this.problem(messageOf(error));
    }
  }

  problem(why: string, hint?: string): MailError {
    return new MailError(
      `Cannot use ${this.option} "${this.path}" of repository ` +
        `"${this.settings.repository}": ${why}`,
      {
        code: "config.value",
        scope: "account",
        retry: "never",
        ...(hint === undefined ? {} : { hint }),
      },
    );
  }
}

/** Certificates of mail bridges on this machine, remembered at their first use. */
import { join } from "node:path";
import { MailError, messageOf } from "../errors.ts";
import type {
  KnownCertificate,
  KnownCertificates,
} from "../imap/session/settings.ts";

/** The file in an account's metadata folder. */
const FILE_NAME = "known-certificates";

const HEADING = "# Certificates of servers on this machine that vouch for " +
  "themselves, as seen at\n# their first use. Remove a line to have the next " +
  "one of that server remembered.\n# ADDRESS SHA-256 DAY\n";

/**
 * A text file with one line for each server. Lines are only ever added; where an
 * address has several the last one counts.
 */
export class CertificateFile implements KnownCertificates {
  readonly place: string;
  readonly #onKept: (address: string) => void;
  readonly #readOnly: boolean;
  /** Also what a run that changes nothing has seen. */
  readonly #seen = new Map<string, KnownCertificate>();
  #read: Promise<void> | undefined;

  constructor(
    /** The account's metadata folder; it exists. */
    folder: string,
    options: {
      /** A dry run: nothing is written. */
      readonly readOnly: boolean;
      /** Told when a certificate was remembered. */
      readonly onKept: (address: string) => void;
    },
  ) {
    this.place = join(folder, FILE_NAME);
    this.#readOnly = options.readOnly;
    this.#onKept = options.onKept;
  }

  /** @throws {MailError} `state.read`: the file is there and cannot be read. */
  async get(address: string): Promise<KnownCertificate | undefined> {
    await (this.#read ??= this.#load());
    return this.#seen.get(address);
  }

  /** @throws {MailError} `state.write` */
  async keep(address: string, sha256: string): Promise<void> {
    // Two connections at once may both be the first.
    if (this.#seen.has(address)) return;
    const since = new Date().toISOString().slice(0, 10);
    this.#seen.set(address, { sha256, since });
    if (!this.#readOnly) await this.#append(`${address} ${sha256} ${since}\n`);
    this.#onKept(address);
  }

  async #load(): Promise<void> {
    let text: string;
    try {
      text = await Deno.readTextFile(this.place);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      throw this.#problem("state.read", error);
    }
    for (const line of text.split(/\r?\n/)) {
      const [, address, sha256, since = ""] =
        /^(\S+) ([\da-f]{64})(?: (\S+))?$/.exec(line.trim()) ?? [];
      if (address === undefined || sha256 === undefined) continue;
      this.#seen.set(address, { sha256, since });
    }
  }

  async #append(line: string): Promise<void> {
    try {
      using file = await Deno.open(this.place, {
        append: true,
        create: true,
        mode: 0o600,
      });
      const { size } = await file.stat();
      const text = size === 0 ? HEADING + line : line;
      await file.write(new TextEncoder().encode(text));
      await file.sync();
    } catch (error) {
      throw this.#problem("state.write", error);
    }
  }

  #problem(code: string, error: unknown): MailError {
    return new MailError(
      `Cannot remember certificates in "${this.place}": ${messageOf(error)}`,
      { code, scope: "account" },
    );
  }
}

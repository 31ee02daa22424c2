/** How a repository's options become sessions with its server. */
import type { Credentials } from "../auth/credentials.ts";
import type { ImapRepository } from "../config/config.ts";
import { proxyUrl } from "../config/proxy.ts";
import { MailError } from "../errors.ts";
import {
  type OpenedSession,
  openSession,
} from "../imap/session/open_session.ts";
import {
  DEFAULT_ENABLE,
  portOf,
  type SessionSettings,
  type Tunnel,
} from "../imap/session/settings.ts";
import type { Session } from "../imap/transport.ts";
import { accountFolder } from "../state/mod.ts";
import type { AccountIo, AccountRun } from "./api.ts";
import { credentialsOf } from "./credentials_of.ts";
import { debugLog } from "./debug_log.ts";
import type { Expressions } from "./expressions.ts";
import { CertificateFile } from "./known_certificates.ts";

/** Silence of a server that ends a connection, unless `socktimeout` says else. */
const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * A server that answers faster is on this machine or the next: compressing would
 * make it slower. A forwarded port (ssh -L) is as far as its other end.
 */
const NEAR_MS = 5;

/** Opens sessions of one repository; asks for its secrets once a run. */
export class Sessions {
  #settings: Promise<SessionSettings> | undefined;
  #credentials: Credentials | undefined;
  #latest: OpenedSession | undefined;
  readonly #known: CertificateFile;

  constructor(
    readonly repository: ImapRepository,
    readonly run: AccountRun,
    readonly io: AccountIo,
    readonly expressions: Expressions,
  ) {
    const { account, metadata, options } = run;
    const folder = accountFolder(metadata, account.name);
    this.#known = new CertificateFile(folder, {
      readOnly: options.dryRun,
      onKept: (address) =>
        io.emit({
          type: "notice",
          account: account.name,
          text: `Trusting the certificate of ${address}, a server on this ` +
            "machine, from now on",
        }),
    });
  }

  /** Longest silence of the server, milliseconds. */
  get timeoutMs(): number {
    return this.run.socketTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  /** The session opened last: what the server said about itself. */
  get latest(): OpenedSession | undefined {
    return this.#latest;
  }

  /** One more session. @throws {MailError} Scope account. */
  async open(): Promise<Session> {
    const { io, run, repository } = this;
    const settings = await this.settings();
    this.#credentials ??= credentialsOf({
      repository,
      host: settings.host,
      run,
      io,
      expressions: this.expressions,
    });
    io.emit({
      type: "connection.opening",
      account: run.account.name,
      repository: repository.name,
      ...(settings.tunnel === undefined
        ? { host: settings.host, port: portOf(settings) }
        : { host: settings.tunnel.option }),
    });
    const log = debugLog(run, io.emit, "imap");
    return this.#latest = await openSession(settings, {
      credentials: this.#credentials,
      signal: io.signal,
      step: io.step,
      ...(repository.trust.onFirstUse ? { known: this.#known } : {}),
      ...(log === undefined ? {} : { log }),
    });
  }

  /** Host, port and ways to log in, expressions evaluated. */
  settings(): Promise<SessionSettings> {
    return this.#settings ??= this.#evaluate();
  }

  #startable(tunnel: Tunnel): Tunnel {
    const { repository, io: { broker } } = this;
    if (broker === undefined) return tunnel;
    return { ...tunnel, start: () => broker.startTunnel(repository.name) };
  }

  async #evaluate(): Promise<SessionSettings> {
    const { repository, run, expressions } = this;
    const { account } = run;
    const { trust, ...options } = repository;
    const { tunnel } = options;
    const host = await expressions.optionalText(options.remoteHostEval) ??
      options.remoteHost ?? "";
    if (host === "" && tunnel === undefined) throw noHost(repository);
    const port = await expressions.integer(options.remotePortEval) ??
      options.remotePort;
    const { proxy } = account;
    return {
      repository: repository.name,
      host,
      port,
      tls: options.ssl ? "implicit" : options.starttls ? "starttls" : "none",
      allowPlaintext: options.allowPlaintext,
      // Not what a file of authorities asks for, but what goes without saying.
      verifyChain: trust.verifyChain && !trust.onFirstUse,
      fingerprints: trust.fingerprints,
      mechanisms: options.authMechanisms,
      compression: options.useCompression && { beyondMs: NEAR_MS },
      connectTimeoutMs: Math.min(this.timeoutMs, 30_000),
      replyTimeoutMs: this.timeoutMs,
      // Labels go over the wire as Google describes it, in modified UTF-7.
      ...(repository.type === "Gmail"
        ? { enable: DEFAULT_ENABLE.filter((name) => name !== "UTF8=ACCEPT") }
        : {}),
      clientId: { name: "OfflineIMAP", version: run.version },
      ...(trust.caFile === undefined ? {} : { caFile: trust.caFile }),
      ...(options.remoteIdentity === undefined
        ? {}
        : { identity: options.remoteIdentity }),
      ...(trust.version === undefined ? {} : { tlsVersion: trust.version }),
      ...(trust.client === undefined ? {} : {
        clientCertificate: {
          certificate: trust.client.certificate,
          ...(trust.client.key === undefined ? {} : { key: trust.client.key }),
        },
      }),
      ...(tunnel === undefined ? {} : { tunnel: this.#startable(tunnel) }),
      ...(options.ipv6 === undefined ? {} : { ipv6: options.ipv6 }),
      ...(proxy === undefined ? {} : { proxy: proxyUrl(proxy) }),
    };
  }
}

function noHost({ name }: ImapRepository): MailError {
  return new MailError(`Repository ${name} has no server`, {
    code: "config.host",
    scope: "account",
    retry: "never",
    hint: `Set remotehost in [Repository ${name}]`,
  });
}

/** How a repository's options become sessions with its server. */
import { Credentials, type KeptPassword } from "../auth/credentials.ts";
import { netrcFiles } from "../auth/netrc_file.ts";
import type { ImapRepository } from "../config/config.ts";
import { MailError } from "../errors.ts";
import {
  type OpenedSession,
  openSession,
} from "../imap/session/open_session.ts";
import { portOf, type SessionSettings } from "../imap/session/settings.ts";
import type { Session } from "../imap/transport.ts";
import type { AccountIo, AccountRun } from "./api.ts";
import type { Expressions } from "./expressions.ts";

/** Silence of a server that ends a connection, unless `socktimeout` says else. */
const DEFAULT_TIMEOUT_MS = 60_000;

/** Where a repository is reached, for `--info` and events. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Opens sessions of one repository; asks for its secrets once a run. */
export class Sessions {
  #settings: Promise<SessionSettings> | undefined;
  #credentials: Credentials | undefined;
  #latest: OpenedSession | undefined;

  constructor(
    readonly repository: ImapRepository,
    readonly run: AccountRun,
    readonly io: AccountIo,
    readonly expressions: Expressions,
  ) {}

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
    this.#credentials ??= this.#newCredentials(settings.host);
    io.emit({
      type: "connection.opening",
      account: run.account.name,
      repository: repository.name,
      ...(settings.tunnel === undefined
        ? { host: settings.host, port: portOf(settings) }
        : { host: settings.tunnel.option }),
    });
    const debug = run.options.debug.includes("imap");
    return this.#latest = await openSession(settings, {
      credentials: this.#credentials,
      signal: io.signal,
      step: io.step,
      ...(debug
        ? { log: (text) => io.emit({ type: "debug", topic: "imap", text }) }
        : {}),
    });
  }

  /** Host, port and ways to log in, expressions evaluated. */
  settings(): Promise<SessionSettings> {
    return this.#settings ??= this.#evaluate();
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
      verifyChain: trust.verifyChain,
      fingerprints: trust.fingerprints,
      mechanisms: options.authMechanisms,
      compression: options.useCompression,
      connectTimeoutMs: Math.min(this.timeoutMs, 30_000),
      replyTimeoutMs: this.timeoutMs,
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
      ...(tunnel === undefined ? {} : { tunnel }),
      ...(options.ipv6 === undefined ? {} : { ipv6: options.ipv6 }),
      ...(proxy === undefined ? {} : {
        proxy: `${proxy.type.toLowerCase()}://${proxy.host}:${proxy.port}`,
      }),
    };
  }

  #newCredentials(host: string): Credentials {
    const { repository, io, expressions } = this;
    const { passwords } = io;
    const {
      remoteUser,
      remoteUserEval,
      remotePass,
      remotePassEval,
      remotePassFile,
      oauth2AccessToken,
      oauth2AccessTokenEval,
    } = repository;
    const credentials: Credentials = new Credentials({
      repository: repository.name,
      host,
      netrcFiles: netrcFiles({
        os: Deno.build.os,
        home: homeFolder(),
        uid: Deno.uid(),
      }),
      ...(passwords === undefined ? {} : {
        kept: keptIn(passwords, repository.name),
      }),
      prompt: async () =>
        await io.askPassword({
          repository: repository.name,
          user: await credentials.user(),
        }),
      ...(remoteUser === undefined ? {} : { user: remoteUser }),
      ...(remoteUserEval === undefined ? {} : {
        userEval: () => expressions.text(remoteUserEval),
      }),
      ...(remotePass === undefined ? {} : { password: remotePass }),
      ...(remotePassEval === undefined ? {} : {
        passwordEval: () => expressions.text(remotePassEval),
      }),
      ...(remotePassFile === undefined ? {} : { passwordFile: remotePassFile }),
      ...(oauth2AccessToken === undefined ? {} : { token: oauth2AccessToken }),
      ...(oauth2AccessTokenEval === undefined ? {} : {
        tokenEval: () => expressions.optionalText(oauth2AccessTokenEval),
      }),
    });
    return credentials;
  }
}

function keptIn(
  passwords: Map<string, string>,
  repository: string,
): KeptPassword {
  return {
    get: () => passwords.get(repository),
    keep: (password) => void passwords.set(repository, password),
    forget: () => void passwords.delete(repository),
  };
}

function homeFolder(): string {
  const name = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  return Deno.env.get(name) ?? "";
}

function noHost({ name }: ImapRepository): MailError {
  return new MailError(`Repository ${name} has no server`, {
    code: "config.host",
    scope: "account",
    retry: "never",
    hint: `Set remotehost in [Repository ${name}]`,
  });
}

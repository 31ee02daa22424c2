/** How a repository's options become a user name and secrets. */
import { Credentials } from "../auth/credentials.ts";
import type { Keyring } from "../auth/keyring.ts";
import type { IssuedToken } from "../auth/access_token.ts";
import type { RefreshRequest } from "../auth/oauth2/refresh_request.ts";
import { guarded } from "../auth/guarded.ts";
import type { LoginMemory } from "../auth/login_memory.ts";
import { type NetrcFile, netrcFiles } from "../auth/netrc_file.ts";
import type { ImapRepository, Proxy, PythonSource } from "../config/config.ts";
import { proxyUrl } from "../config/proxy.ts";
import type { AccountIo, AccountRun } from "./api.ts";
import type { Expressions } from "./expressions.ts";

/** What a login of a repository is made of. */
export interface LoginOf {
  readonly repository: ImapRepository;
  /** The server's name, evaluated. */
  readonly host: string;
  readonly run: AccountRun;
  readonly io: AccountIo;
  readonly expressions: Expressions;
}

/**
 * The user name and secrets of a repository. Nothing is asked, loaded or started
 * before a login needs it.
 */
export function credentialsOf(login: LoginOf): Credentials {
  const { repository, host, run, io, expressions } = login;
  const {
    remoteUser,
    remoteUserEval,
    remotePass,
    remotePassEval,
    remotePassCommand,
    remotePassFile,
    oauth2AccessToken,
    oauth2AccessTokenEval,
  } = repository;
  const { name } = repository;
  const { broker } = io;
  const command = remotePassCommand === undefined
    ? undefined
    : () => runCommand(login, remotePassCommand);
  const forTokens = repository.authMechanisms.every((mechanism) =>
    mechanism === "XOAUTH2" || mechanism === "OAUTHBEARER"
  );
  const memory = memoryOf(io, name);
  const credentials: Credentials = new Credentials({
    repository: name,
    host,
    netrcFiles: ownNetrcFiles(),
    ...(broker === undefined ? {} : { files: broker.secretFiles(name) }),
    memory,
    prompt: async () =>
      await io.askPassword({
        repository: name,
        user: await credentials.user(),
        refusal: memory.refusal,
      }),
    refresh: (rotated) => refresh(login, rotated),
    ...(run.ignoreKeyring ? {} : {
      keyring: async (entry) =>
        broker === undefined
          ? await (await keyring(io)).find(entry)
          : await broker.findInKeyring(name, io.signal),
    }),
    ...(run.updateKeyring
      ? {
        onAccepted: async ({ value, source }) => {
          if (source === "the keyring") return;
          const user = await credentials.user();
          await keepInKeyring(login, user, value);
        },
      }
      : {}),
    ...(command === undefined
      ? {}
      : forTokens
      ? { tokenCommand: command }
      : { passwordCommand: command }),
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

function memoryOf(
  { logins }: AccountIo,
  repository: string,
): LoginMemory {
  const known = logins?.get(repository);
  if (known !== undefined) return known;
  const memory: LoginMemory = {};
  logins?.set(repository, memory);
  return memory;
}

async function runCommand(
  { repository, io }: LoginOf,
  command: string,
): Promise<string> {
  if (io.broker !== undefined) {
    return await io.broker.passwordCommand(repository.name, io.signal);
  }
  const { runPasswordCommand } = await import("../auth/password_command.ts");
  return await runPasswordCommand({
    repository: repository.name,
    command,
    platform: Deno.build.os,
    signal: io.signal,
  });
}

async function keyring({ signal }: AccountIo): Promise<Keyring> {
  const { Keyring } = await import("../auth/keyring.ts");
  return new Keyring({ platform: Deno.build.os, signal });
}

/** Only after it has let us in. The mail is what matters: a failure is a warning. */
async function keepInKeyring(
  { repository, host, run, io }: LoginOf,
  user: string,
  password: string,
): Promise<void> {
  const failure = io.broker === undefined
    ? await (await keyring(io)).store({ host, user }, password)
    : await io.broker.keepInKeyring(repository.name, password, io.signal);
  if (failure === undefined) return;
  io.emit({
    type: "warning",
    account: run.account.name,
    code: "auth.keyring",
    text: `The password of repository "${repository.name}" is not kept in ` +
      `the keyring: ${failure}`,
  });
}

/** Options are evaluated for each request: what they name may have changed. */
async function refresh(
  login: LoginOf,
  rotated: string | undefined,
): Promise<IssuedToken | undefined> {
  const { repository, host, run, io } = login;
  const { name } = repository;
  const refreshToken = rotated ?? await either(
    login,
    repository.oauth2RefreshToken,
    repository.oauth2RefreshTokenEval,
  );
  if (refreshToken === undefined) return undefined;
  // Loaded here: few need it, and everybody would wait for it.
  const { tokenEndpoint } = await import("../auth/oauth2/endpoint.ts");
  const { refreshAccessToken } = await import(
    "../auth/oauth2/refresh_token.ts"
  );
  const { systemAuthorities } = await import("../imap/session/secure.ts");
  const url = tokenEndpoint({
    repository: name,
    configured: repository.oauth2RequestUrl,
    host,
    gmail: repository.type === "Gmail",
  });
  const { authProxy, proxy } = run.account;
  const authorities = systemAuthorities();
  return await refreshAccessToken({
    repository: name,
    url,
    refreshToken,
    clientId: await either(
      login,
      repository.oauth2ClientId,
      repository.oauth2ClientIdEval,
    ),
    clientSecret: await either(
      login,
      repository.oauth2ClientSecret,
      repository.oauth2ClientSecretEval,
    ),
    scope: repository.oauth2Scope,
    connect: await through(
      authProxy === undefined ? proxy : authProxy || undefined,
      authorities,
    ),
    authorities,
    signal: io.signal,
  });
}

/** The plain value wins; an empty one counts as none. */
async function either(
  { repository, expressions }: LoginOf,
  plain: string | undefined,
  source: PythonSource | undefined,
): Promise<string | undefined> {
  if (plain !== undefined) return plain || undefined;
  if (source === undefined) return undefined;
  const value = await guarded(
    repository.name,
    source.option,
    () => expressions.optionalText(source),
  );
  return value?.replace(/[\r\n]+$/, "") || undefined;
}

/** Undefined: directly. */
async function through(
  proxy: Proxy | undefined,
  authorities: readonly string[],
): Promise<RefreshRequest["connect"]> {
  if (proxy === undefined) return undefined;
  const { connectThrough } = await import("./token_connection.ts");
  return (url, signal) =>
    connectThrough(proxyUrl(proxy), authorities, url, signal);
}

/** The netrc files of whoever runs this. */
export function ownNetrcFiles(): NetrcFile[] {
  return netrcFiles({ os: Deno.build.os, home: homeFolder(), uid: Deno.uid() });
}

function homeFolder(): string {
  const name = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  return Deno.env.get(name) ?? "";
}

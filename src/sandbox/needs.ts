/** What the work on one account needs of the machine, from its configuration. */
import { keyringProgram } from "../auth/keyring.ts";
import { netrcFiles } from "../auth/netrc_file.ts";
import { tokenEndpoint } from "../auth/oauth2/endpoint.ts";
import {
  type AccountConfig,
  type GeneralConfig,
  type ImapRepository,
  isImap,
} from "../config/config.ts";
import { type Host, pathOf } from "../config/host.ts";
import { pythonCommands } from "../python/helper/helper_process.ts";
import { accountFolder } from "../state/state_path.ts";
import { expressionsOf } from "./expressions_of.ts";

/** Rights of an account's worker, by what they are for; sorted, nothing twice. */
export interface Needs {
  /** `host:port`. */
  readonly net: readonly string[];
  /** Files, and folders with all that is in them; absolute. */
  readonly read: readonly string[];
  /** Of these, what is written to. */
  readonly write: readonly string[];
  /** Names of variables. */
  readonly env: readonly string[];
  /** As `--allow-sys` names them. */
  readonly sys: readonly string[];
}

/** What the command does for an account, since its worker may not. */
export interface CommandNeeds {
  /** Files that it reads. */
  readonly read: readonly string[];
  /** Files that it writes: the account's lock. */
  readonly write: readonly string[];
  /** What it starts, by the option that says so. */
  readonly start: readonly (readonly [option: string, command: string])[];
  /** The programs that this takes. */
  readonly run: readonly string[];
  /** Programs and expressions see all variables. */
  readonly allVariables: boolean;
}

/** Looked at by the runtime's own parts while they load. */
const RUNTIME_ENV = [
  "HOME",
  "LOG",
  "NODE_DEBUG",
  "NODE_EXTRA_CA_CERTS",
  "NODE_V8_COVERAGE",
  "NO_COLOR",
  "TERM",
  "TZ",
  "USERPROFILE",
  "XDG_CONFIG_HOME",
];

/** Maildir names bear the host; whose `.netrc` it is must be known. */
const SYS = ["gid", "hostname", "networkInterfaces", "uid", "userInfo"];

/**
 * What an account's worker needs, and nothing else. It starts no program. Paths of
 * its state are those below the metadata folder, which has to exist: to make it,
 * its parent would have to be written to.
 *
 * A server whose name is still to be evaluated is not among them.
 */
export function accountNeeds(
  account: AccountConfig,
  metadata: string,
  host: Host,
): Needs {
  const { local, remote } = account;
  const { join } = pathOf(host);
  const write = [
    accountFolder(metadata, account.name),
    // OfflineIMAP's own, which is taken over.
    ...[local, remote].map(({ name }) => join(metadata, `Repository-${name}`)),
    ...isImap(local) ? [] : [local.localFolders],
  ];
  return {
    net: hostsOf(account),
    read: sorted([
      ...write,
      ...present(
        serversOf(account).flatMap(({ trust }) => [
          trust.caFile,
          trust.client?.certificate,
          trust.client?.key,
        ]),
      ),
    ]),
    write: sorted(write),
    env: RUNTIME_ENV,
    sys: SYS,
  };
}

/** What the command does for an account beside that. */
export function commandNeeds(
  account: AccountConfig,
  general: GeneralConfig,
  host: Host,
): CommandNeeds {
  const { metadata, pythonFile } = general;
  const { join } = pathOf(host);
  const start = commandsOf(account);
  const shell = host.platform === "windows" ? "cmd" : "/bin/sh";
  const expressions = expressionsOf(account);
  const locks = ["lock", "lock-holder"].map((end) =>
    join(metadata, `${account.name}.${end}`)
  );
  const run = sorted([
    ...start.length > 0 ? [shell] : [],
    // An expression may call the file's functions, so that Python runs.
    ...pythonFile !== undefined && expressions.length > 0
      ? pythonCommands(host.platform).map(([program]) => program)
      : [],
    ...asksKeyring(account, general) ? [keyringProgram(host.platform)] : [],
  ]);
  return {
    read: sorted([
      ...locks,
      ...netrcFiles({ os: host.platform, home: host.home, uid: null })
        .map(({ path }) => path),
      ...present(serversOf(account).map((server) => server.remotePassFile)),
      ...present([pythonFile]),
    ]),
    write: sorted(locks),
    start,
    run,
    allVariables: run.length > 0 ||
      expressions.some(({ text }) => /\benviron|getenv|expand/.test(text)),
  };
}

/** The command lines that the configuration names. */
function commandsOf(account: AccountConfig): [string, string][] {
  const { presyncHook, postsyncHook } = account;
  const named: (readonly [string, string | undefined])[] = [
    ["presynchook", presyncHook],
    ["postsynchook", postsyncHook],
    ...serversOf(account).flatMap(({ tunnel, remotePassCommand }) => [
      [tunnel?.option ?? "", tunnel?.command] as const,
      ["remotepasscmd", remotePassCommand] as const,
    ]),
  ];
  return named.flatMap(([option, command]) =>
    command ? [[option, command] as [string, string]] : []
  );
}

/** The repositories that are on servers: one, or both. */
function serversOf({ local, remote }: AccountConfig): ImapRepository[] {
  return isImap(local) ? [remote, local] : [remote];
}

function hostsOf(account: AccountConfig): string[] {
  return sorted(
    serversOf(account).flatMap((repository) => [
      ...serverOf(repository, account),
      ...tokenHostOf(repository, account),
    ]),
  );
}

function serverOf(
  remote: ImapRepository,
  { proxy }: AccountConfig,
): string[] {
  const { tunnel, remoteHost, remotePort } = remote;
  if (tunnel !== undefined) return [];
  if (proxy !== undefined) return [hostPort(proxy.host, proxy.port)];
  const isOpen = remote.remoteHostEval !== undefined ||
    remote.remotePortEval !== undefined;
  return isOpen || !remoteHost ? [] : [hostPort(remoteHost, remotePort)];
}

/** Where access tokens come from, if the configuration has what gets them. */
function tokenHostOf(
  remote: ImapRepository,
  { proxy, authProxy }: AccountConfig,
): string[] {
  const refresh = remote.oauth2RefreshToken ?? remote.oauth2RefreshTokenEval;
  if (refresh === undefined) return [];
  const through = authProxy === undefined ? proxy : authProxy || undefined;
  if (through !== undefined) return [hostPort(through.host, through.port)];
  try {
    const { hostname, port } = tokenEndpoint({
      repository: remote.name,
      configured: remote.oauth2RequestUrl,
      host: remote.remoteHost ?? "",
      gmail: remote.type === "Gmail",
    });
    return [`${hostname}:${port || 443}`];
  } catch {
    // It is told when the account is synchronised.
    return [];
  }
}

function hostPort(host: string, port: number): string {
  return `${bracketed(host)}:${port}`;
}

function bracketed(name: string): string {
  return name.includes(":") ? `[${name}]` : name;
}

/** The keyring comes after every place that the configuration names. */
function asksKeyring(
  account: AccountConfig,
  { ignoreKeyring, updateKeyring }: GeneralConfig,
): boolean {
  if (updateKeyring) return true;
  if (ignoreKeyring) return false;
  return serversOf(account).some((server) => {
    const places = present([
      server.remotePass,
      server.remotePassFile,
      server.remotePassCommand,
      server.remotePassEval?.text,
      server.oauth2AccessToken,
      server.oauth2AccessTokenEval?.text,
      server.oauth2RefreshToken,
      server.oauth2RefreshTokenEval?.text,
    ]).filter((place) => place !== "");
    return places.length === 0 && server.tunnel?.option !== "preauthtunnel";
  });
}

function present(values: readonly (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined);
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

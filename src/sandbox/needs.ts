/** What the work on one account needs of the machine, from its configuration. */
import { netrcFiles } from "../auth/netrc_file.ts";
import { tokenEndpoint } from "../auth/oauth2/endpoint.ts";
import { keyringProgram } from "../auth/keyring.ts";
import {
  type AccountConfig,
  type GeneralConfig,
  type ImapRepository,
  isImap,
  type PythonSource,
} from "../config/config.ts";
import { type Host, pathOf } from "../config/host.ts";
import { pythonCommands } from "../python/helper/helper_process.ts";
import { accountFolder } from "../state/state_path.ts";

/** Permissions by what they are for; sorted, nothing twice. */
export interface Needs {
  /** `host:port`; undefined: only known when an expression was evaluated. */
  readonly net: readonly string[] | undefined;
  /** Files, and folders with all that is in them; absolute. */
  readonly read: readonly string[];
  /** Of these, what is written to. */
  readonly write: readonly string[];
  /** Names of variables; undefined: all, as children and expressions see them. */
  readonly env: readonly string[] | undefined;
  /** Programs. */
  readonly run: readonly string[];
  /** As `--allow-sys` names them. */
  readonly sys: readonly string[];
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

/** Maildir names and locks bear the host; whose `.netrc` it is must be known. */
const SYS = ["gid", "hostname", "networkInterfaces", "uid", "userInfo"];

/**
 * What an account needs, and nothing else. Paths of its state are those below
 * the metadata folder, which has to exist: to make it, its parent would have to
 * be written to.
 */
export function accountNeeds(
  account: AccountConfig,
  general: GeneralConfig,
  host: Host,
): Needs {
  const { local, remote } = account;
  const servers = serversOf(account);
  const { join } = pathOf(host);
  const { metadata } = general;
  const python = expressionsOf(account);
  const programs = programsOf(account, general, python, host);
  const state = [
    accountFolder(metadata, account.name),
    join(metadata, `${account.name}.lock`),
    join(metadata, `${account.name}.lock-holder`),
    // OfflineIMAP's own, which is taken over.
    ...[local, remote].map(({ name }) => join(metadata, `Repository-${name}`)),
  ];
  const write = [...state, ...isImap(local) ? [] : [local.localFolders]];
  return {
    net: hostsOf(account),
    read: sorted([
      ...write,
      ...netrcFiles({
        os: host.platform,
        home: host.home,
        uid: null,
      }).map(({ path }) => path),
      ...present([
        ...servers.flatMap(({ trust, remotePassFile }) => [
          trust.caFile,
          trust.client?.certificate,
          trust.client?.key,
          remotePassFile,
        ]),
        general.pythonFile,
      ]),
    ]),
    write: sorted(write),
    env: programs.length > 0 || python.some(readsEnvironment)
      ? undefined
      : RUNTIME_ENV,
    run: programs,
    sys: SYS,
  };
}

/** The repositories that are on servers: one, or both. */
function serversOf({ local, remote }: AccountConfig): ImapRepository[] {
  return isImap(local) ? [remote, local] : [remote];
}

/** Undefined as soon as one of them is not known. */
function hostsOf(account: AccountConfig): string[] | undefined {
  const hosts: string[] = [];
  for (const repository of serversOf(account)) {
    const server = serverOf(repository, account);
    const token = tokenHostOf(repository, account);
    if (server === undefined || token === undefined) return undefined;
    hosts.push(...server, ...token);
  }
  return sorted(hosts);
}

function serverOf(
  remote: ImapRepository,
  { proxy }: AccountConfig,
): string[] | undefined {
  if (remote.tunnel !== undefined) return [];
  if (proxy !== undefined) return [hostPort(proxy.host, proxy.port)];
  if (remote.remoteHostEval !== undefined) return undefined;
  if (remote.remoteHost === undefined) return [];
  return remote.remotePortEval === undefined
    ? [hostPort(remote.remoteHost, remote.remotePort)]
    : [remote.remoteHost];
}

/** Where access tokens come from, if the configuration has what gets them. */
function tokenHostOf(
  remote: ImapRepository,
  { proxy, authProxy }: AccountConfig,
): string[] | undefined {
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
    return remote.remoteHostEval === undefined ? [] : undefined;
  }
}

function hostPort(host: string, port: number): string {
  return `${bracketed(host)}:${port}`;
}

function bracketed(name: string): string {
  return name.includes(":") ? `[${name}]` : name;
}

/** The programs that the configuration makes it start. */
function programsOf(
  account: AccountConfig,
  general: GeneralConfig,
  python: readonly PythonSource[],
  host: Host,
): string[] {
  const { presyncHook, postsyncHook } = account;
  const shells = present([
    presyncHook,
    postsyncHook,
    ...serversOf(account).flatMap(({ tunnel, remotePassCommand }) => [
      tunnel?.command,
      remotePassCommand,
    ]),
  ]);
  const shell = host.platform === "windows" ? "cmd" : "/bin/sh";
  // An expression may call the file's functions, so that Python runs.
  const helper = general.pythonFile !== undefined && python.length > 0
    ? pythonCommands(host.platform).map(([program]) => program)
    : [];
  return sorted([
    ...shells.length > 0 ? [shell] : [],
    ...helper,
    ...asksKeyring(account, general) ? [keyringProgram(host.platform)] : [],
  ]);
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

/** All expressions that are evaluated for an account. */
function expressionsOf({ local, remote }: AccountConfig): PythonSource[] {
  return [...Object.values(local), ...Object.values(remote)].filter(isPython);
}

function isPython(value: unknown): value is PythonSource {
  return typeof value === "object" && value !== null && "text" in value &&
    "option" in value && "lines" in value;
}

/** Which variable it is shows only when it runs. */
function readsEnvironment({ text }: PythonSource): boolean {
  return /\b(?:environ|getenv|expandvars|expanduser)\b/.test(text);
}

function present(values: readonly (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined);
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

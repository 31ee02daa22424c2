/** What the work on one account needs of the machine, from its configuration. */
import { tokenEndpoint } from "../auth/oauth2/endpoint.ts";
import {
  type AccountConfig,
  type ImapRepository,
  isImap,
} from "../config/config.ts";
import { type Host, pathOf } from "../config/host.ts";
import { accountFolder } from "../state/state_path.ts";

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

/** The repositories that are on servers: one, or both. */
export function serversOf({ local, remote }: AccountConfig): ImapRepository[] {
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

/** Those that are there. */
export function present(values: readonly (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined);
}

/** Each once, in order. */
export function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

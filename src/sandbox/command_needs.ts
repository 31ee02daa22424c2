/** What the command does for an account, from its configuration. */
import { keyringProgram } from "../auth/keyring.ts";
import { netrcFiles } from "../auth/netrc_file.ts";
import type { AccountConfig, GeneralConfig } from "../config/config.ts";
import { type Host, pathOf } from "../config/host.ts";
import { pythonCommands } from "../python/helper/helper_process.ts";
import { expressionsOf } from "./expressions_of.ts";
import { present, serversOf, sorted } from "./needs.ts";

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

/** What the command does for an account, beside what its worker does. */
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

/** An account with a few options. */
import assert from "node:assert/strict";
import {
  type AccountConfig,
  type GeneralConfig,
  isUsable,
} from "../../../src/config/config.ts";
import type { Host } from "../../../src/config/host.ts";
import { loadConfig } from "../../../src/config/load.ts";

export const host: Host = {
  platform: "linux",
  home: "/home/x",
  cwd: "/",
  now: new Date(),
  env: () => undefined,
  homeOf: () => undefined,
};

/** Lines of its sections. */
export interface Lines {
  general?: string;
  account?: string;
  local?: string;
  remote?: string;
}

/** Account A with these lines in its sections, and what it was read with. */
export function accountOf(
  lines: Lines = {},
  platform = host.platform,
): {
  readonly account: AccountConfig;
  readonly general: GeneralConfig;
  readonly here: Host;
} {
  const text = `[general]
accounts = A
${lines.general ?? ""}
[Account A]
localrepository = L
remoterepository = R
${lines.account ?? ""}
[Repository L]
type = Maildir
localfolders = ~/Mail
${lines.local ?? ""}
[Repository R]
type = IMAP
remoteuser = x
${lines.remote?.includes("remotepass") ? "" : "remotepass = secret"}
${lines.remote ?? "remotehost = imap.example.org"}
`;
  const here = { ...host, platform };
  const config = loadConfig({ file: "/rc", text }, {}, here);
  const [account] = config.accounts;
  assert.ok(account !== undefined && isUsable(account));
  return { account, general: config.general, here };
}

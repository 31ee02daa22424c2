/** What the tests of the configuration share. */
import assert from "node:assert/strict";
import {
  type AccountConfig,
  type Config,
  isImap,
  type MaildirRepository,
} from "../../../src/config/config.ts";
import type { Host } from "../../../src/config/host.ts";
import { loadConfig, type Overrides } from "../../../src/config/load.ts";
import { MailError } from "../../../src/errors.ts";

/** The file name that errors of these tests show. */
export const FILE = "/home/u/.offlineimaprc";

/** A machine that is the same everywhere. */
export function testHost(
  changes: Partial<Omit<Host, "env">> & { env?: Record<string, string> } = {},
): Host {
  const { env = {}, ...rest } = changes;
  return {
    platform: "linux",
    home: "/home/u",
    cwd: "/work",
    now: new Date(2026, 5, 15, 12),
    homeOf: (user) => user === "jane" ? "/home/jane" : undefined,
    ...rest,
    env: (name) => env[name],
  };
}

/** What a test of one option adds to a configuration that is otherwise whole. */
export interface Parts {
  readonly general?: string;
  readonly account?: string;
  readonly local?: string;
  readonly remote?: string;
  /** Whole sections. */
  readonly more?: string;
}

/** A configuration with one account A, whose repositories are L and R. */
export function configText(parts: Parts = {}): string {
  return `[general]
accounts = A
${parts.general ?? ""}
[Account A]
localrepository = L
remoterepository = R
${parts.account ?? ""}
[Repository L]
type = Maildir
localfolders = /mail
${parts.local ?? ""}
[Repository R]
type = IMAP
remotehost = imap.example.org
${parts.remote ?? ""}
${parts.more ?? ""}
`;
}

/** The local repository of an account, which is a Maildir. */
export function maildirOf({ local }: AccountConfig): MaildirRepository {
  assert.ok(!isImap(local));
  return local;
}

/** Loads a text, or the parts of one. */
export function load(
  text: string | Parts,
  overrides: Overrides = {},
  host: Host = testHost(),
): Config {
  const whole = typeof text === "string" ? text : configText(text);
  return loadConfig({ file: FILE, text: whole }, overrides, host);
}

/** The account A of a configuration in which it must be right. */
export function loadAccount(
  parts: string | Parts,
  overrides: Overrides = {},
  host: Host = testHost(),
): AccountConfig {
  const account = load(parts, overrides, host).accounts[0];
  assert.ok(account !== undefined);
  if ("error" in account) throw account.error;
  return account;
}

/** The error of the first account. */
export function accountError(parts: string | Parts): MailError {
  const account = load(parts).accounts[0];
  assert.ok(account !== undefined && "error" in account);
  assert.equal(account.error.scope, "account");
  return account.error;
}

/** The error that stops the run. */
export function runError(action: () => unknown): MailError {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof MailError);
    assert.equal(error.scope, "run");
    return error;
  }
  assert.fail("nothing was thrown");
}

/** The texts of all warnings. */
export function warningsOf(config: Config): string[] {
  return config.warnings.map(({ message }) => message);
}

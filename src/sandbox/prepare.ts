/** What is done for an account before its worker may start. */
import type { AccountRun } from "../account/api.ts";
import { currentHost } from "../config/host.ts";
import type { Emit } from "../events.ts";
import { accountFolder } from "../state/state_path.ts";
import { grant, makeFolders } from "./grant.ts";
import { accountNeeds } from "./needs.ts";
import { withServers } from "./with_servers.ts";

/** An account whose worker can start. */
export interface Prepared {
  /** With the names of its servers, evaluated. */
  readonly run: AccountRun;
  readonly permissions: Deno.PermissionOptionsObject;
}

/** Evaluates where an account's servers are, and grants these and its folders. */
export async function prepare(run: AccountRun, emit: Emit): Promise<Prepared> {
  const { name } = run.account;
  const account = await withServers(
    run.account,
    run.pythonFile,
    (text) => emit({ type: "notice", account: name, text }),
  );
  const known = { ...run, account };
  const needs = accountNeeds(account, run.metadata, currentHost());
  return { run: known, permissions: grant(needs, run.closed) };
}

/**
 * Makes the folders that an account's worker may not make, as it may not write to
 * what is above them. Under the account's lock.
 */
export function makeOwnFolders(
  { account, metadata, options }: AccountRun,
): void {
  if (options.dryRun) return;
  makeFolders([accountFolder(metadata, account.name)], options.fsync);
}

/** The status of an account; of a dry run a copy that is thrown away. */
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { openState, type SqliteState, stateFile } from "../state/mod.ts";
import type { AccountIo, AccountRun } from "./api.ts";

/** An open status. Disposing of it closes it. */
export interface HeldState extends Disposable {
  readonly state: SqliteState;
}

/**
 * Opens the status of an account. A dry run works on a copy: it may take over
 * and compare like any other run, and leaves nothing behind.
 */
export function openAccountState(run: AccountRun, io: AccountIo): HeldState {
  const file = stateFile(run.metadata, run.account.name);
  const { fsync, dryRun } = run.options;
  if (!dryRun) {
    const state = openState({ file, fsync, step: io.step });
    return { state, [Symbol.dispose]: () => state.close() };
  }
  const folder = Deno.makeTempDirSync({ prefix: "offlineimap-dry-run-" });
  const copy = join(folder, "state.sqlite");
  for (const ending of ["", "-wal"]) {
    if (existsSync(file + ending)) copyFileSync(file + ending, copy + ending);
  }
  const state = openState({ file: copy, fsync: false });
  return {
    state,
    [Symbol.dispose]() {
      state.close();
      Deno.removeSync(folder, { recursive: true });
    },
  };
}

/** What a real run works by. */
import { acquireLock } from "../account/lock.ts";
import type { Clock } from "../clock.ts";
import { readConfig } from "../config/load.ts";
import type { Terminal } from "../ui/terminal.ts";
import { UI_CLOCK } from "../ui/ui.ts";
import type { RunParts } from "./run.ts";

const REAL_CLOCK: Clock = { ...UI_CLOCK, wall: Date.now };

/**
 * The parts of a real run in this thread. The core is loaded with the first
 * account.
 */
export function realParts(
  terminal: Terminal,
  clock: Clock = REAL_CLOCK,
): RunParts {
  return {
    terminal,
    readConfig,
    sync: async (run, io) => {
      const { syncAccount } = await import("../account/sync_account.ts");
      return await syncAccount(run, io);
    },
    info: async (run, io) => {
      const { accountInfo } = await import("../account/account_info.ts");
      return await accountInfo(run, io);
    },
    watch: async (run, io) => {
      const watch = await import("../account/watch/watch_account.ts");
      return watch.watchAccount(run, io, { clock, random: Math.random });
    },
    migrateMarks: async (run, io) => {
      const { migrateMarks } = await import("../account/migrate_marks.ts");
      await migrateMarks(run, io);
    },
    deleteFolder: async (run, io, deletion) => {
      const { deleteFolder } = await import("../account/delete_folder.ts");
      await deleteFolder(run, io, deletion);
    },
    lock: acquireLock,
    clock,
    exit: (code) => Deno.exit(code),
  };
}

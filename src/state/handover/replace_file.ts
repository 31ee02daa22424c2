/** Files of OfflineIMAP's metadata, replaced whole or not at all. */
import type { Step } from "../../effects.ts";

/** How files are replaced. */
export interface ReplaceOptions {
  /** What is written is on disk before it gets its name. */
  readonly fsync: boolean;
  readonly step: Step;
}

/** What SQLite keeps beside a database that was not closed in order. */
const LEFTOVERS = ["-journal", "-wal", "-shm"];

/**
 * Gives `made` the name `path`. A journal that an OfflineIMAP left there when it
 * was killed belongs to the old file and must never meet the new one: then both
 * go first. Without a status OfflineIMAP makes one from the names of the files.
 */
export async function replaceFile(
  made: string,
  path: string,
  { fsync, step }: ReplaceOptions,
): Promise<void> {
  await Deno.chmod(made, 0o600).catch(() => {});
  if (fsync) {
    using file = await Deno.open(made, { read: true, write: true });
    await file.sync();
  }
  if (LEFTOVERS.some((suffix) => isThere(path + suffix))) {
    removeStatus(path, { step });
  }
  step("file", "rename status");
  await Deno.rename(made, path);
}

/** Removes a database and then what belongs to it. */
export function removeStatus(
  path: string,
  { step }: Pick<ReplaceOptions, "step">,
): void {
  for (const suffix of ["", ...LEFTOVERS]) {
    if (!isThere(path + suffix)) continue;
    step("file", "remove status");
    Deno.removeSync(path + suffix);
  }
}

function isThere(path: string): boolean {
  try {
    return Deno.lstatSync(path).isFile;
  } catch {
    return false;
  }
}

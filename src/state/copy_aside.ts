/** A throw-away copy of a SQLite file, for reading what must not be touched. */
import { basename, join } from "node:path";

/** A database in a temporary folder that vanishes with it. */
export interface TemporaryCopy extends Disposable {
  readonly file: string;
}

/** What SQLite keeps beside a database, and needs for reading it as it is. */
const SUFFIXES = ["", "-journal", "-wal"];

/**
 * Copies `file` with its journal or log, which belong to its content.
 *
 * @param parent Where the temporary folder is made: below the metadata, since an
 *   account may write nowhere else.
 */
export function copyAside(file: string, parent: string): TemporaryCopy {
  const folder = Deno.makeTempDirSync({ dir: parent, prefix: "copy-" });
  const dispose = () => Deno.removeSync(folder, { recursive: true });
  const copy = join(folder, basename(file));
  try {
    for (const suffix of SUFFIXES) {
      try {
        Deno.copyFileSync(file + suffix, copy + suffix);
      } catch (error) {
        if (suffix === "" || !(error instanceof Deno.errors.NotFound)) {
          throw error;
        }
      }
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return { file: copy, [Symbol.dispose]: dispose };
}

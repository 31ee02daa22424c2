/** Which labels files hold, without opening those that did not change. */
import { flagsOf } from "../sync/flags.ts";
import { labelFlag, labelsIn, onlyLabels } from "../sync/labels.ts";
import type { Flags, Pair } from "../sync/types.ts";
import type { LabelHeader } from "./label_header.ts";
import { isAbsent } from "../os_error.ts";
import { forEachFile } from "./places.ts";
import { readHead } from "./reader.ts";

/** Covers clocks of file servers and file systems that count in seconds. */
const GRACE_MS = 2_000;

/**
 * When a file was last changed, milliseconds since the epoch: by the time that no
 * program can set, where the system keeps it.
 */
function changeTime({ ctime, mtime }: Deno.FileInfo): number {
  return (ctime ?? mtime)?.getTime() ?? Infinity;
}

/** The latest {@link changeTime} of a mailbox's files; 0 for none. */
export async function latestChange(directory: string): Promise<number> {
  let latest = 0;
  for (const where of ["new", "cur"]) {
    await forEachFile(`${directory}/${where}`, (name) => {
      try {
        const info = Deno.statSync(`${directory}/${where}/${name}`);
        latest = Math.max(latest, changeTime(info));
      } catch (error) {
        // Renamed since it was listed, which the directory's time shows.
        if (!isAbsent(error)) throw error;
      }
    });
  }
  return latest;
}

/** One look at the labels of a mailbox's files. */
export class LabelReader {
  /** Some file could not be looked at: the next look must read it. */
  complete = true;

  /**
   * @param since What has not changed after it, milliseconds since the epoch, has
   *   the labels of the status; undefined: everything is read.
   */
  constructor(
    readonly header: LabelHeader,
    readonly since: number | undefined,
  ) {}

  /** The mark that a look which begins at `nowMs` leaves for the next one. */
  static markAt(nowMs: number): number {
    return Math.floor(nowMs) - GRACE_MS;
  }

  /** The labels in a file but the ignored ones, as a flag set. */
  read(path: string, pair: Pair | undefined): Flags {
    const agreed = pair === undefined ? undefined : onlyLabels(pair.flags);
    try {
      using file = Deno.openSync(path, { read: true });
      const isOld = agreed !== undefined && this.since !== undefined &&
        changeTime(file.statSync()) <= this.since;
      if (isOld) return agreed;
      const labels = this.header.read(
        readHead(file),
        agreed === undefined ? [] : labelsIn(agreed),
      ).filter((label) => !this.header.isIgnored(label));
      return flagsOf(labels.map(labelFlag));
    } catch {
      // Renamed or removed just now, or unreadable: nothing is concluded.
      this.complete = false;
      return agreed ?? flagsOf([]);
    }
  }
}

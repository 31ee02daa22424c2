/** What other programs did to a mailbox, brought to the disk. */
import { dirname } from "node:path";
import { MailError } from "../errors.ts";
import { forEachConcurrently } from "../sync/pool.ts";
import type { Ref } from "../sync/types.ts";
import type { Durability } from "./durability.ts";

/** Files in hand at a time; `Durability` bounds what the disk gets to do. */
const AT_ONCE = 64;

/** What was seen in a mailbox, and where. */
export interface Sighting {
  /** The mailbox's directory, absolute. */
  readonly directory: string;
  /** The tree's, absolute. */
  readonly root: string;
  /** Messages whose bytes may not be on the disk yet. */
  readonly fresh: readonly Ref[];
  /** The mailbox as a whole was not known before. */
  readonly isNew: boolean;
  readonly durability: Durability;
  /**
   * Calls `work` with the path of a message, wherever it is by now.
   * @throws {MailError} When it is gone.
   */
  readonly withFile: (
    ref: Ref,
    work: (path: string) => Promise<void>,
  ) => Promise<void>;
}

/**
 * Returns when everything that was seen is on the disk: the bytes of new
 * messages, and which names are there and which are not.
 *
 * Few mail programs sync what they write. Were it sent to the server and noted
 * as known, and then lost in a power cut, it would look deleted, and would be
 * deleted on the server too; a deletion or a flag that was carried over and then
 * forgotten here would be undone there.
 * @throws What the system says if the disk refuses.
 */
export async function settle(sighting: Sighting): Promise<void> {
  const { directory, root, fresh, isNew, durability, withFile } = sighting;
  if (!durability.enabled) return;
  const options = {
    concurrency: AT_ONCE,
    signal: new AbortController().signal,
  };
  // Bytes before names, as they are written.
  await forEachConcurrently(fresh, options, async (ref) => {
    try {
      await withFile(ref, (path) => durability.othersFile(path));
    } catch (error) {
      // Gone since: it will not be read either.
      if (!(error instanceof MailError)) throw error;
    }
  });
  const directories = [`${directory}/new`, `${directory}/cur`];
  if (isNew) directories.push(...upTo(directory, root));
  await Promise.all(directories.map((path) => durability.directory(path)));
}

/** `directory` and those above it, up to `root`. */
function upTo(directory: string, root: string): string[] {
  const paths = [directory];
  let path = directory;
  while (path !== root && path !== dirname(path)) {
    path = dirname(path);
    paths.push(path);
  }
  return paths;
}

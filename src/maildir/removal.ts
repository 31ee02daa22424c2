/** Taking messages out of a mailbox. */
import type { DebugLog } from "../events.ts";
import { forEachConcurrently } from "../sync/pool.ts";
import type { Ref } from "../sync/types.ts";
import type { MailboxPlace } from "./context.ts";
import type { Kept } from "./kept.ts";
import { isAbsent } from "../os_error.ts";
import { type Places, TRIES, type Where } from "./places.ts";

/** Files in hand at a time, so that they share the sync of their directory. */
const AT_ONCE = 64;

/** What became of a removal. */
export interface Removal {
  /** Messages that were renamed faster than they could be taken. */
  readonly left: ReadonlySet<Ref>;
  /** Directories that changed. */
  readonly changed: ReadonlySet<Where>;
  /** Why some files could not be taken. */
  readonly failures: readonly unknown[];
}

/**
 * Removes messages: their files go to the keep place, see {@link Kept}. All files
 * of a unique name are taken.
 */
export async function removeMessages(
  refs: readonly Ref[],
  { kept, log, place, places }: {
    readonly kept: Kept;
    readonly log: DebugLog | undefined;
    readonly place: Pick<MailboxPlace, "path">;
    readonly places: Places;
  },
): Promise<Removal> {
  const changed = new Set<Where>();
  const failures: unknown[] = [];
  let left = refs;
  for (let tries = 0; tries < TRIES && left.length > 0; tries++) {
    const absent: Ref[] = [];
    const escaped: Ref[] = [];
    const options = {
      concurrency: AT_ONCE,
      signal: new AbortController().signal,
    };
    const found = await Promise.all(
      left.map(async (ref) => [ref, await places.findAll(ref)] as const),
    );
    await forEachConcurrently(found, options, async ([ref, all]) => {
      places.forget(ref);
      if (all.length === 0) absent.push(ref);
      for (const file of all) {
        try {
          const to = await kept.take(places.path(file), place.path);
          log?.(
            `removed ${file.where}/${file.name}` +
              (to === undefined ? "" : `, which is kept as ${to}`),
          );
          changed.add(file.where);
        } catch (error) {
          // Renamed before it could be taken.
          if (isAbsent(error)) escaped.push(ref);
          else failures.push(error);
        }
      }
    });
    // A listing can miss what is renamed meanwhile: one more look at those.
    left = tries === 0 ? [...absent, ...escaped] : escaped;
  }
  return { left: new Set(left), changed, failures };
}

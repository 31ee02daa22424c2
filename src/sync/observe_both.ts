/** What changed on both sides of a mailbox. */
import type { Work } from "./execute/work.ts";
import type { BothChanges } from "./limited.ts";
import type { Base } from "./status.ts";
import type { Changes, Ref, Side } from "./types.ts";

/**
 * Asks both sides at once what changed since the tokens `since`, and the remote
 * one again for everything where a file's name speaks of a message that the
 * short answer leaves out.
 */
export async function observeBoth(
  work: Work,
  base: Base,
  since: Readonly<Record<Side, string | undefined>>,
): Promise<BothChanges> {
  const [remote, local] = await Promise.all([
    work.remote.observe(base.remote, since.remote, work.signal),
    work.local.observe(base.local, since.local, work.signal),
  ]);
  if (since.remote === undefined || !hasStrayHint(base, remote, local)) {
    return { remote, local };
  }
  return {
    remote: await work.remote.observe(base.remote, undefined, work.signal),
    local,
  };
}

/** A file names a UID that neither the status nor the short listing has. */
function hasStrayHint(base: Base, remote: Changes, local: Changes): boolean {
  const strays = local.arrived.filter(({ hint }) =>
    hint?.here === true && base.remote.find(hint.uid) === undefined
  );
  if (strays.length === 0) return false;
  const seen = new Set<Ref>(remote.arrived.map(({ ref }) => ref));
  return strays.some(({ hint }) => hint !== undefined && !seen.has(hint.uid));
}

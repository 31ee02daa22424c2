/** Deletions of messages that the limits keep out of the sync are no deletions. */
import type { Mailbox } from "./ports.ts";
import type { Base } from "./status.ts";
import type { Arrival, Changes, Identity, Pair, Ref, Side } from "./types.ts";
import { otherSide } from "./types.ts";

/** Whether a message on a side lies within maxage, startdate and maxsize. */
export type Accepts = (side: Side, message: Arrival) => boolean;

/** What both sides did. */
export type BothChanges = Readonly<Record<Side, Changes>>;

/** Both mailboxes, as far as they are asked. */
type Sides = Readonly<Record<Side, Pick<Mailbox, "identify">>>;

/**
 * What both sides did, without deletions of messages beyond a limit.
 *
 * OfflineIMAP ignores such messages altogether, and people rely on it: they clear
 * old or large mail from one side and keep it on the other. What is left of the
 * pair is asked for its size and date. Where that cannot be told, nothing counts
 * as deleted.
 */
export async function withoutLimited(
  sides: Sides,
  base: Base,
  changes: BothChanges,
  accepts: Accepts,
): Promise<BothChanges> {
  const within = async (from: Side): Promise<Changes> => {
    const on = otherSide(from);
    const goneThere = new Set(changes[on].gone.map(({ id }) => id));
    const decided = changes[from].gone.filter((pair) =>
      pair.doomed || goneThere.has(pair.id)
    );
    const survivors = changes[from].gone.filter((pair) =>
      !pair.doomed && !goneThere.has(pair.id)
    );
    if (survivors.length === 0) return changes[from];
    const seen = await identities(sides, on, survivors.map((pair) => pair[on]));
    const latest = on === "remote"
      ? new Map<number, number>()
      : await latestDates(sides, base, changes.remote.gone);
    const gone = survivors.filter((pair) => {
      const message = seen.get(pair[on]);
      if (message === undefined) return false;
      return accepts(on, {
        ref: pair[on],
        flags: pair.flags,
        sizeBytes: message.sizeBytes,
        ...earlier(message.internalDate, latest.get(pair.id)),
      });
    });
    return { ...changes[from], gone: [...decided, ...gone] };
  };
  return { remote: await within("remote"), local: await within("local") };
}

function earlier(
  ...dates: readonly (number | undefined)[]
): { internalDate?: number } {
  const known = dates.filter((date) => date !== undefined);
  return known.length === 0 ? {} : { internalDate: Math.min(...known) };
}

/**
 * When messages that are gone from the server were received at the latest: when
 * the next one was that is still there. A file may only tell when it was copied.
 */
async function latestDates(
  sides: Sides,
  base: Base,
  gone: readonly Pair[],
): Promise<Map<number, number>> {
  const missing = new Set(gone.map(({ id }) => id));
  const next = new Map<number, Ref>();
  let waiting: number[] = [];
  for (const { id, remote } of base.remote.pairs()) {
    if (missing.has(id)) waiting.push(id);
    else if (waiting.length > 0) {
      for (const before of waiting) next.set(before, remote);
      waiting = [];
    }
  }
  const seen = await identities(sides, "remote", [...new Set(next.values())]);
  const dates = new Map<number, number>();
  for (const [id, ref] of next) {
    const date = seen.get(ref)?.internalDate;
    if (date !== undefined) dates.set(id, date);
  }
  return dates;
}

async function identities(
  sides: Sides,
  side: Side,
  refs: readonly Ref[],
): Promise<Map<Ref, Identity>> {
  const found = await Array.fromAsync(sides[side].identify(refs));
  return new Map(found.map((identity) => [identity.ref, identity]));
}

/** Finds out which arrivals of a run left another of its mailboxes. */
import type { Move } from "./execute/move.ts";
import { sameValidity } from "./open_work.ts";
import type { Run } from "./run.ts";
import type { Identity, Pair, Ref, Side } from "./types.ts";
import { otherSide } from "./types.ts";
import type { Waiting } from "./waiting.ts";

/** The moves into each mailbox, by the mailbox that they come from. */
export type Links = ReadonlyMap<Waiting, ReadonlyMap<Waiting, Move[]>>;

/** A message that left a mailbox. */
interface Left {
  readonly from: Waiting;
  readonly pair: Pair;
}

/**
 * The moves that are to be carried out on the side `on`: a message left one
 * mailbox on the other side and arrived in another one there.
 *
 * The names of files tell which message it was. Where names tell nothing, it is
 * the one with the same Message-ID (or header), size and INTERNALDATE, which MOVE
 * and COPY keep (RFC 9051 §6.4.7). Both sides are asked for that, and only while
 * one mailbox has something to delete and another one something new.
 */
export async function findMoves(
  run: Run,
  on: Side,
  waiting: readonly Waiting[],
): Promise<Links> {
  const links = new Map<Waiting, Map<Waiting, Move[]>>();
  const receivers = waiting.filter(({ foreign }) => foreign[on].length > 0);
  const sources = waiting.filter(({ task, deletions }) =>
    deletions[on].length > 0 && !task.rules.readOnly[on]
  );
  if (sources.length === 0) return links;
  const byName = leftByName(run, on, sources);
  let byContent: Map<string, Left[]> | undefined;
  for (const to of receivers) {
    const nameless = to.foreign[on].filter(({ hint }) => hint === undefined);
    if (nameless.length > 0) {
      byContent ??= await leftByContent(run, on, sources);
    }
    const keys = nameless.length === 0 || byContent === undefined
      ? undefined
      : await keysOf(run, to, otherSide(on), nameless.map(({ ref }) => ref));
    for (const arrival of to.foreign[on]) {
      const { hint } = arrival;
      const all = hint === undefined
        ? byContent?.get(keys?.get(arrival.ref) ?? "")
        : byName.get(nameKey(hint.origin, hint.uid));
      const left = all?.find(({ from }) => from !== to);
      if (all === undefined || left === undefined) continue;
      all.splice(all.indexOf(left), 1);
      const byOrigin = links.get(to) ?? new Map<Waiting, Move[]>();
      links.set(to, byOrigin);
      const moves = byOrigin.get(left.from) ?? [];
      byOrigin.set(left.from, moves);
      moves.push({ arrival, pair: left.pair });
    }
  }
  return links;
}

function nameKey(origin: string, ref: Ref): string {
  return JSON.stringify([origin, ref]);
}

/** What left, by what the name of its file says of where it was. */
function leftByName(
  run: Run,
  on: Side,
  sources: readonly Waiting[],
): Map<string, Left[]> {
  const left = new Map<string, Left[]>();
  for (const from of sources) {
    const origin = run.originOf(from.task.local.name);
    for (const pair of from.deletions[on]) {
      left.set(nameKey(origin, pair[on]), [{ from, pair }]);
    }
  }
  return left;
}

/** What left, by content, as it still is on the side `on`. */
async function leftByContent(
  run: Run,
  on: Side,
  sources: readonly Waiting[],
): Promise<Map<string, Left[]>> {
  const left = new Map<string, Left[]>();
  for (const from of sources) {
    const pairs = new Map(from.deletions[on].map((pair) => [pair[on], pair]));
    for (const [ref, key] of await keysOf(run, from, on, [...pairs.keys()])) {
      const pair = pairs.get(ref);
      if (pair === undefined) continue;
      const all = left.get(key) ?? [];
      all.push({ from, pair });
      left.set(key, all);
    }
  }
  return left;
}

/** The content of messages as a text: equal for a message and its copy. */
async function keysOf(
  { stores, signal }: Run,
  { task, deferred }: Waiting,
  side: Side,
  refs: readonly Ref[],
): Promise<Map<Ref, string>> {
  await using mailbox = await stores[side].open(task[side].name, {
    readOnly: true,
    signal,
  });
  sameValidity(mailbox, deferred.validity[side]);
  const identities = await Array.fromAsync(mailbox.identify(refs));
  return new Map(identities.map((one) => [one.ref, contentKey(one)]));
}

function contentKey({ key, sizeBytes, internalDate }: Identity): string {
  return JSON.stringify([key, sizeBytes, internalDate]);
}

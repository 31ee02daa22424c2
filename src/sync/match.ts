/** Finds which messages of two sides are the same, without trusting UIDs. */
import type { Identity, Ref } from "./types.ts";

/**
 * Pairs messages by Message-ID (or header digest) and size.
 *
 * Within one key equal sizes are paired first, older with older; a single one
 * left on each side is taken for the same message although the sizes differ,
 * since files written by OfflineIMAP are re-serialised. Everything else stays
 * unpaired: a wrong pair is worse than none.
 *
 * @returns Remote refs by local ones.
 */
export function matchIdentities(
  local: Iterable<Identity>,
  remote: Iterable<Identity>,
): Map<Ref, Ref> {
  const remoteByKey = groupByKey(remote);
  const matches = new Map<Ref, Ref>();
  for (const [key, mine] of groupByKey(local)) {
    const theirs = remoteByKey.get(key);
    if (theirs === undefined) continue;
    const rest = matchSizes(mine, theirs, matches);
    const [onlyMine] = rest.local;
    const [onlyTheirs] = rest.remote;
    if (
      rest.local.length === 1 && rest.remote.length === 1 &&
      onlyMine !== undefined && onlyTheirs !== undefined
    ) matches.set(onlyMine.ref, onlyTheirs.ref);
  }
  return matches;
}

function groupByKey(identities: Iterable<Identity>): Map<string, Identity[]> {
  const groups = new Map<string, Identity[]>();
  for (const identity of identities) {
    const group = groups.get(identity.key);
    if (group === undefined) groups.set(identity.key, [identity]);
    else group.push(identity);
  }
  for (const group of groups.values()) {
    if (group.length > 1) group.sort(bySizeThenDate);
  }
  return groups;
}

function bySizeThenDate(a: Identity, b: Identity): number {
  return a.sizeBytes - b.sizeBytes ||
    (a.internalDate ?? 0) - (b.internalDate ?? 0);
}

/** Merge join of two lists sorted by size. */
function matchSizes(
  local: readonly Identity[],
  remote: readonly Identity[],
  matches: Map<Ref, Ref>,
): { local: Identity[]; remote: Identity[] } {
  const rest = { local: [] as Identity[], remote: [] as Identity[] };
  let l = 0;
  let r = 0;
  while (true) {
    const mine = local[l];
    const theirs = remote[r];
    if (mine === undefined && theirs === undefined) return rest;
    const order = mine === undefined
      ? 1
      : theirs === undefined
      ? -1
      : mine.sizeBytes - theirs.sizeBytes;
    if (mine !== undefined && theirs !== undefined && order === 0) {
      matches.set(mine.ref, theirs.ref);
      l++;
      r++;
    } else if (mine !== undefined && order < 0) {
      rest.local.push(mine);
      l++;
    } else if (theirs !== undefined) {
      rest.remote.push(theirs);
      r++;
    }
  }
}

/**
 * Whether enough was found again after a change of UIDVALIDITY to go on: mbsync
 * asks for at least 20 sure pairs or 80 % of the messages, and so do we.
 */
export function enoughMatches(matched: number, known: number): boolean {
  return matched >= Math.min(20, known * 0.8);
}

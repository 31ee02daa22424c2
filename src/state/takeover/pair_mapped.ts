/** Joins OfflineIMAP's rows with its map of UIDs, where both sides are servers. */
import type { Mutation } from "../../sync/status.ts";
import type { LegacyRow } from "./legacy_row.ts";
import type { MappedUid } from "./repository_files.ts";

/** What {@link pairMapped} makes of a status and a map. */
export interface MappedPairs {
  /** A pair for every row that the map knows. */
  readonly pairs: readonly (Mutation & { kind: "pair" })[];
  /** Lines that name a message that another line names, too. */
  readonly ambiguous: number;
}

/**
 * A pair for every row whose message the map names, once. A line that was cut or
 * is there twice is not believed: what is not paired here is paired by content.
 *
 * A message without a row was copied and never recorded, or its deletion was
 * begun; OfflineIMAP takes a line out of the map before it deletes the other
 * message. So a row without a line is no proof of a deletion either.
 */
export function pairMapped(
  rows: Iterable<LegacyRow>,
  map: Iterable<MappedUid>,
): MappedPairs {
  const lines = [...map];
  const locals = count(lines.map(({ local }) => local));
  const remotes = count(lines.map(({ remote }) => remote));
  const sure = lines.filter(({ local, remote }) =>
    local > 0 && remote > 0 &&
    locals.get(local) === 1 && remotes.get(remote) === 1
  );
  const localOf = new Map(sure.map(({ local, remote }) => [remote, local]));
  const pairs: (Mutation & { kind: "pair" })[] = [];
  for (const { uid, flags } of rows) {
    const local = localOf.get(uid);
    if (local === undefined) continue;
    pairs.push({ kind: "pair", remote: uid, local, flags });
  }
  return { pairs, ambiguous: lines.length - sure.length };
}

function count(numbers: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const number of numbers) {
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  return counts;
}

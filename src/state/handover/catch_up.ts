/** What OfflineIMAP did since our last run, from the status that it left. */
import { filterFlags, unionFlags } from "../../sync/flags.ts";
import type { Base, Mutation } from "../../sync/status.ts";
import { FlagLetters, type LabelTexts } from "../takeover/legacy_flags.ts";
import type { LegacyRow, Warn } from "../takeover/legacy_row.ts";
import {
  areStrangers,
  type LegacyFile,
  missingRef,
} from "../takeover/pair_legacy.ts";
import { readSqliteStatus } from "../takeover/sqlite_status.ts";
import { stampOf } from "./status_stamp.ts";

/** Which mailbox, and what is known of it. */
export interface CatchUpOptions {
  /** OfflineIMAP's status file of the mailbox. */
  readonly path: string;
  /** The stamp of that file as we last wrote it. */
  readonly stamp: string;
  readonly customFlags: ReadonlyMap<string, string>;
  /** How labels are spelled. @default they are left out */
  readonly labels?: LabelTexts | undefined;
  /** Our own pairs; asked for only if the file is another one. */
  readonly load: () => Base;
  /** The files of the Maildir; asked for only if there are new rows. */
  readonly files: () => Promise<readonly LegacyFile[]>;
  /**
   * Whether a row without a file is a message that was deleted here. A map of
   * UIDs proves no such thing. @default true
   */
  readonly believesMissing?: boolean;
  readonly warn: Warn;
}

/**
 * The changes that make our pairs those of a status that OfflineIMAP has changed
 * since we wrote it; none if it has not.
 *
 * Whoever ran last knows what both sides agree on. A message that OfflineIMAP
 * does not know any more is forgotten here too: if one side still has it, it is
 * copied, not deleted. One that is only marked as deleted on the server stays
 * known as such, or it would come back.
 */
export async function catchUp(options: CatchUpOptions): Promise<Mutation[]> {
  const now = stampOf(options.path);
  if (now === undefined || now === options.stamp) return [];
  const letters = new FlagLetters(options.customFlags, options.labels);
  const rows = readSqliteStatus(options.path, letters, options.warn);
  if (rows === undefined) return [];
  const base = options.load();
  const theirs = new Map(rows.map((row) => [row.uid, row]));
  const kept: Mutation[] = [];
  const forgotten: Mutation[] = [];
  const names = new Set<string | number>();
  for (const pair of base.remote.pairs()) {
    const row = theirs.get(Number(pair.remote));
    if (row === undefined && !pair.doomed) {
      forgotten.push({ kind: "forget", id: pair.id });
      continue;
    }
    names.add(pair.local);
    // What has no letter is not in the file and did not change for that.
    const unknown = filterFlags(pair.flags, (flag) => !letters.canHold(flag));
    const flags = unionFlags(row?.flags ?? pair.flags, unknown);
    if (flags !== pair.flags) kept.push({ kind: "flags", id: pair.id, flags });
  }
  const fresh = rows.filter(({ uid }) => base.remote.find(uid) === undefined);
  return [...forgotten, ...kept, ...await added(fresh, names, options)];
}

/** Pairs for messages that only OfflineIMAP knows. */
async function added(
  rows: readonly LegacyRow[],
  taken: ReadonlySet<string | number>,
  { files, believesMissing = true }: CatchUpOptions,
): Promise<Mutation[]> {
  if (rows.length === 0) return [];
  const present = await files();
  if (areStrangers(present)) return [];
  const refs = new Map<number, string | number>();
  for (const { ref, hint } of present) {
    if (hint?.here && !refs.has(hint.uid)) refs.set(hint.uid, ref);
  }
  return rows.flatMap(({ uid, flags }): Mutation[] => {
    const found = refs.get(uid);
    if (found === undefined && !believesMissing) return [];
    const local = found ?? missingRef(uid);
    if (taken.has(local)) return [];
    return [{ kind: "pair", remote: uid, local, flags }];
  });
}

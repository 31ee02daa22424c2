/** Joins OfflineIMAP's rows with the files of the Maildir. */
import type { Mutation } from "../../sync/status.ts";
import type { Hint, Ref } from "../../sync/types.ts";
import type { LegacyRow } from "./legacy_row.ts";

/** A message file as the Maildir store lists it. */
export interface LegacyFile {
  readonly ref: Ref;
  readonly hint?: Hint;
}

/**
 * The ref of a message whose file is gone. No message file is ever called so,
 * since a name that begins with a dot is none: the next look at the Maildir finds
 * the message deleted.
 */
export function missingRef(uid: number): string {
  return `.missing,U=${uid}`;
}

/**
 * A pair for every row: with the first file whose name says that it is this
 * message of this folder, else with {@link missingRef}, so that a deletion since
 * OfflineIMAP's last run is still carried over. Other files stay unknown to the
 * status, the second of two with the same UID among them: they are new.
 */
export function* pairLegacy(
  rows: Iterable<LegacyRow>,
  files: Iterable<LegacyFile>,
): Generator<Mutation & { kind: "pair" }, void, undefined> {
  const refs = new Map<number, Ref>();
  for (const { ref, hint } of files) {
    if (hint?.here && !refs.has(hint.uid)) refs.set(hint.uid, ref);
  }
  for (const { uid, flags } of rows) {
    const local = refs.get(uid) ?? missingRef(uid);
    yield { kind: "pair", remote: uid, local, flags };
  }
}

/**
 * Whether files that a sync named all bear marks of other folders: this one's
 * name or nametrans changed, and no row finds its file. That is no deletion;
 * they are paired by content. Files that only mail programs named say nothing.
 */
export function areStrangers(files: readonly LegacyFile[]): boolean {
  const marked = files.filter(({ hint }) => hint !== undefined);
  return marked.length > 0 && !marked.some(({ hint }) => hint?.here);
}

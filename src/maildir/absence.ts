/** The second proof before a deletion is believed. */
import type { Ref } from "../sync/types.ts";
import { directoryTime } from "./directory_time.ts";
import { exists } from "./exists.ts";
import { parseFileName } from "./filename.ts";
import { forEachFile } from "./places.ts";
import type { Root } from "./root.ts";

/** Where a file can be; `tmp` because other programs move things strangely. */
const DIRECTORIES = ["tmp", "new", "cur"] as const;

/** Listings that must agree, and the most that are made. */
const MIN_LISTINGS = 2;
const MAX_LISTINGS = 6;

/** What the proof needs to know. */
export interface AbsenceOptions {
  /** The mailbox's directory, absolute. */
  readonly directory: string;
  readonly root: Root;
  /** The letters that a message's file name last had, if known. */
  readonly lettersOf: (ref: Ref) => string | undefined;
}

/**
 * Which of `refs` are truly not there. Looks for each under the names that it
 * most likely has, then reads all three directories, twice at least and until
 * nothing changes between: a directory that is read while files in it are
 * renamed may show a file under neither name.
 *
 * Nothing is absent while the root lacks its marker: the disk may not be mounted.
 * @throws What the system says if a directory cannot be read.
 */
export async function confirmAbsent(
  refs: readonly Ref[],
  { directory, root, lettersOf }: AbsenceOptions,
): Promise<ReadonlySet<Ref>> {
  if (!root.isMarked()) return new Set();
  const absent = new Set(
    refs.filter((ref) => !hasLikelyName(directory, ref, lettersOf(ref))),
  );
  for (let count = 1; count <= MAX_LISTINGS && absent.size > 0; count++) {
    const before = times(directory);
    if (before === undefined) return new Set();
    for (const part of DIRECTORIES) {
      await forEachFile(`${directory}/${part}`, (name) => {
        absent.delete(parseFileName(name).unique);
      });
    }
    if (count >= MIN_LISTINGS && before === times(directory)) break;
  }
  // Again: it may have gone while we looked.
  return root.isMarked() ? absent : new Set();
}

/** The times of all three directories in one text; undefined if one is missing. */
function times(directory: string): string | undefined {
  const all = DIRECTORIES.map((part) => directoryTime(`${directory}/${part}`));
  return all.includes(undefined) ? undefined : all.join(" ");
}

/** Asks for a file by name, which no faulty listing can hide. */
function hasLikelyName(
  directory: string,
  ref: Ref,
  letters: string | undefined,
): boolean {
  const names = [`${ref}`];
  for (const separator of [":", "!", ";"]) {
    names.push(`${ref}${separator}2,${letters ?? ""}`);
    names.push(`${ref}${separator}2,S`);
  }
  return names.some((name) =>
    exists(`${directory}/cur/${name}`) ||
    exists(`${directory}/new/${name}`)
  );
}

/** What a mailbox holds against what the status knows of it, in one reading. */
import { messageOf } from "../errors.ts";
import { unionFlags } from "../sync/flags.ts";
import type { Known } from "../sync/status.ts";
import type { Arrival, Flags, Pair, Ref, Reflagged } from "../sync/types.ts";
import { hintOf, type InfoSeparator, parseFileName } from "./filename.ts";
import type { FlagLetters } from "./flags.ts";
import { IdSet } from "./id_set.ts";
import type { LabelReader } from "./label_reader.ts";
import { isAbsent } from "../os_error.ts";
import { forEachFile, type Place, type Places, preferred } from "./places.ts";

/** What a scan needs to know. */
export interface ScanOptions {
  /** The mailbox's directory, absolute. */
  readonly directory: string;
  /** Its mark in file names, see `mailboxMark`. */
  readonly mark: string;
  readonly separator: InfoSeparator;
  readonly letters: FlagLetters;
  /** Reads what labels files hold. @default none do */
  readonly labels?: LabelReader | undefined;
  readonly places: Places;
  readonly signal?: AbortSignal;
  /** The wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** Told about files that cannot be dealt with. */
  readonly warn?: (text: string) => void;
}

/** The differences found. */
export interface Scan {
  readonly arrived: Arrival[];
  readonly reflagged: Reflagged[];
  readonly gone: Pair[];
  readonly total: number;
  /** False: a file could not be looked at, the next run must try again. */
  readonly complete: boolean;
  /** Arrivals that were written so lately that they may not be on the disk. */
  readonly fresh: Ref[];
}

/**
 * After this long the system has written a file by itself, however it is set up
 * (Linux waits for half a minute, with laptops' savings for ten).
 */
const FRESH_MS = 3_600_000;

/**
 * Lists `new/` and then `cur/` (files move only this way), without a stat for
 * any file that is known. Memory is used for differences, and one bit for each
 * known message.
 * @throws What the system says if a directory cannot be read.
 */
export async function scanMailbox(
  known: Known,
  options: ScanOptions,
): Promise<Scan> {
  const { directory, places, separator } = options;
  const seen = new IdSet();
  const arrivals = new Map<string, Place>();
  const reflagged = new Map<string, Reflagged>();
  const twins = new Set<string>();
  for (const where of ["new", "cur"] as const) {
    options.signal?.throwIfAborted();
    await forEachFile(`${directory}/${where}`, (name) => {
      const file = parseFileName(name, separator);
      const pair = known.find(file.unique);
      if (pair === undefined) {
        if (arrivals.has(file.unique)) twins.add(file.unique);
        else arrivals.set(file.unique, { where, name });
        return;
      }
      if (!seen.add(pair.id)) {
        twins.add(file.unique);
        return;
      }
      const flags = flagsOfFile({ where, name }, pair, options);
      if (flags === pair.flags) return;
      reflagged.set(file.unique, { pair, flags });
      places.remember(file.unique, { where, name });
    });
  }
  await settleTwins(twins, { arrivals, reflagged }, known, options);
  const { arrived, complete, fresh } = await describe(arrivals, options);
  return {
    arrived,
    complete,
    fresh,
    reflagged: [...reflagged.values()],
    gone: seen.size === known.size ? [] : missing(known, seen),
    total: seen.size + arrived.length,
  };
}

function missing(known: Known, seen: IdSet): Pair[] {
  const gone: Pair[] = [];
  for (const pair of known.pairs()) if (!seen.has(pair.id)) gone.push(pair);
  return gone;
}

/**
 * A unique name was met twice. Mostly the file was renamed between the readings
 * of the two directories, else somebody left two files: one message either way,
 * and always the same file of the two counts.
 */
async function settleTwins(
  twins: ReadonlySet<string>,
  found: {
    readonly arrivals: Map<string, Place>;
    readonly reflagged: Map<string, Reflagged>;
  },
  known: Known,
  options: ScanOptions,
): Promise<void> {
  const { places } = options;
  await Promise.all([...twins].map(async (unique) => {
    const all = await places.findAll(unique);
    if (all.length === 0) return;
    const place = all.reduce(preferred);
    const pair = known.find(unique);
    if (pair === undefined) {
      found.arrivals.set(unique, place);
      return;
    }
    const flags = flagsOfFile(place, pair, options);
    if (flags === pair.flags) found.reflagged.delete(unique);
    else {
      found.reflagged.set(unique, { pair, flags });
      places.remember(unique, place);
    }
  }));
}

/** The flags in a file's name, and the labels in it. */
function flagsOfFile(
  place: Place,
  pair: Pair | undefined,
  { labels, letters, places, separator }: ScanOptions,
): Flags {
  const flags = letters.flags(parseFileName(place.name, separator).letters);
  return labels === undefined
    ? flags
    : unionFlags(flags, labels.read(places.path(place), pair));
}

type Described = Arrival & { readonly internalDate: number };

/** The arrivals with what only a stat can tell, oldest first. */
async function describe(
  files: ReadonlyMap<string, Place>,
  options: ScanOptions,
): Promise<Pick<Scan, "arrived" | "complete" | "fresh">> {
  const { places, now } = options;
  const look = new Look(now() - FRESH_MS, options);
  const away: string[] = [];
  for (const [ref, place] of files) {
    if (!look.at(ref, place)) away.push(ref);
  }
  // Renamed since, or removed. One that is only renamed must not be left out:
  // its message would be taken for one that is not here, and be copied again.
  const found = await Promise.all(away.map((ref) => places.findAgain(ref)));
  away.forEach((ref, index) => {
    const place = found[index];
    if (place !== undefined && !look.at(ref, place)) look.complete = false;
  });
  const { arrived, complete, fresh } = look;
  arrived.sort((a, b) =>
    a.internalDate - b.internalDate || (a.ref < b.ref ? -1 : 1)
  );
  return { arrived, complete, fresh };
}

/** Looks at the files of arrivals one by one. */
class Look {
  readonly arrived: Described[] = [];
  readonly fresh: Ref[] = [];
  complete = true;

  /** @param since What was written later may not be on the disk; ms. */
  constructor(readonly since: number, readonly options: ScanOptions) {}

  /** @returns false when there is no such file now. */
  at(ref: string, place: Place): boolean {
    const { mark, places, warn } = this.options;
    const path = places.path(place);
    let info: Deno.FileInfo;
    try {
      info = Deno.statSync(path);
    } catch (error) {
      // Names that are no UTF-8 cannot be opened ever.
      const odd = place.name.includes("\uFFFD");
      if (isAbsent(error) && !odd) return false;
      const reason = odd ? "its name is not valid UTF-8" : messageOf(error);
      warn?.(`File ${JSON.stringify(path)} is left alone: ${reason}`);
      this.complete &&= odd;
      return true;
    }
    if (!info.isFile) return true;
    // Not the modification time: programs set that to what they like.
    const changed = (info.ctime ?? info.mtime)?.getTime() ?? Infinity;
    if (changed > this.since) this.fresh.push(ref);
    places.remember(ref, place);
    const hint = hintOf(place.name, mark);
    this.arrived.push({
      ref,
      flags: flagsOfFile(place, undefined, this.options),
      sizeBytes: wireSize(ref, info.size),
      internalDate: info.mtime?.getTime() ?? 0,
      ...(hint === undefined ? {} : { hint }),
    });
    return true;
  }
}

/**
 * The size with CRLF line ends where the name tells it (Dovecot's `W=`, believed
 * only if its `S=` is the true size), else the file's own.
 */
function wireSize(unique: string, sizeBytes: number): number {
  const size = /,S=(\d+)/.exec(unique)?.[1];
  const wire = /,W=(\d+)/.exec(unique)?.[1];
  if (size === undefined || wire === undefined) return sizeBytes;
  return Number(size) === sizeBytes ? Number(wire) : sizeBytes;
}

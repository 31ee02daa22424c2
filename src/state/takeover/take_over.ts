/** Reads what OfflineIMAP knew of a folder, and changes none of it. */
import { messageOf } from "../../errors.ts";
import type { Collisions } from "./collisions.ts";
import { FlagLetters, type LabelTexts } from "./legacy_flags.ts";
import {
  legacyFileName,
  legacyPath,
  type LegacyPlace,
  remoteFileName,
  statusFileName,
} from "./legacy_name.ts";
import type { LegacyRow, Warn } from "./legacy_row.ts";
import { readValidity } from "./repository_files.ts";
import { readSqliteStatus } from "./sqlite_status.ts";
import { readText } from "./text_file.ts";
import { parseTextStatus } from "./text_status.ts";

/** Which folder to take over. */
export interface TakeOverOptions extends LegacyPlace {
  /** The raw name on the server, as LIST has it. */
  readonly remoteName: string;
  /** The name after `nametrans`. */
  readonly remoteVisible: string;
  readonly remoteSeparator: string;
  /** The name in the local repository. */
  readonly localName: string;
  /** Keywords by lower-case letter (`customflag_a` …). @default none */
  readonly customFlags?: ReadonlyMap<string, string>;
  /** How labels are spelled. @default they are left out */
  readonly labels?: LabelTexts | undefined;
  /** Of all folders that exist, by findCollisions(). @default none */
  readonly collisions?: Collisions;
  /** Told of everything that is not taken over. */
  readonly warn?: Warn;
}

/** What OfflineIMAP knew of a folder. */
export interface LegacyStatus {
  /** UIDVALIDITY that the rows belong to, if it was noted for this folder alone. */
  readonly remoteValidity?: number;
  /** The same of the local side; 42 for a Maildir. */
  readonly localValidity?: number;
  /** Messages that both sides had, ascending by UID. */
  readonly rows: readonly LegacyRow[];
}

/**
 * What OfflineIMAP last knew of a folder; undefined if it never saw it.
 *
 * Damaged or ambiguous files are not used and never an error: without a row a
 * message is paired again by the name of its file. All that is lost then is what
 * was deleted since the last run, which comes back.
 */
export function takeOver(options: TakeOverOptions): LegacyStatus | undefined {
  const warn = options.warn ?? (() => {});
  const rows = readStatus(options, warn);
  const remoteValidity = readRemoteValidity(options, warn);
  const localValidity = readValidity({
    metadata: options.metadata,
    repository: options.localRepo,
    fileName: legacyFileName(options.localName),
    warn,
  });
  if (rows === undefined && remoteValidity === undefined) return undefined;
  return {
    rows: rows ?? [],
    ...(remoteValidity === undefined ? {} : { remoteValidity }),
    ...(localValidity === undefined ? {} : { localValidity }),
  };
}

/**
 * The rows of SQLite if it has any, else those of the older text file.
 * OfflineIMAP 7 and 8 claim to import the latter but never do.
 */
function readStatus(
  options: TakeOverOptions,
  warn: Warn,
): readonly LegacyRow[] | undefined {
  const { metadata, account, remoteVisible, remoteSeparator } = options;
  const name = statusFileName(remoteVisible, remoteSeparator);
  const letters = new FlagLetters(
    options.customFlags ?? new Map(),
    options.labels,
  );
  const pathIn = (directory: string) =>
    legacyPath(metadata, [`Account-${account}`, directory], name);
  const database = pathIn("LocalStatus-sqlite");
  const text = pathIn("LocalStatus");
  const hasDatabase = isFile(database, warn);
  if (!hasDatabase && !isFile(text, warn)) return undefined;

  const sharing = options.collisions?.status.get(name);
  if (sharing !== undefined) {
    warn(
      `Folders ${quoted(sharing)} share OfflineIMAP's status file "${name}", ` +
        `which is not used for "${options.remoteName}": messages deleted ` +
        "locally since OfflineIMAP last ran come back",
    );
    return undefined;
  }
  if (hasDatabase && database !== undefined) {
    const rows = readSqliteStatus(database, letters, warn);
    if (rows === undefined || rows.length > 0 || !isFile(text, warn)) {
      return rows;
    }
  }
  const content = readText(text, warn);
  if (content === undefined || text === undefined) return undefined;
  return parseTextStatus(content, letters, text, warn);
}

function readRemoteValidity(
  options: TakeOverOptions,
  warn: Warn,
): number | undefined {
  const { metadata, remoteName, remoteSeparator } = options;
  const fileName = remoteFileName(remoteName, remoteSeparator);
  // It holds that of the first of them.
  if (options.collisions?.validity.has(fileName)) return undefined;
  return readValidity({
    metadata,
    repository: options.remoteRepo,
    fileName,
    warn,
  });
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

function isFile(path: string | undefined, warn: Warn): boolean {
  try {
    return path !== undefined && Deno.statSync(path).isFile;
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (!(error instanceof NotFound || error instanceof NotADirectory)) {
      warn(`"${path}" is not used: ${messageOf(error)}`);
    }
    return false;
  }
}

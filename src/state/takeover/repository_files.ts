/** What OfflineIMAP keeps per repository: FolderValidity, StartUID, UIDMapping. */
import { legacyPath } from "./legacy_name.ts";
import type { Warn } from "./legacy_row.ts";
import { linesOf, readText, warnOfLines } from "./text_file.ts";

/** A folder's file in a repository's directory. */
export interface RepositoryFile {
  readonly metadata: string;
  /** Name of the repository section. */
  readonly repository: string;
  /** The folder's file name, as remoteFileName() or legacyFileName() gives it. */
  readonly fileName: string;
  readonly warn: Warn;
}

/** The UIDVALIDITY of a folder when OfflineIMAP first saw it; 42 for a Maildir. */
export function readValidity(file: RepositoryFile): number | undefined {
  return readNumber(file, "FolderValidity");
}

/** The smallest UID that is synchronised, where `startdate` is set. */
export function readStartUid(file: RepositoryFile): number | undefined {
  return readNumber(file, "StartUID");
}

/** A message of an account whose local side is an IMAP server. */
export interface MappedUid {
  readonly local: number;
  readonly remote: number;
}

/**
 * The UIDs of a folder on both servers, in the file's order. A last line without
 * its end was cut, and a part of a number is another number.
 */
export function readUidMap(file: RepositoryFile): MappedUid[] | undefined {
  const path = pathOf(file, "UIDMapping");
  const text = readText(path, file.warn);
  if (path === undefined || text === undefined) return undefined;
  const map: MappedUid[] = [];
  let damaged = 0;
  const lines = linesOf(text);
  if (!text.endsWith("\n") && lines.pop() !== undefined) damaged++;
  for (const line of lines) {
    const [, local, remote] = /^(\d+):(\d+)$/.exec(line.trim()) ?? [];
    if (local === undefined) damaged++;
    else map.push({ local: Number(local), remote: Number(remote) });
  }
  warnOfLines(path, damaged, file.warn);
  return map;
}

function readNumber(
  file: RepositoryFile,
  directory: string,
): number | undefined {
  const path = pathOf(file, directory);
  const text = readText(path, file.warn);
  if (text === undefined) return undefined;
  const line = linesOf(text)[0]?.trim() ?? "";
  if (/^\d{1,10}$/.test(line)) return Number(line);
  file.warn(`"${path}" is not used: it holds no number`);
  return undefined;
}

function pathOf(
  { metadata, repository, fileName }: RepositoryFile,
  directory: string,
): string | undefined {
  return legacyPath(
    metadata,
    [`Repository-${repository}`, directory],
    fileName,
  );
}

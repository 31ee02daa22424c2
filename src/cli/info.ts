/** What `--info` shows of an account. */
import type { ErrorReport } from "../events.ts";
import { escapeText } from "../ui/escape.ts";
import { displayWidth } from "../ui/width.ts";

/** A folder of a repository. */
export interface FolderInfo {
  /** As the repository names it. */
  readonly name: string;
  /** After `nametrans`; what the other side calls it. */
  readonly translated: string;
  /** `folderfilter` leaves it out. */
  readonly disabled: boolean;
}

/** One side of an account. */
export interface RepositoryInfo {
  readonly name: string;
  /** `IMAP`, `Maildir` … */
  readonly type: string;
  /** Where it is and how it is reached, in order: host, port, ssl, or a path. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** As the configuration has them: folderfilter, nametrans … */
  readonly rules: readonly (readonly [option: string, text: string])[];
  readonly folders: readonly FolderInfo[];
  /** Why there are no folders. */
  readonly error?: ErrorReport;
}

/** An account with its two sides. */
export interface AccountInfo {
  readonly account: string;
  readonly remote: RepositoryInfo;
  readonly local: RepositoryInfo;
}

/** The information as lines, with a line end at the end. */
export function formatInfo({ account, remote, local }: AccountInfo): string {
  const lines = [
    `Account ${escapeText(account)}`,
    ...repositoryLines("Remote", remote),
    ...repositoryLines("Local", local),
  ];
  return `${lines.join("\n")}\n`;
}

function repositoryLines(side: string, info: RepositoryInfo): string[] {
  const { name, type, facts, rules, folders, error } = info;
  const rows = [["type", type], ...facts, ...rules] as const;
  const width = Math.max(...rows.map(([label]) => displayWidth(label)));
  const lines = ["", `  ${side} repository ${escapeText(name)}`];
  for (const [label, value] of rows) {
    lines.push(`    ${label.padEnd(width)}  ${escapeText(value)}`);
  }
  if (error !== undefined) {
    lines.push(`    ERROR: ${escapeText(error.text)}`);
    if (error.hint !== undefined) lines.push(`      ${escapeText(error.hint)}`);
    return lines;
  }
  lines.push(`    Folders (${folders.length}):`);
  return [...lines, ...folders.map((folder) => `      ${folderLine(folder)}`)];
}

/** `name -> translated (disabled)`. */
function folderLine({ name, translated, disabled }: FolderInfo): string {
  const line = `${escapeText(name)} -> ${escapeText(translated)}`;
  return disabled ? `${line} (disabled)` : line;
}

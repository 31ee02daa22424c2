/** What `--info` shows of an account. */
import type {
  AccountInfo,
  FolderInfo,
  RepositoryInfo,
} from "../account/account_info.ts";
import { escapeText } from "../ui/escape.ts";
import { displayWidth } from "../ui/width.ts";

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

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
    const [first = "", ...more] = value.split("\n").map(escapeText);
    lines.push(`    ${escapeText(label).padEnd(width)}  ${first}`.trimEnd());
    // Expressions of several lines stay as they are written.
    lines.push(...more.map((line) => " ".repeat(width + 6) + line));
  }
  if (error !== undefined) {
    // Told where errors are told, with what can be done about it.
    return [...lines, "    Folders: not known, see the error"];
  }
  lines.push(`    Folders (${folders.length}):`);
  return [...lines, ...folders.map((folder) => `      ${folderLine(folder)}`)];
}

/** `name -> translated (disabled)`. */
function folderLine({ name, translated, disabled }: FolderInfo): string {
  const line = `${escapeText(name)} -> ${escapeText(translated)}`;
  return disabled ? `${line} (disabled)` : line;
}

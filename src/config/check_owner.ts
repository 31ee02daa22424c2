/** Whether somebody else can write the files whose code we run. */
import type { ConfigWarning } from "./report.ts";

/** Who we are, as the system sees it. */
export interface Ownership {
  readonly platform: typeof Deno.build.os;
  /** `Deno.uid()`: null on Windows. */
  readonly uid: number | null;
  /** `Deno.gid()`: many systems give each user a group of his own. */
  readonly gid: number | null;
}

const GROUP_WRITES = 0o020;
const ALL_WRITE = 0o002;

/**
 * Warnings about files that hold code or commands (the configuration and its
 * `pythonfile`) and that others can change: who writes them runs what he likes
 * as this user. Not on Windows, where modes say nothing, and not for a file that
 * cannot be looked at: who reads it will say so.
 */
export async function checkOwners(
  files: readonly string[],
  { platform, uid, gid }: Ownership,
): Promise<ConfigWarning[]> {
  if (platform === "windows" || uid === null) return [];
  const warnings: ConfigWarning[] = [];
  for (const file of files) {
    const info = await Deno.stat(file).catch(() => undefined);
    if (info === undefined) continue;
    const why = whyOpen(info, uid, gid);
    if (why === undefined) continue;
    warnings.push({
      code: "config.owner",
      message: `${file}: ${why}, and with it run commands as you; ` +
        `run: chmod go-w "${file}"`,
    });
  }
  return warnings;
}

function whyOpen(
  { uid, gid, mode }: Deno.FileInfo,
  ownUser: number,
  ownGroup: number | null,
): string | undefined {
  // What root owns, root could do anyway.
  if (uid !== null && uid !== ownUser && uid !== 0) {
    return `it belongs to another user (${uid}), who can change it`;
  }
  const open = (gid === ownGroup ? 0 : GROUP_WRITES) | ALL_WRITE;
  return mode !== null && (mode & open) !== 0
    ? "other users can change it"
    : undefined;
}

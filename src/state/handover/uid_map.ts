/** OfflineIMAP's map of UIDs between two servers. */
import { dirname } from "node:path";
import type { AgreedMessage } from "../status_files.ts";
import { replaceFile, type ReplaceOptions } from "./replace_file.ts";

/** The lines `LOCALUID:REMOTEUID` of a folder's map. */
export function formatUidMap(messages: Iterable<AgreedMessage>): string {
  let lines = "";
  for (const { uid, local } of messages) {
    if (local !== undefined) lines += `${local}:${uid}\n`;
  }
  return lines;
}

/** Replaces the map `path` by way of the file `made`. */
export async function writeUidMap(
  path: string,
  made: string,
  messages: Iterable<AgreedMessage>,
  options: ReplaceOptions,
): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(made, formatUidMap(messages), { mode: 0o600 });
  await replaceFile(made, path, options);
}

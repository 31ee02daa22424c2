/** OfflineIMAP's map of UIDs between two servers. */
import { dirname } from "node:path";
import type { AgreedMessage } from "../status_files.ts";
import { replaceFile, type ReplaceOptions } from "./replace_file.ts";

/** The lines `LOCALUID:REMOTEUID` of a folder's map. */
export function formatUidMap(messages: readonly AgreedMessage[]): string {
  return messages.flatMap(({ uid, local }) =>
    local === undefined ? [] : [`${local}:${uid}\n`]
  ).join("");
}

/** Replaces the map `path` by way of the file `made`. */
export async function writeUidMap(
  path: string,
  made: string,
  messages: readonly AgreedMessage[],
  options: ReplaceOptions,
): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(made, formatUidMap(messages), { mode: 0o600 });
  await replaceFile(made, path, options);
}

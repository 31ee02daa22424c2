/** Needs as the rights of a worker. */
import { mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isAbsent } from "../os_error.ts";
import type { Needs } from "./needs.ts";

/**
 * The rights that these needs are. Rights hold for where a path leads to: where
 * a folder, or one in it, is a link, its target is granted as well.
 */
export function grant(needs: Needs): Deno.PermissionOptionsObject {
  return {
    net: needs.net === undefined ? true : [...needs.net],
    read: followed(needs.read),
    write: followed(needs.write),
    env: needs.env === undefined ? true : [...needs.env],
    run: needs.run.length === 0 ? false : [...needs.run],
    sys: [...needs.sys],
    ffi: false,
    import: false,
  };
}

/**
 * Makes the folders that an account's worker could not make, as it may not write
 * to what is above them. Those that exist are left alone.
 * @throws What the system says.
 */
export function makeFolders(paths: readonly string[]): void {
  for (const path of paths) mkdirSync(path, { recursive: true, mode: 0o700 });
}

function followed(paths: readonly string[]): string[] {
  const all = paths.flatMap((path) => [path, realPath(path), ...links(path)]);
  return [...new Set(all)].sort();
}

/** Where a path leads to, whose last parts need not exist. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    const parent = dirname(path);
    if (!isAbsent(error) || parent === path) return path;
    return join(realPath(parent), basename(path));
  }
}

/** Targets of the links in a folder: mail that lies on another disk. */
function links(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)].filter(({ isSymlink }) => isSymlink)
      .map(({ name }) => realPath(join(path, name)));
  } catch {
    // It is no folder, or not there.
    return [];
  }
}

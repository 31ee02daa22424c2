/** Needs as the rights of a worker. */
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { isAbsent } from "../os_error.ts";
import { syncFolder } from "../state/state_files.ts";
import type { Needs } from "./needs.ts";

/**
 * The rights that these needs are. Rights hold for where a path leads to: where
 * a folder, or one in it, is a link, its target is granted as well.
 * @param closed Files and folders that no link in a folder may open: those of
 *   other accounts.
 */
export function grant(
  needs: Needs,
  closed: readonly string[] = [],
): Deno.PermissionOptionsObject {
  return {
    net: [...needs.net],
    read: followed(needs.read, closed),
    write: followed(needs.write, closed),
    env: [...needs.env],
    run: false,
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
export function makeFolders(paths: readonly string[], fsync: boolean): void {
  for (const path of paths) {
    Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
    // A name is durable when the folder that holds it is.
    for (let at = path; fsync && syncFolder(at);) at = dirname(at);
  }
}

function followed(
  paths: readonly string[],
  closed: readonly string[],
): string[] {
  const shut = closed.map(realPath);
  const all = paths.flatMap((path) => {
    const own = realPath(path);
    return [
      path,
      own,
      ...links(path).filter((target) =>
        holdsMail(target) &&
        // What holds the folder itself holds everything around it, too.
        ![own, ...shut].some((place) => isWithin(place, target)) &&
        !shut.some((place) => isWithin(target, place))
      ),
    ];
  });
  return [...new Set(all)].sort();
}

/** Whether it is a mailbox, or a folder of mailboxes. */
function holdsMail(folder: string): boolean {
  if (isMailbox(folder)) return true;
  try {
    return [...Deno.readDirSync(folder)].some(({ name, isDirectory }) =>
      isDirectory && isMailbox(join(folder, name))
    );
  } catch {
    // It is no folder, or may not be looked into.
    return false;
  }
}

function isMailbox(folder: string): boolean {
  try {
    return ["cur", "new", "tmp"].every((part) =>
      Deno.statSync(join(folder, part)).isDirectory
    );
  } catch {
    return false;
  }
}

/** Whether a path is a folder or in it. */
function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || way !== ".." && !way.startsWith(`..${sep}`) &&
      !isAbsolute(way);
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

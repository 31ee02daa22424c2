/** `~` and variables in paths, as Python's `os.path` expands them. */
import { type Host, pathOf } from "./host.ts";

/**
 * `os.path.expanduser()`: a leading `~` or `~user` becomes that home. An unknown
 * user's stays as it is.
 */
export function expandUser(path: string, host: Host): string {
  const match = (host.platform === "windows" ? /^~([^/\\]*)/ : /^~([^/]*)/)
    .exec(path);
  if (match === null) return path;
  const user = match[1] ?? "";
  const home = user === "" ? host.home : host.homeOf(user);
  if (home === undefined) return path;
  const bare = home.replace(
    host.platform === "windows" ? /[/\\]+$/ : /\/+$/,
    "",
  );
  return bare + path.slice(match[0].length) || "/";
}

/**
 * `os.path.expandvars()`: `$NAME` and `${NAME}`, on Windows also `%NAME%`.
 * What is unset stays as it is.
 */
function expandVariables(path: string, host: Host): string {
  const pattern = host.platform === "windows"
    ? /\$(\w+)|\$\{([^}]*)\}|%([^%]+)%/g
    : /\$(\w+)|\$\{([^}]*)\}/g;
  return path.replace(
    pattern,
    (whole: string, bare?: string, braced?: string, percent?: string) =>
      host.env(bare ?? braced ?? percent ?? "") ?? whole,
  );
}

/**
 * A path of the configuration: `~`, then variables, then made absolute against
 * the working directory. An absolute path stays letter for letter, but see {@link absolutePath}.
 */
export function expandPath(path: string, host: Host): string {
  return absolutePath(expandVariables(expandUser(path, host), host), host);
}

/**
 * `path` itself when it is absolute, else below the working directory. On Windows
 * in one form, with backslashes: `\Mail` gets the drive that it is on, and of a
 * path that begins with `\\?\` this is left out. The system's calls add it
 * where a path is long, and with it they would take no slash for a separator.
 */
export function absolutePath(path: string, host: Host): string {
  const { isAbsolute, resolve } = pathOf(host);
  if (host.platform === "windows") return resolve(host.cwd, plainPath(path));
  return isAbsolute(path) ? path : resolve(host.cwd, path);
}

/** `\\?\C:\x` as `C:\x`, `\\?\UNC\host\share` as `\\host\share`. */
function plainPath(path: string): string {
  return path.replace(/^\\\\\?\\UNC\\/i, "\\\\")
    .replace(/^\\\\\?\\(?=[a-z]:)/i, "");
}

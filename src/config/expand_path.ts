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
export function expandVariables(path: string, host: Host): string {
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
 * the working directory. An absolute path stays letter for letter.
 */
export function expandPath(path: string, host: Host): string {
  return absolutePath(expandVariables(expandUser(path, host), host), host);
}

/** `path` itself when it is absolute, else below the working directory. */
export function absolutePath(path: string, host: Host): string {
  const { isAbsolute, resolve } = pathOf(host);
  return isAbsolute(path) ? path : resolve(host.cwd, path);
}

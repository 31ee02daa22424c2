/** What the program is allowed to do, as flags of `deno run` and `deno compile`. */

/**
 * The permissions of the command itself. Which hosts, folders and programs it
 * needs stands in the user's configuration, so these three are not narrowed
 * here; it has no `ffi`, may not import code, and never asks for more.
 */
export const PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
  "--allow-run",
  "--allow-sys=hostname,osRelease,homedir,uid,userInfo,cpus",
  "--deny-ffi",
  "--deny-import",
];

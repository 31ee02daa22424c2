/** What the program is allowed to do, as flags of `deno run` and `deno compile`. */

/**
 * The permissions of the command itself; `deno task start` and a compiled
 * program have the very same.
 *
 * Which hosts, files, variables and programs it needs stands in the user's
 * configuration, so these are not narrowed here. Of the system it may ask its
 * name (file names and locks bear it) and whose home it is in (where `HOME` is
 * not set, and whose file `.netrc` must be). It has no `ffi`, may not import
 * code, and never asks for more.
 */
export const PERMISSIONS: readonly string[] = [
  "--no-prompt",
  // Workers with rights of their own.
  "--unstable-worker-options",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
  "--allow-run",
  "--allow-sys=hostname,uid,gid,userInfo,networkInterfaces",
  "--deny-ffi",
  "--deny-import",
];

/** What the configuration must know of the machine, as values. */
import { userInfo } from "node:os";
import { posix, win32 } from "node:path";

/** The machine as far as a configuration depends on it. */
export interface Host {
  /** `Deno.build.os` */
  readonly platform: typeof Deno.build.os;
  /** The user's home; undefined when nothing tells. */
  readonly home: string | undefined;
  /** Absolute; what relative paths start from. */
  readonly cwd: string;
  /** The clock, for dates that may not lie in the future. */
  readonly now: Date;
  /** An environment variable; undefined when unset or not permitted. */
  readonly env: (name: string) => string | undefined;
  /** The home of a named user, for `~name`; undefined when unknown. */
  readonly homeOf: (user: string) => string | undefined;
}

/** The path functions of the host's platform. */
export function pathOf({ platform }: Pick<Host, "platform">): typeof posix {
  return platform === "windows" ? win32 : posix;
}

/** This machine. */
export function currentHost(): Host {
  const platform = Deno.build.os;
  const home = env(platform === "windows" ? "USERPROFILE" : "HOME") ??
    homeOfUser();
  return {
    platform,
    home: home === "" ? undefined : home,
    cwd: Deno.cwd(),
    now: new Date(),
    env,
    homeOf: (user) => homeOf(user, platform, home),
  };
}

function env(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    // A sandbox may hide a variable, and Windows refuses some names: for us
    // that is the same as unset.
    return undefined;
  }
}

function homeOfUser(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

function homeOf(
  user: string,
  platform: Host["platform"],
  home: string | undefined,
): string | undefined {
  if (platform === "windows") {
    // As Python: homes are siblings.
    return home === undefined ? undefined : win32.join(home, "..", user);
  }
  try {
    const lines = Deno.readTextFileSync("/etc/passwd").split("\n");
    const fields = lines.map((line) => line.split(":"));
    return fields.find(([name]) => name === user)?.[5];
  } catch {
    return undefined;
  }
}

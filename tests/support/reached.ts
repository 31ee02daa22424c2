/** What a program reaches for, as the kernel sees it. */

const STRACE = "/usr/bin/strace";

/** Whether `strace` is installed and may trace. */
export function hasStrace(): boolean {
  try {
    return new Deno.Command(STRACE, {
      args: ["-o", "/dev/null", "true"],
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } catch {
    return false;
  }
}

const REACHING = "execve,connect,sendto,sendmsg,sendmmsg";

/**
 * The words before a program that is to be watched.
 * @param log Gets a line a call, with the paths of open files.
 * @param calls Which. @default those by which it reaches for something
 */
export function traced(log: string, calls = REACHING): string[] {
  return [STRACE, "-f", "-qq", "-y", "-e", `trace=${calls}`, "-o", log];
}

/** What a program reached for. */
export interface Reached {
  /** `address:port`, each once, sorted. */
  readonly addresses: readonly string[];
  /** Paths of the programs that were started, tried ones as well. */
  readonly programs: readonly string[];
}

/** What stands in the log of {@link traced}. */
export function reached(log: string): Reached {
  const addresses = [
    ...log.matchAll(
      /sin6?_port=htons\((\d+)\).*?"([0-9a-f.:]+)"/g,
    ),
  ].map(([, port, address]) => `${address}:${port}`);
  const programs = [...log.matchAll(/execve\("((?:[^"\\]|\\.)*)"/g)]
    .map(([, path]) => path ?? "");
  const each = (values: string[]) => [...new Set(values)].sort();
  return { addresses: each(addresses), programs: each(programs) };
}

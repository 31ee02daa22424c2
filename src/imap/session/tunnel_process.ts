/** The processes of a tunnel: how they are started and how they are ended. */

/** A running tunnel command. */
export interface TunnelProcess {
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  /** How it ended. */
  readonly status: Promise<TunnelStatus>;
  /** Ends it and all that it started. */
  end(): void;
}

/** How a command ended. */
export type TunnelStatus = Pick<Deno.CommandStatus, "code" | "signal">;

/**
 * Starts the command of a tunnel.
 * @throws {Deno.errors.NotFound} There is no shell, or another error of the system.
 */
export function startTunnel(
  command: string,
  platform: string = Deno.build.os,
): TunnelProcess {
  const child = shellCommand(command, platform).spawn();
  const { stdin, stdout, stderr, status } = child;
  return {
    ...{ stdin, stdout, stderr, status },
    end: () => endProcesses(child, platform),
  };
}

/** How long a tunnel that was told to end may take until it is killed. */
const GRACE_MS = 2_000;
const LOOK_AGAIN_MS = 20;

/**
 * The shell for a command line, in a process group of its own, so that what it
 * starts can be ended with it. It has no terminal then: it cannot ask for a
 * passphrase, and Ctrl-C does not cut the connection before the run has ended well.
 */
function shellCommand(
  command: string,
  platform: string,
): Deno.Command {
  const streams = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  if (platform === "windows") {
    return new Deno.Command("cmd", {
      args: ["/d", "/s", "/c", `"${command}"`],
      windowsRawArguments: true,
      ...streams,
    });
  }
  return new Deno.Command("/bin/sh", {
    args: ["-c", command],
    detached: true,
    ...streams,
  });
}

/** Ends a shell of {@link shellCommand} and what it started; kills what stays. */
function endProcesses(child: Deno.ChildProcess, platform: string): void {
  if (platform === "windows") endTree(child);
  else void endGroup(child.pid);
}

/** The shell may be gone while something that it started is deaf to the signal. */
async function endGroup(leader: number): Promise<void> {
  if (!signalGroup(leader, "SIGTERM")) return;
  const limit = performance.now() + GRACE_MS;
  while (performance.now() < limit) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    // It changes nothing for a process that runs, and tells whether one does.
    if (!signalGroup(leader, "SIGCONT")) return;
  }
  signalGroup(leader, "SIGKILL");
}

/** Returns whether there was anybody to signal. */
function signalGroup(leader: number, signal: Deno.Signal): boolean {
  try {
    Deno.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}

/** Windows knows no process groups to signal, but this program for trees of them. */
function endTree(child: Deno.ChildProcess): void {
  try {
    new Deno.Command("taskkill", {
      args: ["/pid", String(child.pid), "/t", "/f"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn().unref();
  } catch {
    child.kill();
  }
}

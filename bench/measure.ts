/** Runs a command as a whole process and says what it took. */
import { existsSync } from "node:fs";

/** A command line, with nothing of our own environment but PATH. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What a run took. */
export interface Sample {
  readonly wallMs: number;
  /** User and system time, to the hundredth of a second. */
  readonly cpuMs: number | undefined;
  /** The largest resident set. */
  readonly peakBytes: number | undefined;
}

/** GNU time: the only way to a child's peak memory without native code. */
const TIME = "/usr/bin/time";

/** Whether CPU time and memory can be measured here. */
export const measuresAll = existsSync(TIME) && Deno.build.os === "linux";

/**
 * Runs a command to its end.
 *
 * @throws {Error} With its output when it does not end with 0.
 */
export async function measure(command: Command): Promise<Sample> {
  const report = Deno.makeTempFileSync({ prefix: "oi-bench-" });
  try {
    const { program, args, env } = measuresAll
      ? timed(command, report)
      : command;
    const start = performance.now();
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args: [...args],
      env: { PATH: Deno.env.get("PATH") ?? "", NO_COLOR: "1", ...env },
      clearEnv: true,
      stdin: "null",
    }).output();
    const wallMs = performance.now() - start;
    if (!success) {
      const decoder = new TextDecoder();
      throw new Error(
        `${command.program} ${command.args.join(" ")} failed:\n` +
          decoder.decode(stdout) + decoder.decode(stderr),
      );
    }
    return { wallMs, ...usage(Deno.readTextFileSync(report)) };
  } finally {
    Deno.removeSync(report);
  }
}

function timed({ program, args, env }: Command, report: string): Command {
  return {
    program: TIME,
    args: ["-f", "%U %S %M", "-o", report, program, ...args],
    env,
  };
}

/** Reads `USER SYSTEM KILOBYTES`. */
function usage(text: string): Pick<Sample, "cpuMs" | "peakBytes"> {
  const match = /([\d.]+) ([\d.]+) (\d+)\s*$/.exec(text);
  if (match === null) return { cpuMs: undefined, peakBytes: undefined };
  const [, user, system, kilobytes] = match.map(Number);
  return {
    cpuMs: ((user ?? 0) + (system ?? 0)) * 1000,
    peakBytes: (kilobytes ?? 0) * 1024,
  };
}

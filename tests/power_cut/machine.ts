/** Whether power can be cut on this machine. */
import { fileURLToPath } from "node:url";

/** The program that needs mounts of its own. */
const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** How a program with mounts of its own ended. */
export interface Ended {
  readonly success: boolean;
  /** Standard output and error. */
  readonly text: string;
}

/**
 * Runs `main.ts` where it may mount. Its mounts and loop devices are seen by
 * nobody else and gone with it, however it ends.
 */
export async function runWithMounts(args: readonly string[]): Promise<Ended> {
  try {
    const { success, stdout, stderr } = await new Deno.Command("unshare", {
      args: [
        ...["--mount", "--propagation", "private", "--kill-child", "--fork"],
        ...[Deno.execPath(), "run", "-A", "--quiet", MAIN, ...args],
      ],
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
  } catch (error) {
    return { success: false, text: String(error) };
  }
}

/** Why power cannot be cut here; undefined if it can. */
export async function whyNot(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "needs Linux";
  if (Deno.uid() !== 0) return "needs root, for loop devices";
  const { success, text } = await runWithMounts(["probe"]);
  if (success) return undefined;
  const said = text.trim().split("\n").find((line) => line.startsWith("Error"));
  return said ?? text.trim().split("\n").at(-1) ?? "for no reason that it told";
}

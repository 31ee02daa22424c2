/** The entry of children that are killed, made to start fast. */
import { join } from "node:path";

const SOURCE = new URL("../support/crash_main.ts", import.meta.url);

/** The entry, and how to remove what was made for it. */
export interface CrashEntry extends Disposable {
  readonly url: string;
}

/**
 * `crash_main.ts` as one bundle, which starts in half the time: hundreds of
 * processes live shortly here. The source itself where it cannot be bundled.
 */
export async function crashEntry(): Promise<CrashEntry> {
  const folder = Deno.makeTempDirSync({ prefix: "oi-crash-" });
  const remove = () => Deno.removeSync(folder, { recursive: true });
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--platform", "deno", "--minify"],
      ...["--code-splitting", "--outdir", folder, SOURCE.href],
    ],
    stdout: "null",
    stderr: "null",
  }).output();
  return {
    url: success ? join(folder, "crash_main.js") : SOURCE.href,
    [Symbol.dispose]: remove,
  };
}

/** A script that runs beside a benchmark as a process of its own. */

/** The process, and the port that it printed as `{"port":N}` when it was ready. */
export interface Background extends AsyncDisposable {
  readonly port: number;
}

/**
 * Starts a script of this project. Disposing of the result stops it.
 * @param script Its path from this folder.
 */
export async function startBackground(
  script: string,
  args: readonly string[],
): Promise<Background> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--allow-net"],
      new URL(script, import.meta.url).href,
      ...args,
    ],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  const { port } = JSON.parse(new TextDecoder().decode(value));
  return {
    port,
    async [Symbol.asyncDispose]() {
      process.kill();
      await process.stdout.cancel();
      await process.status;
    },
  };
}

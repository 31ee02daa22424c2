/** Whether a program is installed, and which. */

/** The first number in what `PROGRAM FLAG` prints; undefined: not installed. */
export async function versionOf(
  program: string,
  flag: string,
): Promise<string | undefined> {
  try {
    const { stdout } = await new Deno.Command(program, {
      args: [flag],
      stdin: "null",
      stderr: "null",
    }).output();
    return /\d[\w.]*/.exec(new TextDecoder().decode(stdout))?.[0] ?? "";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

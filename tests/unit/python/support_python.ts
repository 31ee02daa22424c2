/** Whether the tests that need a real Python can run. */

/** Path of python3, undefined when there is none. */
async function findPython(): Promise<string | undefined> {
  for (const program of ["python3", "python"]) {
    try {
      const { success, stdout } = await new Deno.Command(program, {
        args: ["-c", "import sys; print(sys.version_info[0])"],
        stdout: "piped",
        stderr: "null",
      }).output();
      const version = new TextDecoder().decode(stdout).trim();
      if (success && version === "3") return program;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/** The program, looked up once. */
export const PYTHON = await findPython();

/** True when tests without Python are to be left out, and not to fail. */
export const WITHOUT_PYTHON = PYTHON === undefined &&
  Deno.env.get("OFFLINEIMAP_TEST_REQUIRE") !== "1";

/** What to add to the name of a test that is left out. */
export const WHY_SKIPPED = WITHOUT_PYTHON
  ? " (skipped: no python3 on this machine)"
  : "";

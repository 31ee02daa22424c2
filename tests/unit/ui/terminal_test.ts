import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const DRIVER = fileURLToPath(new URL("terminal_driver.py", import.meta.url));
const CHILD = fileURLToPath(new URL("prompt_child.ts", import.meta.url));

/** Runs the prompt in a real terminal. */
async function prompt({ keys = "", signal = "" }): Promise<{
  code: number | null;
  shown: string;
  restored: boolean;
}> {
  const { stdout } = await new Deno.Command("python3", {
    args: [
      DRIVER,
      keys,
      signal,
      Deno.execPath(),
      "run",
      "-A",
      "--quiet",
      CHILD,
    ],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function hasPython(): Promise<boolean> {
  try {
    const command = new Deno.Command("python3", { args: ["--version"] });
    return (await command.output()).success;
  } catch {
    return false;
  }
}

const posix = {
  ignore: Deno.build.os === "windows" || !await hasPython(),
};

const PROMPT = "Enter password for user 'jane' (Remote): ";

Deno.test(
  "processTerminal() reads a password that nobody sees",
  posix,
  async () => {
    const { code, shown, restored } = await prompt({ keys: "secret\r" });
    assert.ok(shown.startsWith(PROMPT), shown);
    assert.ok(!shown.includes("secret"), shown);
    assert.match(shown, /answer 6\r\n/);
    assert.equal(code, 0);
    assert.equal(restored, true);
  },
);

for (
  const [name, action] of [
    ["Ctrl-C", { keys: "sec\x03" }],
    ["SIGINT", { signal: "SIGINT" }],
    ["SIGTERM", { signal: "SIGTERM" }],
  ] as const
) {
  Deno.test(
    `processTerminal() is as before after ${name} at the prompt`,
    posix,
    async () => {
      const { code, shown, restored } = await prompt(action);
      assert.match(shown, /WARNING: Preparing to shutdown after sync/);
      assert.match(shown, /answer undefined\r\n/);
      assert.equal(code, 3, "it ends by itself");
      assert.equal(restored, true);
    },
  );
}

import assert from "node:assert/strict";
import { join } from "node:path";
import {
  configCandidates,
  decodeConfig,
  readConfigText,
} from "../../../src/config/find_config.ts";
import { currentHost } from "../../../src/config/host.ts";
import { readConfig } from "../../../src/config/load.ts";
import { MailError } from "../../../src/errors.ts";
import { configText, testHost } from "./support.ts";

const ROWS: [string, Parameters<typeof testHost>[0], string[]][] = [
  ["without XDG_CONFIG_HOME", {}, [
    "/home/u/.config/offlineimap/config",
    "/home/u/.offlineimaprc",
  ]],
  ["with an empty XDG_CONFIG_HOME", { env: { XDG_CONFIG_HOME: "" } }, [
    "/home/u/.config/offlineimap/config",
    "/home/u/.offlineimaprc",
  ]],
  ["with XDG_CONFIG_HOME", { env: { XDG_CONFIG_HOME: "/xdg" } }, [
    "/xdg/offlineimap/config",
    "/home/u/.offlineimaprc",
  ]],
  ["without a home", { home: undefined }, []],
  ["on Windows", {
    platform: "windows",
    home: "C:\\Users\\u",
    env: { APPDATA: "C:\\Users\\u\\AppData\\Roaming" },
  }, [
    "C:\\Users\\u\\.config\\offlineimap\\config",
    "C:\\Users\\u\\AppData\\Roaming\\offlineimap\\config",
    "C:\\Users\\u\\.offlineimaprc",
  ]],
];
for (const [when, changes, expected] of ROWS) {
  Deno.test(`configCandidates() ${when}`, () => {
    assert.deepEqual(configCandidates(testHost(changes)), expected);
  });
}

Deno.test("configCandidates() expands ~ of -c, and no variables", () => {
  const host = testHost({ env: { X: "x" } });
  assert.deepEqual(configCandidates(host, "~/$X"), ["/home/u/$X"]);
  assert.deepEqual(configCandidates(host, "rc"), ["/work/rc"]);
});

async function inFolder(
  action: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await action(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readConfigText() takes the first file that exists", async () => {
  await inFolder(async (home) => {
    const host = { ...currentHost(), home, env: () => undefined };
    await assert.rejects(readConfigText(host), (error) => {
      assert.ok(error instanceof MailError);
      assert.equal(error.code, "config.file");
      assert.equal(error.scope, "run");
      assert.ok(error.message.includes(join(home, ".offlineimaprc")));
      return true;
    });
    await Deno.writeTextFile(join(home, ".offlineimaprc"), "late");
    assert.equal((await readConfigText(host)).text, "late");
    await Deno.mkdir(join(home, ".config", "offlineimap"), { recursive: true });
    const early = join(home, ".config", "offlineimap", "config");
    await Deno.writeTextFile(early, "early");
    assert.deepEqual(await readConfigText(host), {
      file: early,
      text: "early",
    });
  });
});

Deno.test("readConfigText() says when the file of -c is missing or no file", async () => {
  await inFolder(async (folder) => {
    const missing = join(folder, "none");
    await assert.rejects(
      readConfigText(currentHost(), missing),
      { message: `There is no configuration file ${missing}` },
    );
    await assert.rejects(
      readConfigText(currentHost(), folder),
      (error) => error instanceof MailError && error.code === "config.file",
    );
  });
});

Deno.test("readConfig() reads a file with a byte-order mark and CRLF", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "rc");
    const text = "\ufeff" + configText().replaceAll("\n", "\r\n");
    await Deno.writeTextFile(file, text);
    const config = await readConfig({}, file);
    assert.deepEqual(config.accounts.map(({ name }) => name), ["A"]);
    assert.deepEqual(config.warnings, []);
    assert.equal(config.file, file);
  });
});

Deno.test("decodeConfig() names the line that is not UTF-8", () => {
  const bytes = new TextEncoder().encode("[a]\nx=ä\ny=1\n");
  assert.equal(decodeConfig(bytes, "rc"), "[a]\nx=ä\ny=1\n");
  const latin1 = Uint8Array.from([...bytes, 0xe4, 0x0a]);
  assert.throws(() => decodeConfig(latin1, "rc"), /rc: line 4 is not UTF-8/);
  const half = Uint8Array.from([0xff, 0xfe, 0x5b]);
  assert.throws(() => decodeConfig(half, "rc"), /line 1 is not UTF-8/);
});

Deno.test("currentHost() knows this machine", () => {
  const host = currentHost();
  assert.equal(host.platform, Deno.build.os);
  assert.equal(host.cwd, Deno.cwd());
  assert.equal(host.env("PATH"), Deno.env.get("PATH"));
  assert.equal(host.env("OFFLINEIMAP_TEST_UNSET"), undefined);
  assert.equal(host.env("a=b"), undefined);
});

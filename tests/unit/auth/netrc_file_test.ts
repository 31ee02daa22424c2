import assert from "node:assert/strict";
import { join } from "node:path";
import { netrcFiles, readNetrcFile } from "../../../src/auth/netrc_file.ts";
import { MailError } from "../../../src/errors.ts";

const unix = Deno.build.os !== "windows";

Deno.test("netrcFiles() are the user's, then the system's", () => {
  assert.deepEqual(netrcFiles({ os: "linux", home: "/home/u", uid: 7 }), [
    { path: "/home/u/.netrc", owner: 7 },
    { path: "/etc/netrc", owner: undefined },
  ]);
});

Deno.test("netrcFiles() on Windows are .netrc and _netrc", () => {
  const home = String.raw`C:\Users\u`;
  assert.deepEqual(netrcFiles({ os: "windows", home, uid: null }), [
    { path: String.raw`C:\Users\u\.netrc`, owner: undefined },
    { path: String.raw`C:\Users\u\_netrc`, owner: undefined },
  ]);
});

Deno.test("netrcFiles() without a home are the system's", () => {
  for (const home of [undefined, ""]) {
    const files = netrcFiles({ os: "darwin", home, uid: 7 });
    assert.deepEqual(files.map((file) => file.path), ["/etc/netrc"]);
  }
});

Deno.test("readNetrcFile() has nothing where there is no file", async () => {
  await withFile("", 0o600, async (path) => {
    const file = { path: `${path}.missing`, owner: undefined };
    assert.equal(await readNetrcFile(file), undefined);
  });
});

Deno.test({
  name: "readNetrcFile() refuses passwords that others can read",
  ignore: !unix,
  fn: async () => {
    const owner = Deno.uid() ?? 0;
    for (const mode of [0o640, 0o604, 0o620, 0o644]) {
      await withFile("machine a password hunter2", mode, async (path) => {
        const error = await refusal(readNetrcFile({ path, owner }));
        assert.equal(error.code, "auth.netrc-permissions");
        assert.match(error.message, /open to others \(mode 6\d\d\)/);
        assert.match(error.hint ?? "", /chmod 600/);
        assert.doesNotMatch(error.message, /hunter2/);
      });
    }
  },
});

Deno.test({
  name: "readNetrcFile() refuses passwords in another user's file",
  ignore: !unix,
  fn: async () => {
    const owner = (Deno.uid() ?? 0) + 1;
    await withFile("machine a password b", 0o600, async (path) => {
      const error = await refusal(readNetrcFile({ path, owner }));
      assert.match(error.message, /belongs to another user/);
    });
  },
});

Deno.test({
  name: "readNetrcFile() reads what is private, holds none, or is the system's",
  ignore: !unix,
  fn: async () => {
    const owner = Deno.uid() ?? 0;
    const cases = [
      { text: "machine a login l password p", mode: 0o600, owner },
      { text: "machine a login l", mode: 0o644, owner },
      { text: "machine a login l password p", mode: 0o644, owner: undefined },
    ];
    for (const { text, mode, owner } of cases) {
      await withFile(text, mode, async (path) => {
        const netrc = await readNetrcFile({ path, owner });
        assert.equal(netrc?.machines.get("a")?.login, "l");
      });
    }
  },
});

Deno.test("readNetrcFile() names the file it cannot understand", async () => {
  await withFile("machine a\nhunter2", 0o600, async (path) => {
    const error = await refusal(readNetrcFile({ path, owner: undefined }));
    assert.equal(error.code, "auth.netrc");
    assert(error.message.includes(path));
    assert.match(error.message, /Line 2/);
    assert.doesNotMatch(error.message, /hunter2/);
  });
});

async function withFile(
  text: string,
  mode: number,
  use: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, ".netrc");
    await Deno.writeTextFile(path, text);
    if (unix) await Deno.chmod(path, mode);
    await use(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function refusal(promise: Promise<unknown>): Promise<MailError> {
  try {
    await promise;
  } catch (error) {
    assert(error instanceof MailError);
    return error;
  }
  throw new Error("It was not refused");
}

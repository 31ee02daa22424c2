import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { Keyring } from "../../../src/auth/keyring.ts";
import { MailError } from "../../../src/errors.ts";
import {
  fakePrograms,
  POWERSHELL,
  SECRET_TOOL,
  SECURITY,
  WITHOUT_SHELL,
} from "../../support/fake_programs.ts";

const ENTRY = { host: "imap.test", user: "jane@example.org" };
/** Quotes, blanks and letters beyond ASCII. */
const PASSWORD = `hunter2 "'\\$ pässwörd €`;

const SYSTEMS = [
  { platform: "linux", programs: { "secret-tool": SECRET_TOOL } },
  { platform: "freebsd", programs: { "secret-tool": SECRET_TOOL } },
  { platform: "darwin", programs: { "security": SECURITY } },
  { platform: "windows", programs: { "powershell.exe": POWERSHELL } },
];

function shellTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: WITHOUT_SHELL, fn });
}

for (const { platform, programs } of SYSTEMS) {
  shellTest(
    `Keyring finds what it stored, and shows it to no other process (${platform})`,
    async () => {
      await using fake = fakePrograms(programs);
      const keyring = new Keyring({ platform, env: fake.env });
      assert.deepEqual(await keyring.find(ENTRY), {
        password: undefined,
        problem: undefined,
      });
      assert.equal(await keyring.store(ENTRY, PASSWORD), undefined);
      const { password } = await keyring.find(ENTRY);
      assert.equal(password, PASSWORD);
      const shown = fake.calls().split("\n")
        .filter((line) => !line.startsWith("input ")).join("\n");
      assert.doesNotMatch(shown, /hunter2/);
      assert.ok(!shown.includes(Buffer.from(PASSWORD).toString("hex")));
    },
  );

  shellTest(
    `Keyring is none where the tool is missing (${platform})`,
    async () => {
      await using empty = fakePrograms({});
      const keyring = new Keyring({ platform, env: { PATH: empty.folder } });
      const { password, problem } = await keyring.find(ENTRY);
      assert.equal(password, undefined);
      assert.match(problem ?? "", /: not installed$/);
      assert.match(
        await keyring.store(ENTRY, PASSWORD) ?? "",
        /: not installed$/,
      );
    },
  );

  shellTest(
    `Keyring says what its tool complains of (${platform})`,
    async () => {
      const [name = ""] = Object.keys(programs);
      await using fake = fakePrograms({
        [name]: `cat >/dev/null; echo "no bus" >&2; exit 3`,
      });
      const keyring = new Keyring({ platform, env: fake.env });
      assert.match((await keyring.find(ENTRY)).problem ?? "", /: no bus$/);
      assert.match(await keyring.store(ENTRY, PASSWORD) ?? "", /: no bus$/);
    },
  );
}

shellTest(
  "Keyring reads what Python's keyring stored for secret-tool",
  async () => {
    await using fake = fakePrograms({ "secret-tool": SECRET_TOOL });
    const file = join(fake.folder, `entry-${ENTRY.host}-${ENTRY.user}`);
    Deno.writeTextFileSync(file, "hunter2");
    const keyring = new Keyring({ platform: "linux", env: fake.env });
    assert.equal((await keyring.find(ENTRY)).password, "hunter2");
    assert.equal(
      fake.calls(),
      `secret-tool lookup service ${ENTRY.host} username ${ENTRY.user}\n`,
    );
  },
);

shellTest(
  "Keyring tells text that looks like hex from hex on macOS",
  async () => {
    await using fake = fakePrograms({ "security": SECURITY });
    const keyring = new Keyring({ platform: "darwin", env: fake.env });
    for (const text of ["0xABCD", "abcd", 'q"uote', ""]) {
      Deno.writeTextFileSync(join(fake.folder, "plain"), text);
      Deno.writeTextFileSync(join(fake.folder, "entry"), "");
      assert.equal((await keyring.find(ENTRY)).password, text);
    }
  },
);

shellTest(
  "Keyring.store() replaces an entry that was made by hand, too",
  async () => {
    // An entry by hand is found first, as long as there is one.
    await using fake = fakePrograms({
      "secret-tool": `
file="$HERE/python"; case "$*" in *application*) ;; *) file="$HERE/hand" ;; esac
case $1 in lookup) cat "$HERE/hand" ;; store) cat >"$file" ;; esac`,
    });
    Deno.writeTextFileSync(join(fake.folder, "hand"), "old");
    const keyring = new Keyring({ platform: "linux", env: fake.env });
    assert.equal(await keyring.store(ENTRY, PASSWORD), undefined);
    for (const name of ["hand", "python"]) {
      assert.equal(Deno.readTextFileSync(join(fake.folder, name)), PASSWORD);
    }
  },
);

shellTest("Keyring quotes names for the shell of security", async () => {
  await using fake = fakePrograms({ "security": SECURITY });
  const keyring = new Keyring({ platform: "darwin", env: fake.env });
  await keyring.store({ host: "h", user: 'a" -w x \\' }, "p");
  assert.ok(
    fake.calls().includes(
      'input add-generic-password -U -s "h" -a "a\\" -w x \\\\" -X 70\n',
    ),
    fake.calls(),
  );
});

shellTest("Keyring gives up on a tool that waits for somebody", async () => {
  await using fake = fakePrograms({ "secret-tool": "exec sleep 60" });
  const keyring = new Keyring({
    platform: "linux",
    env: fake.env,
    timeoutMs: 200,
  });
  await assert.rejects(keyring.find(ENTRY), (error) => {
    assert.ok(error instanceof MailError);
    assert.equal(error.code, "auth.keyring");
    assert.match(error.hint ?? "", /unlock it, or start with --ignore-keyring/);
    return true;
  });
});

// shows: general.update-keyring, --update-keyring
shellTest(
  "Keyring.store() does not believe a tool that keeps nothing",
  async () => {
    await using fake = fakePrograms({
      "secret-tool": "cat >/dev/null; exit 0",
    });
    const keyring = new Keyring({ platform: "linux", env: fake.env });
    assert.match(await keyring.store(ENTRY, PASSWORD) ?? "", /has not kept it/);
  },
);

shellTest("Keyring ends with the run", async () => {
  await using fake = fakePrograms({ "secret-tool": "exec sleep 60" });
  const ended = new Error("ended");
  const end = new AbortController();
  const keyring = new Keyring({
    ...{ platform: "linux", env: fake.env, signal: end.signal },
  });
  const found = keyring.find(ENTRY);
  end.abort(ended);
  await assert.rejects(found, ended);
});

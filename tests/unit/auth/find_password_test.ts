import assert from "node:assert/strict";
import { join } from "node:path";
import {
  findPassword,
  findUser,
  type LoginSources,
} from "../../../src/auth/find_password.ts";
import { MailError } from "../../../src/errors.ts";

const NETRC = "machine imap.test login netuser password netpass";

// shows: general.ignore-keyring, --ignore-keyring
Deno.test("findPassword() asks the sources in OfflineIMAP's order", async () => {
  await withFiles(async ({ sources, passwordFile }) => {
    const all: LoginSources = {
      ...sources,
      user: "netuser",
      passwordEval: () => Promise.resolve("evaluated"),
      passwordCommand: () => Promise.resolve("printed"),
      password: "plain",
      passwordFile,
      keyring: ({ host, user }) =>
        Promise.resolve({ password: `${user}@${host}`, problem: undefined }),
      prompt: () => Promise.resolve("typed"),
    };
    const { passwordEval: _, ...noEval } = all;
    const { passwordCommand: _1, ...noCommand } = noEval;
    const { password: __, ...noPlain } = noCommand;
    const { passwordFile: ___, ...noFile } = noPlain;
    const noNetrc = { ...noFile, netrcFiles: [] };
    const { keyring: _2, ...ignored } = noNetrc;
    const rows: [LoginSources, string, string][] = [
      [all, "evaluated", "remotepasseval"],
      [noEval, "printed", "remotepasscmd"],
      [noCommand, "plain", "remotepass"],
      [noPlain, "from file", "remotepassfile"],
      [noFile, "netpass", "netrc"],
      [noNetrc, "netuser@imap.test", "the keyring"],
      [ignored, "typed", "prompt"],
    ];
    for (const [given, value, source] of rows) {
      assert.deepEqual(await findPassword(given), { value, source });
    }
  });
});

Deno.test("findPassword() lets the first configured source win, even empty", async () => {
  await withFiles(async ({ sources }) => {
    const typed = await findPassword({
      ...sources,
      passwordEval: () => Promise.resolve(""),
      password: "never looked at",
      prompt: () => Promise.resolve("typed"),
    });
    assert.deepEqual(typed, { value: "typed", source: "prompt" });
  });
});

Deno.test("findPassword() asks when the keyring has nothing, and says why it could not", async () => {
  await withFiles(async ({ sources }) => {
    const keyring = (problem: string | undefined) => ({
      ...sources,
      netrcFiles: [],
      user: "jane",
      keyring: () => Promise.resolve({ password: undefined, problem }),
    });
    const typed = { prompt: () => Promise.resolve("typed") };
    assert.equal(
      (await findPassword({ ...keyring("not installed"), ...typed })).value,
      "typed",
    );
    await assert.rejects(
      findPassword(keyring("secret-tool: not installed")),
      /\(keyring: secret-tool: not installed\)$/,
    );
    await assert.rejects(findPassword(keyring(undefined)), /"Remote"$|"[^(]*$/);
  });
});

Deno.test("findPassword() passes over netrc when its login is another user", async () => {
  await withFiles(async ({ sources }) => {
    const questions: string[] = [];
    const found = await findPassword({
      ...sources,
      user: "somebody else",
      prompt: (question) => {
        questions.push(question);
        return Promise.resolve("typed");
      },
    });
    assert.equal(found.source, "prompt");
    assert.deepEqual(questions, [
      "Enter password for user 'somebody else': ",
    ]);
  });
});

Deno.test("findPassword() takes netrc's password when no user is configured", async () => {
  await withFiles(async ({ sources }) => {
    assert.equal((await findPassword(sources)).value, "netpass");
  });
});

Deno.test("findPassword() does not trim what remotepasseval and remotepass say", async () => {
  const { sources } = bare();
  const found = await findPassword({ ...sources, password: " p " });
  assert.equal(found.value, " p ");
});

Deno.test("findPassword() says where to put a password when nobody can be asked", async () => {
  const { sources } = bare();
  await refused(findPassword({ ...sources, user: "u" }), {
    code: "auth.no-password",
    message: /No password is known for user "u" of repository "Remote"/,
  });
});

Deno.test("findPassword() treats a given up prompt as no password", async () => {
  const { sources } = bare();
  const prompt = () => Promise.resolve(undefined);
  await refused(findPassword({ ...sources, user: "u", prompt }), {
    code: "auth.no-password",
    message: /No password/,
  });
});

Deno.test("findPassword() keeps what a failing expression printed to itself", async () => {
  const { sources } = bare();
  const passwordEval = () => Promise.reject(new Error("hunter2"));
  await refused(findPassword({ ...sources, passwordEval }), {
    code: "auth.password-source",
    message: /Cannot get remotepasseval of repository "Remote"$/,
  });
});

Deno.test("findPassword() names a password file that is not there", async () => {
  const { sources } = bare();
  const passwordFile = join(Deno.cwd(), "no-such-file");
  await refused(findPassword({ ...sources, passwordFile }), {
    code: "auth.password-source",
    message: /remotepassfile.*no-such-file/,
  });
});

Deno.test("findUser() asks the sources in OfflineIMAP's order", async () => {
  await withFiles(async ({ sources }) => {
    const userEval = () => Promise.resolve("evaluated");
    const rows: [LoginSources, string][] = [
      [{ ...sources, userEval, user: "plain" }, "evaluated"],
      [{ ...sources, user: "plain" }, "plain"],
      [sources, "netuser"],
    ];
    for (const [given, user] of rows) {
      assert.equal(await findUser(given), user);
    }
  });
});

Deno.test("findUser() says where to put a user name when there is none", async () => {
  await refused(findUser(bare().sources), {
    code: "auth.no-user",
    message: /No user name is known for repository "Remote"/,
  });
});

function bare(): { sources: LoginSources } {
  return {
    sources: { repository: "Remote", host: "imap.test", netrcFiles: [] },
  };
}

async function withFiles(
  use: (files: {
    sources: LoginSources;
    passwordFile: string;
  }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, ".netrc");
    await Deno.writeTextFile(path, NETRC, { mode: 0o600 });
    const passwordFile = join(folder, "password");
    await Deno.writeTextFile(passwordFile, "  from file \r\nsecond line\n");
    const netrcFiles = [{ path, owner: Deno.uid() ?? undefined }];
    await use({ sources: { ...bare().sources, netrcFiles }, passwordFile });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function refused(
  promise: Promise<unknown>,
  expected: { code: string; message: RegExp },
): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert(error instanceof MailError);
    assert.equal(error.code, expected.code);
    assert.match(error.message, expected.message);
    assert.doesNotMatch(error.message, /hunter2/);
    assert.equal(error.cause, undefined);
    return true;
  });
}

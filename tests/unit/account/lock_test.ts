import assert from "node:assert/strict";
import { join } from "node:path";
import { acquireLock } from "../../../src/account/lock.ts";
import { MailError } from "../../../src/errors.ts";

const CHILD = new URL("lock_child.ts", import.meta.url).href;
const windows = Deno.build.os === "windows";
const linux = Deno.build.os === "linux";

/** A fresh metadata directory, removed at the end. */
async function scratch(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "lock-" });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** A process that has said its first word: it holds what it was to hold. */
interface Child extends AsyncDisposable {
  readonly pid: number;
  /** The first thing that it wrote. */
  readonly said: string;
  kill(signal: Deno.Signal): Promise<void>;
}

async function spawn(command: string, args: string[]): Promise<Child> {
  const child = new Deno.Command(command, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const finish = async () => {
    await child.stdin.close().catch(() => {});
    await child.status;
    await reader.cancel();
  };
  return {
    pid: child.pid,
    said: new TextDecoder().decode(value).trim(),
    kill: async (signal) => {
      child.kill(signal);
      await child.status;
    },
    [Symbol.asyncDispose]: finish,
  };
}

const spawnOurs = (metadata: string) =>
  spawn(Deno.execPath(), ["run", "-A", "--quiet", CHILD, metadata]);

/** As OfflineIMAP does: opens for writing, then locks or deletes. */
const LOCKF = `
import fcntl, os, sys
path = sys.argv[1]
f = open(path, 'w')
try:
    fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
    print('locked', flush=True)
    sys.stdin.read(1)
except OSError:
    if sys.argv[2:] == ['unlink']:
        f.close()
        os.unlink(path)
    print('refused', flush=True)
`;

const spawnLockf = (path: string, ...more: string[]) =>
  spawn("python3", ["-c", LOCKF, path, ...more]);

const spawnFlock = (path: string) =>
  spawn("flock", [
    "--nonblock",
    "--conflict-exit-code=9",
    path,
    "sh",
    "-c",
    "echo locked; read line",
  ]);

async function has(command: string): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

const noPython = windows || !await has("python3");
const noFlock = windows || !await has("flock");

/** The error of a lock that cannot be had. */
async function refusal(metadata: string, account = "A"): Promise<MailError> {
  try {
    await using lock = await acquireLock(metadata, account);
    assert.fail(`${lock.path} was not held`);
  } catch (error) {
    assert.ok(error instanceof MailError, String(error));
    return error;
  }
}

Deno.test("acquireLock() fails a second time in the same process", async () => {
  await using dir = await scratch();
  const lock = await acquireLock(dir.path, "A");
  const error = await refusal(dir.path);
  assert.equal(error.code, "lock.held");
  assert.equal(error.scope, "account");
  assert.equal(
    error.message,
    "Could not lock account A. Is another instance using this account?",
  );
  // The attempt must not have cost us the locks that we hold.
  assert.equal((await refusal(dir.path)).code, "lock.held");
  await lock[Symbol.asyncDispose]();
  await using again = await acquireLock(dir.path, "A");
  assert.equal(again.path, join(dir.path, "A.lock"));
});

Deno.test("acquireLock() locks one account, not its neighbours", async () => {
  await using dir = await scratch();
  await using _one = await acquireLock(dir.path, "A");
  await using _other = await acquireLock(dir.path, "B");
});

Deno.test("acquireLock() keeps an account's name inside the directory", async () => {
  await using dir = await scratch();
  await using lock = await acquireLock(dir.path, "../up/Work");
  assert.equal(lock.path, join(dir.path, "..%2fup%2fWork.lock"));
});

Deno.test("acquireLock() makes directory and files for the owner alone", {
  ignore: windows,
}, async () => {
  await using dir = await scratch();
  const metadata = join(dir.path, "meta");
  await using _lock = await acquireLock(metadata, "A");
  const modeOf = async (path: string) =>
    ((await Deno.stat(path)).mode ?? 0) & 0o777;
  assert.equal(await modeOf(metadata), 0o700);
  const names: string[] = [];
  for await (const entry of Deno.readDir(metadata)) {
    names.push(entry.name);
    assert.equal(await modeOf(join(metadata, entry.name)), 0o600, entry.name);
  }
  assert.deepEqual(names.sort(), ["A.lock", "A.lock-holder"]);
});

Deno.test("acquireLock() leaves empty files when released", async () => {
  await using dir = await scratch();
  await (await acquireLock(dir.path, "A"))[Symbol.asyncDispose]();
  for (const name of ["A.lock", "A.lock-holder"]) {
    assert.equal((await Deno.stat(join(dir.path, name))).size, 0, name);
  }
});

Deno.test("acquireLock() takes a file that holds something else", async () => {
  await using dir = await scratch();
  await Deno.writeTextFile(join(dir.path, "A.lock"), "4711\n");
  await using _lock = await acquireLock(dir.path, "A");
  assert.equal((await refusal(dir.path)).code, "lock.held");
});

Deno.test("acquireLock() says what to do when the directory cannot be made", async () => {
  await using dir = await scratch();
  const file = join(dir.path, "file");
  await Deno.writeTextFile(file, "");
  const error = await refusal(join(file, "meta"));
  assert.equal(error.code, "lock.failed");
  assert.match(error.message, /^Could not lock account A: /);
  assert.match(error.hint ?? "", /must be writable/);
});

Deno.test("acquireLock() does with one lock on Windows", async () => {
  await using dir = await scratch();
  const options = { platform: "windows" };
  const lock = await acquireLock(dir.path, "A", options);
  assert.equal((await refusal(dir.path)).code, "lock.held");
  assert.equal(await lock.verify(), true);
  await lock[Symbol.asyncDispose]();
  await using _again = await acquireLock(dir.path, "A", options);
});

Deno.test("acquireLock() names pid and time of the process that holds it", async () => {
  await using dir = await scratch();
  await using child = await spawnOurs(dir.path);
  const error = await refusal(dir.path);
  assert.equal(error.code, "lock.held");
  const hint = error.hint ?? "";
  if (!windows) assert.ok(hint.startsWith(`Process ${child.pid} `), hint);
  if (!windows) assert.match(hint, /since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d;/);
});

Deno.test("acquireLock() is not stopped by one who was killed", async () => {
  await using dir = await scratch();
  await using child = await spawnOurs(dir.path);
  assert.equal((await refusal(dir.path)).code, "lock.held");
  await child.kill("SIGKILL");
  await using _lock = await acquireLock(dir.path, "A");
});

Deno.test("acquireLock() respects a record lock, as OfflineIMAP takes it", {
  ignore: noPython,
}, async () => {
  await using dir = await scratch();
  const path = join(dir.path, "A.lock");
  {
    await using child = await spawnLockf(path);
    assert.equal(child.said, "locked");
    const error = await refusal(dir.path);
    assert.equal(error.code, "lock.held");
    if (linux) assert.match(error.hint ?? "", RegExp(`^Process ${child.pid} `));
  }
  await using _lock = await acquireLock(dir.path, "A");
});

Deno.test("acquireLock() keeps a record lock out, as OfflineIMAP takes it", {
  ignore: noPython,
}, async () => {
  await using dir = await scratch();
  const lock = await acquireLock(dir.path, "A");
  {
    await using child = await spawnLockf(lock.path);
    assert.equal(child.said, "refused");
  }
  // Nor does a failed second attempt in this process let it in.
  await refusal(dir.path);
  {
    await using child = await spawnLockf(lock.path);
    assert.equal(child.said, "refused");
  }
  await lock[Symbol.asyncDispose]();
  await using child = await spawnLockf(lock.path);
  assert.equal(child.said, "locked");
});

Deno.test("acquireLock() respects flock, as portalocker takes it", {
  ignore: noFlock,
}, async () => {
  await using dir = await scratch();
  {
    await using child = await spawnFlock(join(dir.path, "A.lock"));
    assert.equal(child.said, "locked");
    assert.equal((await refusal(dir.path)).code, "lock.held");
  }
  await using _lock = await acquireLock(dir.path, "A");
});

Deno.test("acquireLock() keeps flock out, as portalocker takes it", {
  ignore: noFlock,
}, async () => {
  await using dir = await scratch();
  const lock = await acquireLock(dir.path, "A");
  {
    await using child = await spawnFlock(lock.path);
    assert.equal(child.said, "");
  }
  await lock[Symbol.asyncDispose]();
  await using child = await spawnFlock(lock.path);
  assert.equal(child.said, "locked");
});

Deno.test(
  "acquireLock() stays exclusive when an OfflineIMAP deletes the file",
  {
    ignore: noPython,
  },
  async () => {
    await using dir = await scratch();
    await using lock = await acquireLock(dir.path, "A");
    {
      await using child = await spawnLockf(lock.path, "unlink");
      assert.equal(child.said, "refused");
    }
    await assert.rejects(Deno.stat(lock.path), Deno.errors.NotFound);
    assert.equal((await refusal(dir.path)).code, "lock.held");
  },
);

Deno.test("verify() is true while the file is untouched", async () => {
  await using dir = await scratch();
  await using lock = await acquireLock(dir.path, "A");
  assert.equal(await lock.verify(), true);
});

Deno.test("verify() locks the file anew after it was deleted", {
  ignore: noPython,
}, async () => {
  await using dir = await scratch();
  await using lock = await acquireLock(dir.path, "A");
  await Deno.remove(lock.path);
  assert.equal(await lock.verify(), true);
  await using child = await spawnLockf(lock.path);
  assert.equal(child.said, "refused");
});

Deno.test("verify() is false when another program has locked the new file", {
  ignore: noPython,
}, async () => {
  await using dir = await scratch();
  await using lock = await acquireLock(dir.path, "A");
  await Deno.remove(lock.path);
  await using child = await spawnLockf(lock.path);
  assert.equal(child.said, "locked");
  assert.equal(await lock.verify(), false);
});

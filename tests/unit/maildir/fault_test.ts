/** What is left when a step fails, the disk is full or not writable, or lies. */
import assert from "node:assert/strict";
import { MailError } from "../../../src/errors.ts";
import type { Mailbox } from "../../../src/sync/ports.ts";
import { flagsOf } from "../../../src/sync/flags.ts";
import { bindIn, messageOf } from "../../contract/store_contract_support.ts";
import { COLONS, testsThatAssume } from "../../support/assumes.ts";
import {
  filesOf,
  INBOX_MARK,
  isRoot,
  makeMaildir,
  TestTree,
} from "./support.ts";

const test = testsThatAssume(COLONS);

const TEXT = "Subject: x\r\n\r\nx\r\n";

class Killed extends Error {}

/** Runs `work` once for every step k, letting all steps from the k-th on fail. */
async function killAtEveryStep(
  work: (box: Mailbox) => Promise<unknown>,
  check: (tree: TestTree, done: boolean) => Promise<void> | void,
): Promise<number> {
  for (let kill = 1;; kill++) {
    await using tree = new TestTree();
    tree.put("new/1.h", "one");
    tree.put("cur/2.h:2,S", "two");
    const kept = { directory: `${tree.path}/kept`, days: 1 };
    await using box = await tree.open({ fsync: true, kept });
    let steps = 0;
    tree.onStep = () => {
      if (++steps >= kill) throw new Killed();
    };
    let done = true;
    try {
      const failures = await work(box);
      if (Array.isArray(failures) && failures.length > 0) done = false;
    } catch (error) {
      assert.ok(error instanceof Killed, `${error}`);
      done = false;
    }
    tree.onStep = () => {};
    await check(tree, done);
    if (done) return kill - 1;
  }
}

function textsOf(path: string): string[] {
  return filesOf(path).map((name) => Deno.readTextFileSync(`${path}/${name}`));
}

test("append() that is killed at any step leaves all of a message or none", async () => {
  for (const whole of [true, false]) {
    const steps = await killAtEveryStep(
      (box) => box.append(messageOf(TEXT, { whole, internalDate: 1e12 }), 7),
      (tree, done) => {
        const mail = tree.files().filter((name) => !name.startsWith("tmp/"));
        const added = mail.filter((name) => name.includes("U=7"));
        for (const name of added) {
          assert.equal(
            Deno.readTextFileSync(`${tree.inbox}/${name}`),
            "Subject: x\n\nx\n",
          );
        }
        if (done) assert.equal(added.length, 1);
        assert.equal(mail.length - added.length, 2);
      },
    );
    assert.ok(steps >= 6, `${steps} steps`);
  }
});

test("append() cleans up behind a single failing step", async () => {
  for (const failing of ["create", "write", "utime", "fdatasync", "rename"]) {
    await using tree = new TestTree();
    await using box = await tree.open({ fsync: true });
    tree.onStep = (name) => {
      if (name === failing) throw new Killed();
    };
    const message = messageOf(TEXT, { internalDate: 1e12 });
    await assert.rejects(() => box.append(message, 7), Killed);
    assert.deepEqual(tree.files(), [], failing);
  }
});

test("changeFlags() and bind() that are killed lose nothing", async () => {
  const delta = { add: flagsOf(["\\Flagged"]), remove: flagsOf(["\\Seen"]) };
  for (
    const work of [
      (box: Mailbox) =>
        box.changeFlags([{ ref: "1.h", delta }, { ref: "2.h", delta }]),
      (box: Mailbox) => bindIn(box, "2.h", 7),
    ]
  ) {
    const steps = await killAtEveryStep(work, (tree) => {
      assert.deepEqual(textsOf(tree.inbox).sort(), ["one", "two"]);
    });
    assert.ok(steps >= 2, `${steps} steps`);
  }
});

test("remove() that is killed leaves each message in one of two places", async () => {
  const steps = await killAtEveryStep(
    (box) => box.remove(["1.h", "2.h"]),
    (tree, done) => {
      const texts = textsOf(tree.inbox);
      if (done) assert.deepEqual(texts, []);
      try {
        for (const day of Deno.readDirSync(`${tree.path}/kept`)) {
          const place = `${tree.path}/kept/${day.name}/INBOX`;
          for (const { name } of Deno.readDirSync(place)) {
            texts.push(Deno.readTextFileSync(`${place}/${name}`));
          }
        }
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
      assert.deepEqual(texts.sort(), ["one", "two"]);
    },
  );
  assert.ok(steps >= 4, `${steps} steps`);
});

test("create() that is killed can be finished by the next call", async () => {
  for (let kill = 1; kill < 20; kill++) {
    await using tree = new TestTree();
    const store = tree.store({ separator: "/", fsync: true });
    await store.list();
    let steps = 0;
    tree.onStep = () => {
      if (++steps >= kill) throw new Killed();
    };
    const failed = await store.create("a/b").then(() => false, () => true);
    tree.onStep = () => {};
    await store.create("a/b");
    assert.deepEqual((await store.list()).map(({ name }) => name), [
      "INBOX",
      "a/b",
    ]);
    if (!failed) return;
  }
  assert.fail("create() has fewer steps than that");
});

test("a failing directory sync fails its own appends only", async () => {
  await using tree = new TestTree();
  makeMaildir(`${tree.root}/Other`);
  const store = tree.store({ fsync: true });
  await using inbox = await store.open("INBOX", { readOnly: false });
  await using other = await store.open("Other", { readOnly: false });
  const { open } = Deno;
  Deno.open = (path, options) =>
    `${path}`.includes("INBOX")
      ? Promise.reject(new Killed())
      : open(path, options);
  try {
    const [bad, good] = await Promise.allSettled([
      inbox.append(messageOf(TEXT), 1),
      other.append(messageOf(TEXT), 1),
    ]);
    assert.deepEqual([bad?.status, good?.status], ["rejected", "fulfilled"]);
  } finally {
    Deno.open = open;
  }
});

async function run(...command: string[]): Promise<boolean> {
  const [program = "", ...args] = command;
  try {
    const options = { args, stdout: "null", stderr: "null" } as const;
    return (await new Deno.Command(program, options).output()).success;
  } catch {
    return false;
  }
}

test("a full disk stops the account, leaves no file and passes", async (test) => {
  await using tree = new TestTree();
  const mount = `${tree.path}/full`;
  Deno.mkdirSync(mount);
  const mounted = Deno.build.os === "linux" &&
    await run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mount);
  if (!mounted) {
    await test.step({
      name: "skipped: a small tmpfs cannot be mounted here",
      ignore: true,
      fn: () => {},
    });
    return;
  }
  try {
    const store = tree.store({ root: `${mount}/mail`, fsync: true });
    await store.create("INBOX");
    const inbox = `${mount}/mail/INBOX`;
    await using box = await store.open("INBOX", { readOnly: false });
    const small = messageOf(`Subject: x\r\n\r\n${"x".repeat(8000)}\r\n`);
    const big = `Subject: x\r\n\r\n${"x".repeat(400_000)}\r\n`;
    await box.append(small, 1);
    for (const whole of [true, false]) {
      await assert.rejects(
        () => box.append(messageOf(big, { whole }), 2),
        (error) => {
          assert.ok(error instanceof MailError, `${error}`);
          assert.equal(error.code, "maildir.full");
          assert.equal(error.scope, "account");
          assert.equal(error.retry, "later");
          assert.match(error.message, /INBOX/);
          assert.match(error.hint ?? "", /Free some space/);
          return true;
        },
      );
      assert.equal(filesOf(inbox).length, 1, "nothing half written is left");
    }
    // What was cut off gave its space back.
    await box.append(small, 3);
    assert.equal(filesOf(inbox).length, 2);
  } finally {
    await run("umount", mount);
  }
});

test("a directory that cannot be written is reported, with advice", async (test) => {
  if (isRoot() && !await run("setpriv", "--version")) {
    await test.step({
      name: "skipped: root may write everywhere",
      ignore: true,
      fn: () => {},
    });
    return;
  }
  await using tree = new TestTree();
  tree.put("cur/1.h:2,S");
  const script = `
    import { MaildirStore } from ${
    JSON.stringify(moduleUrl("src/maildir/store.ts"))
  };
    import { messageOf } from ${
    JSON.stringify(moduleUrl("tests/contract/store_contract_support.ts"))
  };
    const store = new MaildirStore({ root: ${JSON.stringify(tree.root)} });
    const list = await store.list();
    const box = await store.open("INBOX", { readOnly: false });
    const delta = { add: "\\\\Flagged", remove: "" };
    const failures = await box.changeFlags([{ ref: "1.h", delta }]);
    const append = await box.append(messageOf("Subject: x\\r\\n\\r\\n"), 1)
      .catch((error) => error);
    const remove = await box.remove(["1.h"]).catch((error) => error);
    const create = await store.create("Other").catch((error) => error);
    const about = ({ code, scope, hint }) => [code, scope, hint !== undefined];
    console.log(JSON.stringify([
      list.length,
      about(failures[0].error), about(append), about(remove), about(create),
    ]));
  `;
  const file = `${tree.path}/script.ts`;
  Deno.writeTextFileSync(file, script);
  for (const path of [tree.path, tree.root, tree.inbox]) {
    Deno.chmodSync(path, 0o755);
  }
  for (const part of ["cur", "new", "tmp"]) {
    Deno.chmodSync(`${tree.inbox}/${part}`, 0o555);
  }
  for (const path of [tree.inbox, tree.root]) Deno.chmodSync(path, 0o555);
  const deno = [
    Deno.execPath(),
    "run",
    "-A",
    "--no-check",
    "--config",
    configPath(),
    file,
  ];
  const [program = "", ...args] = isRoot()
    ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", ...deno]
    : deno;
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args,
    env: { DENO_DIR: `${tree.path}/deno`, HOME: tree.path, NO_COLOR: "1" },
  }).output();
  for (const path of [tree.root, tree.inbox]) Deno.chmodSync(path, 0o755);
  for (const part of ["cur", "new", "tmp"]) {
    Deno.chmodSync(`${tree.inbox}/${part}`, 0o755);
  }
  assert.ok(success, new TextDecoder().decode(stderr));
  const denied = ["maildir.denied", "mailbox", true];
  assert.deepEqual(
    JSON.parse(new TextDecoder().decode(stdout)),
    [1, denied, denied, denied, denied],
  );
  assert.deepEqual(tree.files(), ["cur/1.h:2,S"]);
});

function moduleUrl(path: string): string {
  return new URL(`../../../${path}`, import.meta.url).href;
}

function configPath(): string {
  return new URL("../../../deno.json", import.meta.url).pathname;
}

test("a listing that the disk cuts short is an error, not a loss", async (test) => {
  // Deno.readDirSync ends without an error here (Deno 2.9.6), Deno.readDir does not.
  if (Deno.build.os !== "linux" || !await run("strace", "-V")) {
    await test.step({
      name: "skipped: strace is not here",
      ignore: true,
      fn: () => {},
    });
    return;
  }
  await using tree = new TestTree();
  for (let count = 0; count < 3000; count++) {
    tree.put(
      `cur/1795272358_${count}.1.host,U=${count + 1},FMD5=${INBOX_MARK}:2,S`,
      "x",
    );
  }
  const script = `
    import { forEachFile } from ${
    JSON.stringify(moduleUrl("src/maildir/places.ts"))
  };
    let count = 0;
    try {
      await forEachFile(${JSON.stringify(`${tree.inbox}/cur`)}, () => count++);
      console.log("complete", count);
    } catch (error) {
      console.log(error.code);
    }
  `;
  const file = `${tree.path}/script.ts`;
  Deno.writeTextFileSync(file, script);
  const { stdout } = await new Deno.Command("strace", {
    args: [
      ..."-f -qq -o /dev/null -e trace=getdents64".split(" "),
      ...["-P", `${tree.inbox}/cur`],
      ...["-e", "inject=getdents64:error=EIO:when=2"],
      ...[
        Deno.execPath(),
        "run",
        "-A",
        "--no-check",
        "--config",
        configPath(),
        file,
      ],
    ],
    stderr: "null",
    env: { NO_COLOR: "1", UV_THREADPOOL_SIZE: "1" },
  }).output();
  const said = new TextDecoder().decode(stdout).trim();
  if (said === "") {
    await test.step({
      name: "skipped: strace may not trace",
      ignore: true,
      fn: () => {},
    });
    return;
  }
  assert.equal(said, "EIO");
});

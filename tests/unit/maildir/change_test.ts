import assert from "node:assert/strict";
import type { MailError } from "../../../src/errors.ts";
import type { Mailbox } from "../../../src/sync/ports.ts";
import { flagsOf, NO_FLAGS } from "../../../src/sync/flags.ts";
import type { Ref } from "../../../src/sync/types.ts";
import {
  bindIn,
  bytesOf,
  knownOf,
} from "../../contract/store_contract_support.ts";
import { COLONS, testsThatAssume } from "../../support/assumes.ts";
import { filesOf, INBOX_MARK, makeMaildir, TestTree } from "./support.ts";

const test = testsThatAssume(COLONS);

function change(
  ref: Ref,
  add: readonly string[],
  remove: readonly string[] = [],
) {
  return { ref, delta: { add: flagsOf(add), remove: flagsOf(remove) } };
}

test.each([
  // Read ones live in cur, others in new, as OfflineIMAP has it.
  { from: "new/1.h:2,", add: ["\\Seen"], remove: [], to: "cur/1.h:2,S" },
  { from: "cur/1.h:2,S", add: [], remove: ["\\Seen"], to: "new/1.h:2," },
  { from: "cur/1.h:2,S", add: ["\\Flagged"], remove: [], to: "cur/1.h:2,FS" },
  { from: "cur/1.h:2,", add: ["\\Flagged"], remove: [], to: "new/1.h:2,F" },
  { from: "new/1.h", add: ["\\Deleted"], remove: [], to: "new/1.h:2,T" },
  // Nothing to change: the file stays where it is.
  { from: "cur/1.h:2,", add: [], remove: ["\\Seen"], to: "cur/1.h:2," },
  { from: "new/1.h:2,S", add: ["\\Seen"], remove: [], to: "new/1.h:2,S" },
  // What other programs wrote stays.
  {
    from: "cur/1.h:2,PSz",
    add: ["\\Flagged"],
    remove: [],
    to: "cur/1.h:2,FPSz",
  },
  {
    from: "cur/1.h:2,S,x=1",
    add: ["\\Flagged"],
    remove: [],
    to: "cur/1.h:2,FS,x=1",
  },
  { from: "cur/1.h!2,S", add: ["\\Flagged"], remove: [], to: "cur/1.h:2,FS" },
  {
    from: "cur/1.h,S=1,W=2:2,S",
    add: ["Work"],
    remove: [],
    to: "cur/1.h,S=1,W=2:2,Sw",
  },
])("changeFlags() makes $to of $from", async ({ from, add, remove, to }) => {
  await using tree = new TestTree();
  tree.put(from);
  await using box = await tree.open({ keywords: new Map([["w", "Work"]]) });
  const ref = from.replace(/^...\//, "").replace(/[:!]2,.*/, "");
  assert.deepEqual(await box.changeFlags([change(ref, add, remove)]), []);
  assert.deepEqual(tree.files(), [to]);
});

test("changeFlags() writes the configured separator", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,S");
  tree.put("cur/2.h:2,S");
  await using box = await tree.open({ windowsCompatible: true });
  await box.changeFlags([change("1.h", ["\\Flagged"])]);
  assert.deepEqual(tree.files(), ["cur/1.h!2,FS", "cur/2.h:2,S"]);
});

test("changeFlags() finds a file again that a mail program renamed", async () => {
  await using tree = new TestTree();
  tree.put("new/1.h");
  await using box = await tree.open();
  await box.observe(knownOf([]), undefined);
  Deno.renameSync(`${tree.inbox}/new/1.h`, `${tree.inbox}/cur/1.h:2,RS`);
  assert.deepEqual(await box.changeFlags([change("1.h", ["\\Flagged"])]), []);
  // Their change stays beside ours.
  assert.deepEqual(tree.files(), ["cur/1.h:2,FRS"]);
});

test("changeFlags() finds a file that is renamed right before its own rename", async () => {
  await using tree = new TestTree();
  tree.put("new/1.h");
  await using box = await tree.open();
  let once = true;
  tree.onStep = (name) => {
    if (name !== "rename" || !once) return;
    once = false;
    Deno.renameSync(`${tree.inbox}/new/1.h`, `${tree.inbox}/cur/1.h:2,S`);
  };
  assert.deepEqual(await box.changeFlags([change("1.h", ["\\Seen"])]), []);
  assert.deepEqual(tree.files(), ["cur/1.h:2,S"]);
});

test("changeFlags() reports a vanished message and goes on", async () => {
  await using tree = new TestTree();
  tree.put("cur/2.h:2,");
  await using box = await tree.open();
  const failures = await box.changeFlags([
    change("1.h", ["\\Seen"]),
    change("2.h", ["\\Seen"]),
  ]);
  assert.deepEqual(failures.map(({ ref }) => ref), ["1.h"]);
  assert.equal((failures[0]?.error as MailError).code, "maildir.vanished");
  assert.deepEqual(tree.files(), ["cur/2.h:2,S"]);
});

test("changeFlags() never renames over another file", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,RS", "kept\n");
  tree.put("cur/1.h:2,S", "kept too\n");
  await using box = await tree.open();
  const [failure] = await box.changeFlags([change("1.h", ["\\Answered"])]);
  assert.equal((failure?.error as MailError).code, "maildir.twins");
  assert.deepEqual(tree.files(), ["cur/1.h:2,RS", "cur/1.h:2,S"]);
});

test("changeFlags() with fsync syncs each directory once", async () => {
  await using tree = new TestTree();
  for (let count = 0; count < 20; count++) tree.put(`new/${count}.h`);
  await using box = await tree.open({ fsync: true });
  tree.steps.length = 0;
  await box.changeFlags(
    Array.from({ length: 20 }, (_, at) => change(`${at}.h`, ["\\Seen"])),
  );
  assert.equal(tree.steps.filter((it) => it === "rename").length, 20);
  assert.equal(tree.steps.filter((it) => it === "fsync directory").length, 2);
  assert.equal(tree.steps.at(-1), "fsync directory");
});

test.each([
  { from: "cur/1.h:2,S", to: `cur/1.h,U=9,FMD5=${INBOX_MARK}:2,S` },
  { from: "new/1.h", to: `new/1.h,U=9,FMD5=${INBOX_MARK}` },
  {
    from: "cur/1.h,S=1,W=2:2,PS,x",
    to: `cur/1.h,S=1,W=2,U=9,FMD5=${INBOX_MARK}:2,PS,x`,
  },
  {
    from: "cur/1.h,U=3,FMD5=00ff:2,S",
    to: `cur/1.h,U=9,FMD5=${INBOX_MARK}:2,S`,
  },
  {
    from: `cur/1.h,U=9,FMD5=${INBOX_MARK}:2,S`,
    to: `cur/1.h,U=9,FMD5=${INBOX_MARK}:2,S`,
  },
])("bind() makes $to of $from", async ({ from, to }) => {
  await using tree = new TestTree();
  tree.put(from);
  await using box = await tree.open();
  const unique = (path: string) => path.slice(4).replace(/:2,.*/, "");
  assert.equal(await bindIn(box, unique(from), 9), unique(to));
  assert.deepEqual(tree.files(), [to]);
});

test("bind() of many at once shares the directory's fsync", async () => {
  await using tree = new TestTree();
  for (let count = 0; count < 50; count++) tree.put(`new/${count}.h`);
  await using box = await tree.open({ fsync: true });
  tree.steps.length = 0;
  await Promise.all(
    Array.from({ length: 50 }, (_, at) => bindIn(box, `${at}.h`, at + 1)),
  );
  assert.ok(tree.steps.filter((it) => it === "fsync directory").length < 10);
});

test("bind() leaves a name alone that would become too long", async () => {
  await using tree = new TestTree();
  const long = `1.${"h".repeat(230)}`;
  tree.put(`cur/${long}:2,S`);
  await using box = await tree.open();
  assert.equal(await bindIn(box, long, 9), long);
  assert.deepEqual(tree.files(), [`cur/${long}:2,S`]);
});

test("bind() rejects for a message that is gone", async () => {
  await using tree = new TestTree();
  await using box = await tree.open();
  await assert.rejects(() => bindIn(box, "1.h", 9), {
    code: "maildir.vanished",
  });
});

test("fetch() gives CRLF and the flags and time of the file", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,FPS", "a: b\n\nx\r\ny\rz\n\xe9");
  await Deno.utime(`${tree.inbox}/cur/1.h:2,FPS`, 1000, 1000);
  await using box = await tree.open();
  await box.fetch(["1.h"], async ({ body, flags, internalDate }) => {
    assert.equal(flags, "\\Flagged \\Seen");
    assert.equal(internalDate, 1_000_000);
    const text = new TextDecoder().decode(await bytesOf(body));
    assert.equal(text, "a: b\r\n\r\nx\r\ny\rz\r\n\xe9");
  }, { concurrency: 1 });
});

test("fetch() counts a large file first and keeps its word", async () => {
  await using tree = new TestTree();
  // LF and CR at each side of the borders of chunks.
  const text = "\n\r\n\r".repeat(400_000);
  tree.put("cur/1.h:2,S", text);
  await using box = await tree.open();
  await box.fetch(["1.h"], async ({ body }) => {
    assert.equal(body.bytes, undefined);
    const expected = text.replaceAll(/(?<!\r)\n/g, "\r\n");
    assert.equal(body.sizeBytes, expected.length);
    assert.equal(new TextDecoder().decode(await bytesOf(body)), expected);
    assert.equal(new TextDecoder().decode(await bytesOf(body)), expected);
  }, { concurrency: 1 });
});

test("fetch() notices a large file that changes while it is read", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,S", "x".repeat(2 << 20));
  await using box = await tree.open();
  const [failure] = await box.fetch(["1.h"], async ({ body }) => {
    tree.put("cur/1.h:2,S", "shorter");
    await bytesOf(body);
  }, { concurrency: 1 });
  assert.equal((failure?.error as MailError).code, "maildir.changed");
});

test("fetch() never hands on an empty file", async () => {
  await using tree = new TestTree();
  tree.put("new/1.h", "");
  tree.put("new/2.h", "Subject: x\n\n");
  await using box = await tree.open();
  const fetched: Ref[] = [];
  const failures = await box.fetch(["1.h", "2.h"], ({ ref }) => {
    fetched.push(ref);
    return Promise.resolve();
  }, { concurrency: 1 });
  assert.deepEqual(fetched, ["2.h"]);
  const error = failures[0]?.error as MailError;
  assert.equal(error.code, "maildir.empty");
  assert.equal(error.scope, "message");
  assert.match(error.hint ?? "", /full disk/);
});

test("fetch() and identify() find a file again that was renamed", async () => {
  await using tree = new TestTree();
  tree.put("new/1.h", "Message-ID: <a>\n\n");
  await using box = await tree.open();
  await box.observe(knownOf([]), undefined);
  Deno.renameSync(`${tree.inbox}/new/1.h`, `${tree.inbox}/cur/1.h:2,S`);
  let flags = "";
  await box.fetch(["1.h"], (message) => {
    flags = message.flags;
    return Promise.resolve();
  }, { concurrency: 1 });
  assert.equal(flags, "\\Seen");
  Deno.renameSync(`${tree.inbox}/cur/1.h:2,S`, `${tree.inbox}/new/1.h:2,F`);
  const [identity] = await Array.fromAsync(box.identify(["1.h"]));
  assert.equal(identity?.key, "<a>");
});

test("identify() reads large messages in pieces and tells the same", async () => {
  await using tree = new TestTree();
  const body = "x\n".repeat(1 << 20);
  tree.put("cur/1.h:2,S", `Subject: x\nMessage-Id:\n <big@id>\n\n${body}`);
  tree.put("cur/2.h:2,S", body);
  await using box = await tree.open();
  const [big, headless] = await Array.fromAsync(box.identify(["1.h", "2.h"]));
  assert.equal(big?.key, "<big@id>");
  assert.equal(
    big?.sizeBytes,
    `Subject: x\r\nMessage-Id:\r\n <big@id>\r\n\r\n`.length + body.length * 1.5,
  );
  assert.match(headless?.key ?? "", /^sha256:/);
});

test("remove() moves files to the keep place, under the day and folder", async () => {
  await using tree = new TestTree();
  makeMaildir(`${tree.root}/a/b`);
  makeMaildir(tree.root);
  const directory = `${tree.path}/kept`;
  const store = tree.store({
    separator: "/",
    kept: { directory, days: 7 },
    now: () => Date.UTC(2026, 10, 21, 12),
  });
  for (const name of ["", "INBOX", "a/b"]) {
    Deno.writeTextFileSync(`${tree.root}/${name}/cur/1.h:2,S`, `in ${name}`);
    await using box = await store.open(name, { readOnly: false });
    assert.deepEqual(await box.remove(["1.h", "2.h"]), {
      removed: ["1.h", "2.h"],
      marked: [],
    });
    assert.deepEqual(filesOf(`${tree.root}/${name}`), []);
  }
  for (
    const [folder, name] of [["dot", ""], ["INBOX", "INBOX"], ["a/b", "a/b"]]
  ) {
    const path = `${directory}/2026-11-21/${folder}/1.h:2,S`;
    assert.equal(await Deno.readTextFile(path), `in ${name}`);
  }
});

test("remove() keeps two files of one name on one day", async () => {
  await using tree = new TestTree();
  const directory = `${tree.path}/kept`;
  await using box = await tree.open({ kept: { directory, days: 7 } });
  for (const text of ["first", "second", "third"]) {
    tree.put("cur/1.h:2,S", text);
    await box.remove(["1.h"]);
  }
  const texts = [];
  for await (const { name } of Deno.readDir(directory)) {
    const place = `${directory}/${name}/INBOX`;
    for await (const file of Deno.readDir(place)) {
      texts.push(await Deno.readTextFile(`${place}/${file.name}`));
    }
  }
  assert.deepEqual(texts.sort(), ["first", "second", "third"]);
});

test("remove() across file systems copies, syncs and keeps the time", async () => {
  if (Deno.build.os !== "linux") return;
  await using tree = new TestTree();
  const directory = Deno.makeTempDirSync({ dir: "/dev/shm" });
  try {
    if (Deno.statSync(directory).dev === Deno.statSync(tree.path).dev) return;
    tree.put("cur/1.h:2,S", "text");
    await Deno.utime(`${tree.inbox}/cur/1.h:2,S`, 1000, 1000);
    await using box = await tree.open({
      fsync: true,
      kept: { directory, days: 1 },
    });
    tree.steps.length = 0;
    await box.remove(["1.h"]);
    assert.deepEqual(tree.files(), []);
    assert.deepEqual(tree.steps, [
      "mkdir",
      // The folder of the day, and that of the mailbox in it.
      "fsync directory",
      "fsync directory",
      "rename",
      "copy",
      "fdatasync",
      "rename",
      "fsync directory",
      "remove",
      "fsync directory",
      "fsync directory",
    ]);
    const [day] = [...Deno.readDirSync(directory)];
    const path = `${directory}/${day?.name}/INBOX/1.h:2,S`;
    assert.equal(await Deno.readTextFile(path), "text");
    assert.equal((await Deno.stat(path)).mtime?.getTime(), 1_000_000);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

test("remove() with no days to keep deletes at once", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,S");
  const directory = `${tree.path}/kept`;
  await using box = await tree.open({ kept: { directory, days: 0 } });
  await box.remove(["1.h"]);
  assert.deepEqual(tree.files(), []);
  await assert.rejects(() => Deno.stat(directory), Deno.errors.NotFound);
});

test("remove() takes a file that is renamed right before, and no other", async () => {
  await using tree = new TestTree();
  tree.put("new/1.h");
  tree.put("new/1.h2");
  await using box = await tree.open();
  let once = true;
  tree.onStep = (name) => {
    if (name !== "remove" || !once) return;
    once = false;
    Deno.renameSync(`${tree.inbox}/new/1.h`, `${tree.inbox}/cur/1.h:2,S`);
  };
  assert.deepEqual((await box.remove(["1.h"])).removed, ["1.h"]);
  assert.deepEqual(tree.files(), ["new/1.h2"]);
});

test("purgeKept() deletes days that are over, and nothing else", async () => {
  await using tree = new TestTree();
  const directory = `${tree.path}/kept`;
  for (
    const name of ["2026-11-01/INBOX", "2026-11-14", "2026-11-15", "notes"]
  ) {
    Deno.mkdirSync(`${directory}/${name}`, { recursive: true });
  }
  Deno.writeTextFileSync(`${directory}/2026-11-02`, "a file");
  Deno.writeTextFileSync(`${directory}/2026-11-01/INBOX/1.h`, "x");
  const store = tree.store({ kept: { directory, days: 7 } });
  const now = Date.UTC(2026, 10, 22, 1);
  assert.deepEqual(store.purgeKept(now), ["2026-11-01", "2026-11-14"]);
  assert.deepEqual(
    [...Deno.readDirSync(directory)].map(({ name }) => name).sort(),
    ["2026-11-02", "2026-11-15", "notes"],
  );
  assert.deepEqual(store.purgeKept(now), []);
  assert.deepEqual(tree.store().purgeKept(now), []);
});

test("move() keeps name and place, and never writes over a file", async () => {
  await using tree = new TestTree();
  makeMaildir(`${tree.root}/Other`);
  tree.put("new/1.h", "moved");
  tree.put("cur/2.h:2,S", "moved too");
  Deno.writeTextFileSync(`${tree.root}/Other/cur/2.h:2,S`, "was there");
  await using box = await tree.open({ now: () => 5_000 });
  const moved = await box.move?.(["1.h", "2.h", "gone"], "Other");
  assert.deepEqual(moved, new Map([["1.h", "1.h"], ["2.h", "5_0.13048.host"]]));
  assert.deepEqual(tree.files(), []);
  assert.deepEqual(filesOf(`${tree.root}/Other`), [
    "cur/2.h:2,S",
    "cur/5_0.13048.host:2,S",
    "new/1.h",
  ]);
  assert.equal(
    await Deno.readTextFile(`${tree.root}/Other/cur/2.h:2,S`),
    "was there",
  );
});

test("move() to a mailbox that is not there moves nothing", async () => {
  await using tree = new TestTree();
  tree.put("new/1.h");
  await using box = await tree.open();
  await assert.rejects(async () => await box.move?.(["1.h"], "Nowhere"), {
    code: "maildir.missing",
  });
  assert.deepEqual(tree.files(), ["new/1.h"]);
});

test("a mailbox opened for reading changes nothing", async () => {
  await using tree = new TestTree();
  tree.put("new/1.h");
  await using box = await tree.store().open("INBOX", { readOnly: true });
  const changes: ((box: Mailbox) => Promise<unknown>)[] = [
    (box) => bindIn(box, "1.h", 9),
    (box) => box.changeFlags([change("1.h", ["\\Seen"])]),
    (box) => box.remove(["1.h"]),
    async (box) => await box.move?.(["1.h"], "INBOX"),
  ];
  for (const work of changes) {
    await assert.rejects(() => work(box), { code: "maildir.readonly" });
  }
  assert.deepEqual(tree.files(), ["new/1.h"]);
  assert.equal(box.canHold("\\Seen"), true);
  assert.equal(box.canHold("Work"), false);
  assert.equal(box.validity, 42);
  assert.equal(box.nextRef, undefined);
  assert.equal(NO_FLAGS, "");
});

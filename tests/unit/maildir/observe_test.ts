import assert from "node:assert/strict";
import { MailError } from "../../../src/errors.ts";
import type { MaildirOptions } from "../../../src/maildir/store.ts";
import { flagsOf, NO_FLAGS } from "../../../src/sync/flags.ts";
import { knownOf } from "../../contract/store_contract_support.ts";
import { COLONS, testsThatAssume } from "../../support/assumes.ts";
import { INBOX_MARK, TestTree } from "./support.ts";

const test = testsThatAssume(COLONS);

const NOTHING = knownOf([]);

test("observe() reads hints, size and time of what is new", async () => {
  await using tree = new TestTree();
  tree.put(`cur/1.h,U=7,FMD5=${INBOX_MARK}:2,FS`, "Subject: a\n\n");
  tree.put("new/2.h,S=12,W=14", "Subject: b\n\n");
  tree.put("new/3.h,S=99,W=14:2,", "Subject: c\n\n");
  tree.put("cur/4.h,U=8,FMD5=0123abcd:2,aP", "Subject: d\n\n");
  for (const [at, name] of tree.files().entries()) {
    await Deno.utime(`${tree.inbox}/${name}`, 1000 - at, 1000 - at);
  }
  await using box = await tree.open();
  const { arrived, reflagged, gone, total } = await box.observe(
    NOTHING,
    undefined,
  );
  assert.deepEqual({ reflagged, gone, total }, {
    reflagged: [],
    gone: [],
    total: 4,
  });
  // The oldest first, so that a server receives them in order.
  assert.deepEqual(arrived, [
    { ref: "3.h,S=99,W=14", flags: "", sizeBytes: 12, internalDate: 997_000 },
    { ref: "2.h,S=12,W=14", flags: "", sizeBytes: 14, internalDate: 998_000 },
    {
      ref: "4.h,U=8,FMD5=0123abcd",
      flags: "",
      sizeBytes: 12,
      internalDate: 999_000,
      hint: { uid: 8, here: false, origin: "0123abcd" },
    },
    {
      ref: `1.h,U=7,FMD5=${INBOX_MARK}`,
      flags: "\\Flagged \\Seen",
      sizeBytes: 12,
      internalDate: 1_000_000,
      hint: { uid: 7, here: true, origin: INBOX_MARK },
    },
  ]);
});

test("observe() looks at no file that is known", async () => {
  await using tree = new TestTree();
  const refs = Array.from({ length: 100 }, (_, at) => `${at}.h`);
  for (const ref of refs) tree.put(`cur/${ref}:2,S`);
  await using box = await tree.open();
  const { statSync } = Deno;
  let stats = 0;
  Deno.statSync = (path) => {
    stats++;
    return statSync(path);
  };
  try {
    await box.observe(knownOf(refs, flagsOf(["\\Seen"])), undefined);
  } finally {
    Deno.statSync = statSync;
  }
  assert.equal(stats, 2, "one for each directory");
});

test("observe() skips dot files, directories and what is in tmp", async () => {
  await using tree = new TestTree();
  tree.put("cur/.nfs001");
  tree.put("new/.hidden:2,S");
  tree.put("tmp/1.h");
  Deno.mkdirSync(`${tree.inbox}/cur/dir:2,S`);
  await Deno.symlink("dir:2,S", `${tree.inbox}/cur/link`);
  await Deno.symlink("nowhere", `${tree.inbox}/cur/dangling`);
  await using box = await tree.open();
  const { arrived, total } = await box.observe(NOTHING, undefined);
  assert.deepEqual([arrived, total], [[], 0]);
});

test("observe() takes a symbolic link to a file for a message", async () => {
  await using tree = new TestTree();
  await Deno.writeTextFile(`${tree.path}/file`, "Subject: x\n\n");
  await Deno.symlink(`${tree.path}/file`, `${tree.inbox}/cur/1.h:2,S`);
  await using box = await tree.open();
  const { arrived } = await box.observe(NOTHING, undefined);
  assert.deepEqual(arrived.map(({ ref, sizeBytes }) => [ref, sizeBytes]), [
    ["1.h", 12],
  ]);
});

test("observe() sees the surplus file of a copied message as a new one", async () => {
  // OfflineIMAP never sees one of the two: both bear the same U= and FMD5.
  await using tree = new TestTree();
  const original = `1.h,U=7,FMD5=${INBOX_MARK}`;
  const copy = `2.h,U=7,FMD5=${INBOX_MARK}`;
  tree.put(`cur/${original}:2,S`);
  tree.put(`cur/${copy}:2,S`);
  await using box = await tree.open();
  const known = knownOf([original], flagsOf(["\\Seen"]));
  const both = await box.observe(known, undefined);
  assert.deepEqual(both.arrived.map(({ ref }) => ref), [copy]);
  assert.deepEqual(both.gone, []);
  await Deno.remove(`${tree.inbox}/cur/${original}:2,S`);
  const one = await box.observe(known, undefined);
  assert.deepEqual(one.gone.map(({ local }) => local), [original]);
});

test("observe() counts two files of one unique name once, the same one always", async () => {
  await using tree = new TestTree();
  tree.put("new/1.h:2,F");
  tree.put("cur/1.h:2,S");
  tree.put("cur/2.h:2,FS");
  tree.put("cur/2.h:2,S");
  await using box = await tree.open();
  const fresh = await box.observe(NOTHING, undefined);
  assert.deepEqual(fresh.arrived.map(({ ref, flags }) => [ref, flags]).sort(), [
    ["1.h", "\\Seen"],
    ["2.h", "\\Seen"],
  ]);
  assert.equal(fresh.total, 2);
  const refs = ["1.h", "2.h"];
  const seen = await box.observe(knownOf(refs, flagsOf(["\\Seen"])), undefined);
  assert.deepEqual([seen.reflagged, seen.arrived, seen.total], [[], [], 2]);
  const unseen = await box.observe(knownOf(refs), undefined);
  assert.deepEqual(unseen.reflagged.map(({ flags }) => flags), [
    "\\Seen",
    "\\Seen",
  ]);
  await box.remove(refs);
  assert.deepEqual(tree.files(), []);
});

test("observe() reads the flags of all separators, whatever is configured", async () => {
  // OfflineIMAP took all flags off the server when the option was toggled.
  for (const options of [{}, { windowsCompatible: true }]) {
    await using tree = new TestTree();
    tree.put("cur/1.h:2,S");
    tree.put("cur/2.h!2,S");
    tree.put("cur/3.h;2,S");
    await using box = await tree.open(options);
    const known = knownOf(["1.h", "2.h", "3.h"], flagsOf(["\\Seen"]));
    const { reflagged, gone, arrived } = await box.observe(known, undefined);
    assert.deepEqual([reflagged, gone, arrived], [[], [], []]);
  }
});

test("observe() does not report letters that mean nothing on IMAP", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,PSz");
  await using box = await tree.open();
  const known = knownOf(["1.h"], flagsOf(["\\Seen"]));
  assert.deepEqual((await box.observe(known, undefined)).reflagged, []);
});

test("observe() warns of a name that is no UTF-8", async () => {
  if (Deno.build.os !== "linux") return;
  await using tree = new TestTree();
  const { success } = await new Deno.Command("sh", {
    args: ["-c", 'touch "$1/$(printf "1\\351.h")"', "sh", `${tree.inbox}/new`],
  }).output();
  assert.ok(success);
  const warnings: string[] = [];
  await using box = await tree.open({ warn: (text) => warnings.push(text) });
  const { arrived } = await box.observe(NOTHING, undefined);
  assert.deepEqual(arrived, []);
  assert.match(warnings.join(), /not valid UTF-8/);
});

test("observe() goes on past a file that cannot be looked at, without a token", async () => {
  await using tree = new TestTree();
  tree.ahead = 10_000;
  tree.put("new/1.h");
  await Deno.symlink("loop", `${tree.inbox}/new/loop`);
  const warnings: string[] = [];
  await using box = await tree.open({ warn: (text) => warnings.push(text) });
  const { arrived, token } = await box.observe(NOTHING, undefined);
  assert.deepEqual(arrived.map(({ ref }) => ref), ["1.h"]);
  assert.equal(token, undefined);
  assert.match(warnings.join(), /loop" is left alone/);
});

test("observe() gives no token until the directories are old enough", async () => {
  await using tree = new TestTree();
  await using box = await tree.open();
  const young = await box.observe(NOTHING, undefined);
  assert.equal(young.token, undefined);
  tree.ahead = 10_000;
  const { token } = await box.observe(NOTHING, undefined);
  assert.match(token ?? "", /^maildir1:\d+:\d+$/);
  const [info] = await tree.store().list();
  assert.equal(info?.token, token);
});

test("observe() reads nothing while the token holds", async () => {
  await using tree = new TestTree();
  tree.ahead = 10_000;
  await using box = await tree.open();
  const { token } = await box.observe(NOTHING, undefined);
  const { readDir } = Deno;
  Deno.readDir = () => {
    throw new Error("read");
  };
  try {
    const quiet = await box.observe(NOTHING, token);
    assert.deepEqual(quiet, {
      arrived: [],
      reflagged: [],
      gone: [],
      total: 0,
      token,
    });
    await assert.rejects(() => box.observe(NOTHING, "maildir1:1:1"), /read/);
  } finally {
    Deno.readDir = readDir;
  }
});

test("observe() takes its token before it reads", async () => {
  await using tree = new TestTree();
  await using box = await tree.open();
  tree.age();
  const before = await box.observe(NOTHING, undefined);
  const { readDir } = Deno;
  let late = true;
  Deno.readDir = (path) => {
    const entries = readDir(path);
    return async function* () {
      yield* entries;
      // Delivered right behind the reading of new/.
      if (late) tree.put("new/late.h");
      late = false;
    }();
  };
  let missed;
  try {
    missed = await box.observe(NOTHING, undefined);
  } finally {
    Deno.readDir = readDir;
  }
  assert.deepEqual([missed.arrived, missed.token], [[], before.token]);
  const next = await box.observe(NOTHING, missed.token);
  assert.deepEqual(next.arrived.map(({ ref }) => ref), ["late.h"]);
});

test("observe() stops between directories when it is aborted", async () => {
  await using tree = new TestTree();
  await using box = await tree.open();
  await assert.rejects(
    () => box.observe(NOTHING, undefined, AbortSignal.abort()),
    { name: "AbortError" },
  );
});

test("observe() of a mailbox that vanished concludes nothing", async () => {
  await using tree = new TestTree();
  await using box = await tree.open();
  await Deno.remove(tree.inbox, { recursive: true });
  await assert.rejects(
    () => box.observe(knownOf(["1.h"]), undefined),
    (error) => {
      assert.ok(error instanceof MailError);
      assert.equal(error.scope, "mailbox");
      assert.equal(error.code, "maildir.missing");
      return true;
    },
  );
  assert.deepEqual(await box.confirmAbsent(["1.h"]), new Set());
});

test("confirmAbsent() finds a file under whatever name it has now", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,RS");
  tree.put("new/2.h!2,");
  tree.put("tmp/3.h");
  tree.put("cur/4.h;2,PSxyz");
  await using box = await tree.open();
  assert.deepEqual(
    await box.confirmAbsent(["1.h", "2.h", "3.h", "4.h", "5.h"]),
    new Set(["5.h"]),
  );
});

test("confirmAbsent() finds by name what a short listing hides", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,FS");
  tree.put("new/2.h");
  await using box = await tree.open();
  const known = knownOf(["1.h", "2.h"], flagsOf(["\\Flagged", "\\Seen"]));
  const { readDir } = Deno;
  Deno.readDir = async function* () {};
  try {
    const { gone } = await box.observe(known, undefined);
    assert.equal(gone.length, 2);
    assert.deepEqual(await box.confirmAbsent(["1.h", "2.h"]), new Set());
  } finally {
    Deno.readDir = readDir;
  }
});

test("confirmAbsent() reads again when a file is renamed meanwhile", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,Rab");
  await using box = await tree.open();
  const { readDir } = Deno;
  let reads = 0;
  Deno.readDir = (path) => {
    // The first pass over cur/ meets the file under neither name.
    if (`${path}`.endsWith("cur") && ++reads === 1) {
      Deno.renameSync(
        `${tree.inbox}/cur/1.h:2,Rab`,
        `${tree.inbox}/cur/1.h:2,Rb`,
      );
      return async function* () {}();
    }
    return readDir(path);
  };
  try {
    assert.deepEqual(await box.confirmAbsent(["1.h"]), new Set());
  } finally {
    Deno.readDir = readDir;
  }
});

const UNMOUNTED: Partial<MaildirOptions> = { expected: true };

test("a root that lost its mail and its marker stops the account", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,S");
  const known = knownOf(["1.h"], flagsOf(["\\Seen"]));
  await tree.store().list();
  // What an empty mount point looks like.
  await Deno.remove(`${tree.root}/.offlineimap-maildir`);
  await Deno.remove(`${tree.inbox}/cur/1.h:2,S`);
  const store = tree.store(UNMOUNTED);
  await store.list();
  await using box = await store.open("INBOX", { readOnly: false });
  await assert.rejects(() => box.observe(known, undefined), isUnmounted);
  assert.deepEqual(await box.confirmAbsent(["1.h"]), new Set());
  assert.ok(!existsMarker(tree), "and it is not marked");
  // The user says that it is right.
  await Deno.writeTextFile(`${tree.root}/.offlineimap-maildir`, "");
  const { gone } = await box.observe(known, undefined);
  assert.deepEqual(gone.map(({ local }) => local), ["1.h"]);
  assert.deepEqual(await box.confirmAbsent(["1.h"]), new Set(["1.h"]));
});

test("a root with all its mail gets a lost marker back", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,S");
  tree.put("cur/2.h:2,S");
  await using box = await tree.open(UNMOUNTED);
  await box.observe(knownOf(["1.h"]), undefined);
  assert.ok(existsMarker(tree));
});

test("a root that is not there at all stops the account", async () => {
  await using tree = new TestTree();
  await Deno.remove(tree.root, { recursive: true });
  for (const use of ["list", "open"] as const) {
    const store = tree.store(UNMOUNTED);
    await assert.rejects(
      async () => {
        if (use === "list") await store.list();
        else await store.open("INBOX", { readOnly: false });
      },
      isUnmounted,
    );
  }
  await assert.rejects(() => Deno.stat(tree.root), Deno.errors.NotFound);
  // Without a status there is nothing to lose: it is created.
  assert.deepEqual(await tree.store().list(), []);
  assert.ok(existsMarker(tree));
});

test("a root without any mailbox stops the account before they are created", async () => {
  await using tree = new TestTree();
  await Deno.remove(tree.inbox, { recursive: true });
  await assert.rejects(() => tree.store(UNMOUNTED).list(), isUnmounted);
});

test("a disk that goes away during the run stops the account", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,S");
  await using box = await tree.open();
  const known = knownOf(["1.h"], flagsOf(["\\Seen"]));
  await box.observe(known, undefined);
  await Deno.remove(`${tree.root}/.offlineimap-maildir`);
  await Deno.remove(`${tree.inbox}/cur/1.h:2,S`);
  await assert.rejects(() => box.observe(known, undefined), isUnmounted);
  await Deno.remove(tree.inbox, { recursive: true });
  await assert.rejects(() => box.observe(known, undefined), isUnmounted);
});

test("a dry run writes no marker and creates no root", async () => {
  await using tree = new TestTree();
  await tree.store({ dryRun: true }).list();
  assert.ok(!existsMarker(tree));
  await Deno.remove(tree.root, { recursive: true });
  assert.deepEqual(await tree.store({ dryRun: true }).list(), []);
  await assert.rejects(() => Deno.stat(tree.root), Deno.errors.NotFound);
});

test("restoreatime puts access times back and trusts no token", async () => {
  await using tree = new TestTree();
  tree.put("cur/1.h:2,S");
  tree.ahead = 10_000;
  for (const part of ["new", "cur"]) {
    await Deno.utime(`${tree.inbox}/${part}`, 1000, 2000);
  }
  const store = tree.store({ restoreAtime: true });
  {
    await using box = await store.open("INBOX", { readOnly: false });
    const { token } = await box.observe(knownOf(["1.h"]), undefined);
    assert.equal(token, undefined);
    await box.changeFlags([{
      ref: "1.h",
      delta: { add: flagsOf(["\\Flagged"]), remove: NO_FLAGS },
    }]);
    // Whatever the mount options are, somebody read it.
    const { mtime } = await Deno.stat(`${tree.inbox}/cur`);
    await Deno.utime(`${tree.inbox}/cur`, 5000, mtime ?? 0);
  }
  const { atime, mtime } = await Deno.stat(`${tree.inbox}/cur`);
  assert.equal(atime?.getTime(), 1_000_000);
  assert.ok((mtime?.getTime() ?? 0) > 2_000_000, "the change stays visible");
  assert.equal((await store.list())[0]?.token, undefined);
});

function isUnmounted(error: unknown): boolean {
  assert.ok(error instanceof MailError);
  assert.equal(error.code, "maildir.unmounted");
  assert.equal(error.scope, "account");
  assert.match(error.hint ?? "", /Mount the disk/);
  return true;
}

function existsMarker(tree: TestTree): boolean {
  return [...Deno.readDirSync(tree.root)]
    .some(({ name }) => name === ".offlineimap-maildir");
}

test("observe() does not leave out what is renamed between the reading of the directory and the look at the file", async () => {
  await using tree = new TestTree();
  tree.put(`new/1.h,U=7,FMD5=${INBOX_MARK}`);
  tree.put("cur/2.h:2,");
  tree.put("cur/3.h:2,");
  await using box = await tree.open();
  const { statSync } = Deno;
  const renames = new Map([
    [`new/1.h,U=7,FMD5=${INBOX_MARK}`, `cur/1.h,U=7,FMD5=${INBOX_MARK}:2,S`],
    ["cur/2.h:2,", "cur/2.h:2,F"],
  ]);
  Deno.statSync = (path) => {
    for (const [from, to] of renames) {
      if (!`${path}`.endsWith(from)) continue;
      Deno.renameSync(`${tree.inbox}/${from}`, `${tree.inbox}/${to}`);
      renames.delete(from);
    }
    if (`${path}`.endsWith("/3.h:2,")) Deno.removeSync(path);
    return statSync(path);
  };
  try {
    const { arrived } = await box.observe(NOTHING, undefined);
    assert.deepEqual(
      arrived.map(({ ref, flags }) => `${ref} ${flags}`).sort(),
      [`1.h,U=7,FMD5=${INBOX_MARK} \\Seen`, "2.h \\Flagged"],
    );
  } finally {
    Deno.statSync = statSync;
  }
});

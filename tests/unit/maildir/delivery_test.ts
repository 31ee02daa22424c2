import assert from "node:assert/strict";
import { MailError } from "../../../src/errors.ts";
import { flagsOf } from "../../../src/sync/flags.ts";
import { latin1, messageOf } from "../../contract/store_contract_support.ts";
import { COLONS, testsThatAssume } from "../../support/assumes.ts";
import { filesOf, INBOX_MARK, makeMaildir, TestTree } from "./support.ts";

const test = testsThatAssume(COLONS);

const NOW = 1795272358_000;
const TEXT = "Date: Mon, 20 Nov 1995 19:12:08 +0000\r\nSubject: x\r\n\r\nx\r\n";
const DATE = Date.UTC(1995, 10, 20, 19, 12, 8);

test("append() names files as OfflineIMAP does, seen ones in cur", async () => {
  await using tree = new TestTree();
  await using box = await tree.open({ now: () => NOW });
  const seen = await box.append(
    messageOf(TEXT, { flags: flagsOf(["\\Seen", "\\Flagged"]) }),
    1,
  );
  await box.append(messageOf(TEXT, { flags: flagsOf(["\\Draft"]) }), 2);
  await box.append(messageOf(TEXT), 3);
  assert.equal(seen, `1795272358_0.13048.host,U=1,FMD5=${INBOX_MARK}`);
  assert.deepEqual(tree.files(), [
    `cur/1795272358_0.13048.host,U=1,FMD5=${INBOX_MARK}:2,FS`,
    `new/1795272358_1.13048.host,U=2,FMD5=${INBOX_MARK}:2,D`,
    `new/1795272358_2.13048.host,U=3,FMD5=${INBOX_MARK}:2,`,
  ]);
});

test("append() writes ! with maildir-windows-compatible and on Windows", async () => {
  for (
    const options of [
      { windowsCompatible: true },
      { platform: "windows" },
      { platform: "windows", windowsCompatible: false },
    ] as const
  ) {
    await using tree = new TestTree();
    await using box = await tree.open({ now: () => NOW, ...options });
    await box.append(messageOf(TEXT), 1);
    assert.deepEqual(tree.files(), [
      `new/1795272358_0.13048.host,U=1,FMD5=${INBOX_MARK}!2,`,
    ]);
  }
});

test("append() writes ; where that is asked for", async () => {
  await using tree = new TestTree();
  await using box = await tree.open({
    now: () => NOW,
    platform: "windows",
    infoSeparator: ";",
  });
  await box.append(messageOf(TEXT), 1);
  assert.match(tree.files()[0] ?? "", /;2,$/);
});

test("append() marks names with the name after nametrans", async () => {
  await using tree = new TestTree();
  await using box = await tree.open({ translate: () => "Sent" });
  await box.append(messageOf(TEXT), 1);
  assert.match(
    tree.files()[0] ?? "",
    /FMD5=7f8c0283f16925caed8e632086b81b9c:2,$/,
  );
});

test("append() of a message without a UID writes no marks", async () => {
  await using tree = new TestTree();
  await using box = await tree.open({ now: () => NOW });
  assert.equal(
    await box.append(messageOf(TEXT), "x"),
    "1795272358_0.13048.host",
  );
  assert.deepEqual(tree.files(), ["new/1795272358_0.13048.host:2,"]);
});

test("append() writes LF for CRLF and no other change", async () => {
  await using tree = new TestTree();
  await using box = await tree.open();
  const wire = latin1("A:b\r\nweird\r\n\r\n\xff\0\rx\ny\r\n--b \r\n");
  for (const whole of [true, false]) {
    await box.append(messageOf(wire, { whole, chunkBytes: 1 }), 1);
  }
  for (const file of tree.files()) {
    assert.deepEqual(
      await Deno.readFile(`${tree.inbox}/${file}`),
      latin1("A:b\nweird\n\n\xff\0\rx\ny\n--b \n"),
    );
  }
});

test.each([
  [{}, { internalDate: 1e12 }, 1e12],
  [{ utimeFromHeader: true }, { internalDate: 1e12 }, DATE],
  [{ utimeFromHeader: true }, {}, DATE],
])(
  "append() with %j gives %j the file time %d",
  async (options, message, time) => {
    await using tree = new TestTree();
    await using box = await tree.open(options);
    for (const whole of [true, false]) {
      await box.append(
        messageOf(TEXT, { ...message, whole, chunkBytes: 3 }),
        1,
      );
    }
    for (const file of tree.files()) {
      const { mtime } = await Deno.stat(`${tree.inbox}/${file}`);
      assert.equal(mtime?.getTime(), time);
    }
  },
);

test("append() takes the time of receipt where there is no readable date", async () => {
  await using tree = new TestTree();
  await using box = await tree.open({
    utimeFromHeader: true,
    filenameUseMailTimestamp: true,
    now: () => NOW,
  });
  const text = "Date: yesterday\r\n\r\n";
  await box.append(messageOf(text, { internalDate: 1e12 }), 1);
  const [file = ""] = tree.files();
  assert.match(file, /^new\/1795272358_0\./);
  assert.equal(
    (await Deno.stat(`${tree.inbox}/${file}`)).mtime?.getTime(),
    1e12,
  );
});

test("append() survives a time that the file system cannot hold", async () => {
  await using tree = new TestTree();
  await using box = await tree.open();
  for (const internalDate of [-1e15, 8.64e15, NaN]) {
    await box.append(messageOf(TEXT, { internalDate }), 1);
  }
  assert.equal(tree.files().length, 3);
});

test("append() starts names with Date, else Delivery-date, if asked", async () => {
  await using tree = new TestTree();
  await using box = await tree.open({
    filenameUseMailTimestamp: true,
    now: () => NOW,
  });
  const delivery = TEXT.replace("Date:", "X-Date:") //
    .replace(
      "Subject:",
      "Delivery-date: Tue, 21 Nov 1995 19:12:08 +0000\r\nS:",
    );
  await box.append(messageOf(TEXT), 1);
  await box.append(messageOf(TEXT, { whole: false, chunkBytes: 5 }), 2);
  await box.append(messageOf(delivery), 3);
  await box.append(messageOf("Subject: none\r\n\r\n"), 4);
  assert.deepEqual(
    tree.files().map((name) => name.replace(/,.*/, "")),
    [
      "new/1795272358_0.13048.host",
      `new/${DATE / 1000 + 86_400}_0.13048.host`,
      `new/${DATE / 1000}_0.13048.host`,
      `new/${DATE / 1000}_1.13048.host`,
    ].sort(),
  );
});

test("append() never writes over a file of an earlier run", async () => {
  await using tree = new TestTree();
  const options = { filenameUseMailTimestamp: true, now: () => NOW };
  for (let run = 0; run < 3; run++) {
    // The same process id, the same date, the same UID: as in a container.
    await using box = await tree.open(options);
    await box.append(messageOf(`${TEXT}run ${run}\r\n`), 7);
  }
  const texts = tree.files().map((name) =>
    Deno.readTextFileSync(`${tree.inbox}/${name}`).slice(-6)
  );
  assert.deepEqual(texts.sort(), ["run 0\n", "run 1\n", "run 2\n"]);
});

test("append() takes another name if its own is being written by others", async () => {
  await using tree = new TestTree();
  await using box = await tree.open({ now: () => NOW });
  tree.put(`tmp/1795272358_0.13048.host,U=1,FMD5=${INBOX_MARK}:2,`, "theirs");
  const ref = await box.append(messageOf(TEXT), 1);
  assert.equal(ref, `1795272358_1.13048.host,U=1,FMD5=${INBOX_MARK}`);
  assert.equal(tree.files().length, 2);
});

test("append() leaves nothing of a message that is cut off", async () => {
  await using tree = new TestTree();
  await using box = await tree.open();
  const message = messageOf(TEXT, { whole: false, chunkBytes: 5 });
  const broken = {
    ...message,
    body: {
      ...message.body,
      chunks: async function* () {
        yield* await Promise.resolve([latin1("Subject: x\r\n")]);
        throw new Error("connection lost");
      },
    },
  };
  await assert.rejects(() => box.append(broken, 1), /connection lost/);
  assert.deepEqual(tree.files(), []);
});

test.each([true, false])(
  "append() refuses other bytes than were promised (in memory: %j)",
  async (whole) => {
    await using tree = new TestTree();
    await using box = await tree.open();
    const message = messageOf(TEXT, { whole, chunkBytes: 5 });
    for (const sizeBytes of [TEXT.length - 1, TEXT.length + 1, 0]) {
      const lying = { ...message, body: { ...message.body, sizeBytes } };
      await assert.rejects(() => box.append(lying, 1), (error) => {
        assert.ok(error instanceof MailError);
        assert.equal(error.code, "maildir.short");
        assert.equal(error.scope, "message");
        return true;
      });
    }
    assert.deepEqual(tree.files(), []);
  },
);

test("append() with many under way at once mixes nothing up", async () => {
  await using tree = new TestTree();
  await using box = await tree.open({ fsync: true });
  const text = (uid: number) =>
    `Subject: ${uid}\r\n\r\n${`${uid}\r\n`.repeat(uid % 50)}`;
  const refs = await Promise.all(
    Array.from(
      { length: 200 },
      (_, uid) =>
        box.append(
          messageOf(text(uid), { whole: uid % 3 !== 0, chunkBytes: 7 }),
          uid + 1,
        ),
    ),
  );
  for (const [uid, ref] of refs.entries()) {
    assert.equal(
      await Deno.readTextFile(`${tree.inbox}/new/${ref}:2,`),
      text(uid).replaceAll("\r\n", "\n"),
    );
  }
});

test("append() with fsync syncs each file before its rename, then the directory", async () => {
  await using tree = new TestTree();
  await using box = await tree.open({ fsync: true });
  tree.steps.length = 0;
  await box.append(messageOf(TEXT, { internalDate: 1e12 }), 1);
  assert.deepEqual(tree.steps, [
    "create",
    "write",
    "utime",
    "fdatasync",
    "rename",
    "fsync directory",
  ]);
});

test("append() of many at once shares the directory's fsync", async () => {
  await using tree = new TestTree();
  await using box = await tree.open({ fsync: true });
  tree.steps.length = 0;
  await Promise.all(
    Array.from(
      { length: 64 },
      (_, uid) => box.append(messageOf(TEXT), uid + 1),
    ),
  );
  const count = (name: string) =>
    tree.steps.filter((step) => step === name).length;
  assert.equal(count("fdatasync"), 64);
  assert.ok(count("fsync directory") < 40, `${count("fsync directory")} syncs`);
});

test("append() resolves only after a directory sync that began behind its rename", async () => {
  await using tree = new TestTree();
  await using box = await tree.open({ fsync: true });
  let renames = 0;
  let covered = 0;
  tree.onStep = (name) => {
    if (name === "rename") renames++;
    // Deno.renameSync follows the step at once, so all counted are done.
    if (name === "fsync directory") covered = renames;
  };
  let number = 0;
  await Promise.all(Array.from({ length: 100 }, async (_, uid) => {
    await box.append(messageOf(TEXT), uid + 1);
    number++;
    assert.ok(covered >= number, `${covered} of ${number}`);
  }));
});

test("append() without fsync makes no sync at all", async () => {
  await using tree = new TestTree();
  await using box = await tree.open();
  tree.steps.length = 0;
  await box.append(messageOf(TEXT), 1);
  assert.deepEqual(tree.steps, ["create", "write", "rename"]);
});

test("open() sweeps what killed runs left in tmp, and nothing else", async () => {
  await using tree = new TestTree();
  const left = "1795272358_0.13048.host,U=1,FMD5=x:2,";
  tree.put(`tmp/${left}`);
  tree.put("tmp/mutt-host-1000-1-2");
  makeMaildir(`${tree.inbox}/tmp/sub`);
  await tree.open();
  assert.ok(tree.files().includes(`tmp/${left}`), "a fresh one may be in use");
  tree.ahead = 37 * 3_600_000;
  await tree.store().open("INBOX", { readOnly: true });
  assert.ok(
    tree.files().includes(`tmp/${left}`),
    "nothing is changed for reading",
  );
  await tree.open();
  assert.deepEqual(filesOf(tree.inbox), ["tmp/mutt-host-1000-1-2", "tmp/sub"]);
});

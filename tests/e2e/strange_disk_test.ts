/** Mail on the file systems of Windows and macOS, as far as names go. */
import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import type { Synced } from "../support/program.ts";
import { type DiskKind, StrangeDisk } from "../support/strange_disk.ts";
import { errorsOf, mail, mails, openPair, type Pair } from "./support.ts";

/** Linux here: the rules are tried where a test can break them. */
const HERE = { ignore: Deno.build.os !== "linux" };

const NFC = "Entwürfe".normalize("NFC");
const NFD = "Entwürfe".normalize("NFD");

interface OnDisk extends AsyncDisposable {
  readonly pair: Pair;
  readonly disk: StrangeDisk;
  /** Synchronises as a program of that system does. */
  sync(): Promise<Synced>;
  /** As `sync()`, and nothing may go wrong. */
  good(): Promise<Synced>;
  /** Subjects of a mailbox on the server, sorted. */
  there(mailbox: string): string[];
}

function onDisk(
  kind: DiskKind,
  names: readonly string[],
  options: Parameters<typeof openPair>[1] = {},
): OnDisk {
  const mailboxes = names.map((name, at) => ({
    name,
    messages: mails(2, `box${at}`),
  }));
  const pair = openPair({ mailboxes }, options);
  Deno.mkdirSync(pair.program.mail);
  const disk = new StrangeDisk(pair.program.mail, kind);
  const sync = () =>
    pair.program.sync({ within: (core) => disk.pretend(core) });
  return {
    pair,
    disk,
    sync,
    good: async () => {
      const synced = await sync();
      assert.deepEqual(errorsOf(synced), []);
      assert.equal(synced.code, 0);
      return synced;
    },
    there: (mailbox) =>
      pair.server.mailbox(mailbox).messages().map(({ source }) =>
        /^Subject: (.*?)\r?$/m.exec(new TextDecoder().decode(source))?.[1] ?? ""
      ).sort(),
    async [Symbol.asyncDispose]() {
      disk[Symbol.dispose]();
      await pair[Symbol.asyncDispose]();
    },
  };
}

/** Nothing is copied, changed or noted by one more run. */
async function assertIdle(box: OnDisk): Promise<void> {
  const { steps } = await box.good();
  const done = steps.filter((step) =>
    step.startsWith("file") || /APPEND|STORE|EXPUNGE|CREATE|FETCH/.test(step)
  );
  assert.deepEqual(done, []);
}

const ODD = [
  "INBOX",
  "INBOX/New",
  "Re: mail?",
  "CON",
  "a/nul.txt",
  "etc.",
  "blank /x",
  "100%",
  "a%3Ab",
  ".hidden",
  'q"<|>*',
];

Deno.test(
  "on NTFS all folders have a directory, and both sides stay in step",
  HERE,
  async () => {
    await using box = onDisk("ntfs", ODD);
    const { server, program } = box.pair;
    await box.good();
    assert.deepEqual(box.disk.names(program.mail), [
      "%43ON",
      ".hidden",
      ".offlineimap-maildir",
      "100%",
      "INBOX",
      "Re%3A mail%3F",
      "a",
      "a%253Ab",
      "blank%20",
      "etc%2E",
      "q%22%3C%7C%3E%2A",
    ]);
    assert.deepEqual(box.disk.names(join(program.mail, "a")), ["%6Eul.txt"]);
    assert.deepEqual(server.mailboxNames().sort(), [...ODD].sort());
    await assertIdle(box);

    // Both ways: a message, a flag, a deletion.
    const folder = "Re%3A mail%3F";
    const [first, second] = program.tree.files(folder);
    assert.ok(first !== undefined && second !== undefined);
    assert.match(first.name, /!2,S$/);
    program.tree.remove(first);
    Deno.renameSync(second.path, `${second.path}F`.replace("SF", "FS"));
    Deno.writeTextFileSync(
      join(program.mail, "%43ON", "new", "1700000000.local"),
      mail("from-here"),
    );
    await box.good();
    const [left] = server.mailbox("Re: mail?").messages();
    assert.equal(box.there("Re: mail?").length, 1);
    assert.deepEqual([...left?.flags ?? []].sort(), ["\\Flagged", "\\Seen"]);
    assert.ok(box.there("CON").includes("from-here"));
    await box.good();
    await assertIdle(box);
  },
);

Deno.test(
  "on NTFS a directory made under an escaped name goes up under the true one",
  HERE,
  async () => {
    await using box = onDisk("ntfs", ["INBOX"]);
    const { server, program } = box.pair;
    await box.good();
    for (const folder of ["Neu%3f", "a/%63on", "50%20off"]) {
      program.tree.create(folder);
    }
    await box.good();
    assert.deepEqual(server.mailboxNames().sort(), [
      "50%20off",
      "INBOX",
      "Neu?",
      "a/con",
    ]);
    await assertIdle(box);
  },
);

Deno.test(
  "on NTFS filters and nametrans get the true name, mbnames the directory's",
  HERE,
  async () => {
    await using box = onDisk("ntfs", ["INBOX", "x: a", "y: b", "z: c"], {
      remote: {
        folderfilter: "lambda name: name != 'y: b'",
        nametrans: "lambda name: name.replace('x:', 'X>')",
      },
      local: {
        nametrans: "lambda name: name.replace('X>', 'x:')",
        folderfilter: "lambda name: name != 'z: c'",
      },
    });
    const { program } = box.pair;
    const list = join(program.home, "list");
    Deno.writeTextFileSync(
      program.configFile,
      "\n[mbnames]\nenabled = yes\nheader = ''\nfooter = ''\nsep = ' '\n" +
        "folderfilter = lambda account, name: name != 'INBOX'\n" +
        `peritem = %(localfolders)s/%(foldername)s\nfilename = ${list}\n`,
      { append: true },
    );
    await box.good();
    assert.deepEqual(program.tree.folders(), ["INBOX", "X%3E a"]);
    assert.equal(
      Deno.readTextFileSync(list),
      join(program.mail, "X%3E a"),
    );
  },
);

Deno.test.each(
  [
    { kind: "ntfs", names: ["Work", "work"] },
    { kind: "apfs", names: ["Work", "work"] },
    { kind: "apfs", names: [NFC, NFD] },
    { kind: "hfs+", names: [NFC, NFD] },
    { kind: "ntfs", names: ["a%3Ab", "a%3ab"] },
  ] as const,
)(
  "on $kind two folders whose names it takes for one are told and left alone: $names",
  HERE,
  async ({ kind, names }) => {
    await using box = onDisk(kind, ["INBOX", ...names]);
    for (let run = 0; run < 2; run++) {
      const synced = await box.sync();
      assert.notEqual(synced.code, 0);
      assert.match(
        errorsOf(synced).join("\n"),
        /takes their names for the same/,
      );
    }
    assert.deepEqual(box.pair.program.tree.folders(), ["INBOX"]);
    for (const name of names) assert.equal(box.there(name).length, 2);
  },
);

Deno.test(
  "on NTFS two forms of a letter are two folders, as on the server",
  HERE,
  async () => {
    await using box = onDisk("ntfs", ["INBOX", NFC, NFD]);
    await box.good();
    await assertIdle(box);
    assert.deepEqual(box.pair.program.tree.folders().length, 3);
  },
);

Deno.test.each(
  [
    { kind: "apfs", name: NFC },
    { kind: "apfs", name: NFD },
    { kind: "hfs+", name: NFC },
    { kind: "hfs+", name: NFD },
  ] as const,
)(
  "on $kind a folder keeps its mail, whichever form its name has: $name",
  HERE,
  async ({ kind, name }) => {
    await using box = onDisk(kind, ["INBOX", name]);
    const { server, program } = box.pair;
    await box.good();
    await assertIdle(box);
    Deno.writeTextFileSync(
      join(program.mail, NFC, "new", "1700000000.local"),
      mail("from-here"),
    );
    server.mailbox(name).append(mail("from-there"));
    await box.good();
    assert.equal(box.there(name).length, 4);
    assert.equal(program.tree.files(name).length, 4);
    await box.good();
    await assertIdle(box);
    assert.deepEqual(server.mailboxNames().sort(), ["INBOX", name].sort());
  },
);

Deno.test.each(
  [
    { kind: "ntfs", there: "work", here: "Work" },
    { kind: "apfs", there: "work", here: "Work" },
    { kind: "hfs+", there: NFC, here: NFD },
  ] as const,
)(
  "on $kind a directory that is spelled otherwise serves its folder",
  HERE,
  async ({ kind, there, here }) => {
    await using box = onDisk(kind, ["INBOX", there]);
    box.pair.program.tree.create(here);
    await box.good();
    await assertIdle(box);
    assert.equal(box.pair.program.tree.files(here).length, 2);
    assert.equal(box.disk.names(box.pair.program.mail).length, 3);
    assert.deepEqual(
      box.pair.server.mailboxNames().sort(),
      ["INBOX", there].sort(),
    );
  },
);

Deno.test(
  "on NTFS a file that another program holds for a moment is waited for",
  HERE,
  async () => {
    await using box = onDisk("ntfs", ["INBOX"]);
    const { server, program } = box.pair;
    await box.good();
    const [file] = program.tree.files("INBOX");
    assert.ok(file !== undefined);
    box.disk.hold(file.path, 3);
    const uid = Number(/U=(\d+)/.exec(file.name)?.[1]);
    server.mailbox("INBOX").setFlags(uid, ["\\Seen", "\\Flagged"]);
    await box.good();
    assert.match(
      program.tree.files("INBOX").map(({ name }) => name).join(" "),
      /!2,FS/,
    );
  },
);

Deno.test(
  "on NTFS a file that another program keeps is told, and done when it is free",
  HERE,
  async () => {
    await using box = onDisk("ntfs", ["INBOX"]);
    const { server, program } = box.pair;
    await box.good();
    const [kept, other] = program.tree.files("INBOX");
    assert.ok(kept !== undefined && other !== undefined);
    box.disk.hold(kept.path, Infinity);
    for (const { uid } of server.mailbox("INBOX").messages()) {
      server.mailbox("INBOX").setFlags(uid, ["\\Seen", "\\Flagged"]);
    }
    const synced = await box.sync();
    assert.notEqual(synced.code, 0);
    assert.match(errorsOf(synced).join("\n"), /used by another process/);
    const flagged = () =>
      program.tree.files("INBOX").filter(({ name }) => name.endsWith("!2,FS"));
    assert.equal(flagged().length, 1);
    box.disk.hold(kept.path, 0);
    await box.good();
    assert.equal(flagged().length, 2);
    await assertIdle(box);
  },
);

/** Names that servers may have, and some that only trouble has. */
const part = fc.oneof(
  fc.constantFrom(
    ...["CON", "nul.x", "cur", "New", "tmp", "..", ".", "a.", "b ", "a%3A"],
    ...["a:", "A:", "%43ON", "é", "e\u0301", "É", "ß", "SS", "%2E", "x"],
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 })
    // deno-lint-ignore no-control-regex
    .filter((text) => !/[/\x00-\x1f\x7f-\x9f]/.test(text)),
);

Deno.test.each([{ kind: "ntfs" }, { kind: "apfs" }, { kind: "hfs+" }] as const)(
  "on $kind any set of folders ends in step or is told of, and no mail is mixed",
  HERE,
  async ({ kind }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(part, { minLength: 1, maxLength: 6 }),
        async (names) => {
          await using box = onDisk(kind, ["INBOX", ...names]);
          const first = await box.sync();
          assert.equal(first.code === 0, errorsOf(first).length === 0);
          // What is here is of one folder, and of what is not here nothing went.
          const { program } = box.pair;
          for (const folder of program.tree.folders()) {
            const files = program.tree.files(folder);
            const origins = new Set(
              files.map(({ path }) =>
                /Subject: (box\d+)/.exec(Deno.readTextFileSync(path))?.[1]
              ),
            );
            assert.ok(origins.size <= 1, `${folder} is of ${[...origins]}`);
          }
          const second = await box.sync();
          assert.equal(second.code, first.code);
          for (const name of names) {
            assert.equal(box.there(name).length, 2, name);
          }
        },
      ),
      { numRuns: 6 },
    );
  },
);

/** copy_ignore_eval, singlethreadperfolder, dynamic_folderfilter, places that take no mail. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { errorsOf, mails, openPair, type Pair, wire } from "./support.ts";
import { start } from "./started.ts";

const ON_UNIX = { ignore: Deno.build.os === "windows" };

function subjects({ program }: Pair, folder = "INBOX"): string[] {
  return program.tree.files(folder).map(({ path }) =>
    /^Subject: (.*)$/m.exec(Deno.readTextFileSync(path))?.[1] ?? ""
  ).sort();
}

Deno.test("copy_ignore_eval keeps messages from being copied, by the name after nametrans", async () => {
  await using pair = openPair({
    mailboxes: [
      { name: "INBOX", messages: mails(4) },
      { name: "Old", messages: mails(2, "old") },
    ],
  }, {
    remote: {
      nametrans: "lambda name: 'archive' if name == 'Old' else name",
      copy_ignore_eval: "lambda f: {'INBOX': [2, 3], 'archive': (1,)}.get(f)",
      createfolders: false,
    },
  });
  const { program, server } = pair;
  const run = await program.sync();
  assert.deepEqual(errorsOf(run), []);
  assert.deepEqual(subjects(pair), ["m-0", "m-3"]);
  assert.deepEqual(subjects(pair, "archive"), ["old-1"]);
  assert.match(
    run.output,
    /IGNORED: Copy message UID 2 there:INBOX -> here\n/,
  );
  // It says what is copied, not what is deleted: both sides keep what they have.
  server.mailbox("INBOX").append(wire("later"));
  await program.sync();
  await program.sync();
  assert.equal(server.mailbox("INBOX").count, 5);
  assert.deepEqual(subjects(pair), ["later", "m-0", "m-3"]);
  // Another list: what it let out is copied, although nothing happened since.
  program.configure({
    remote: {
      nametrans: "lambda name: 'archive' if name == 'Old' else name",
      copy_ignore_eval: "lambda f: [1, 3]",
      createfolders: false,
    },
  });
  await program.sync();
  assert.deepEqual(subjects(pair), ["later", "m-0", "m-1", "m-3"]);
  assert.deepEqual(subjects(pair, "archive"), ["old-1"]);
  // What was copied before stays in step, ignored or not.
  server.mailbox("INBOX").setFlags(1, ["\\Seen", "\\Flagged"]);
  await program.sync();
  assert.match(program.tree.find("m-0").name, /[:!]2,FS$/);
  server.mailbox("INBOX").expunge(1);
  await program.sync();
  assert.deepEqual(subjects(pair), ["later", "m-1", "m-3"]);
});

Deno.test("copy_ignore_eval that fails ends the account and changes nothing", async () => {
  await using pair = openPair({}, {
    remote: { copy_ignore_eval: "lambda f: {'x': []}[f]" },
  });
  const run = await pair.program.sync();
  assert.equal(run.code, 1);
  assert.match(errorsOf(run).join(), /copy_ignore_eval: KeyError/);
  assert.equal(pair.server.log.count(/FETCH|APPEND|STORE/), 0);
});

Deno.test("copy_ignore_eval that gives anything but numbers says so", async () => {
  await using pair = openPair({}, {
    remote: { copy_ignore_eval: "lambda f: ['1']" },
  });
  const run = await pair.program.sync();
  assert.match(errorsOf(run).join(), /must give a list of int/);
});

for (
  const { what, remote, args } of [
    {
      what: "singlethreadperfolder = yes",
      remote: { singlethreadperfolder: true, maxconnections: 4 },
      args: [],
    },
    { what: "-1", remote: { maxconnections: 4 }, args: ["-1"] },
  ]
) {
  Deno.test(`${what} copies the messages of a folder by UID, one after the other`, async () => {
    await using pair = openPair({
      mailboxes: [{ name: "INBOX", messages: mails(30) }],
    }, { remote });
    const { program, server } = pair;
    const copied: number[] = [];
    const run = await program.sync({
      args,
      onEvent: (event) => {
        if (event.type !== "message.copied" || event.to !== "local") return;
        copied.push(event.uid ?? 0);
      },
    });
    assert.deepEqual(errorsOf(run), []);
    assert.deepEqual(copied, Array.from({ length: 30 }, (_, at) => at + 1));
    // A file is in its place before the next one is begun.
    const files = run.steps.slice(run.steps.indexOf("file remove") + 1)
      .filter((step) => /^file (create|rename)$/.test(step));
    assert.deepEqual(
      files.slice(0, 60),
      Array.from(
        { length: 60 },
        (_, at) => `file ${at % 2 ? "rename" : "create"}`,
      ),
    );
    for (let at = 0; at < 5; at++) {
      program.tree.deliver("INBOX", wire(`up-${at}`).replaceAll("\r\n", "\n"));
    }
    server.log.clear();
    assert.deepEqual(errorsOf(await program.sync({ args })), []);
    assert.equal(server.mailbox("INBOX").count, 35);
  });
}

Deno.test(
  "folderfilter is asked again in each round of autorefresh",
  ON_UNIX,
  async () => {
    for (const dynamic of [true, false]) {
      await using pair = openPair({
        mailboxes: ["INBOX", "Later"].map((name) => ({
          name,
          messages: mails(1, name),
        })),
      }, {
        account: { autorefresh: 1.5 },
        remote: {
          dynamic_folderfilter: dynamic,
          folderfilter: "lambda f: f == 'INBOX' or __import__('os')." +
            "path.exists('wanted')",
        },
      });
      const { program } = pair;
      await using run = start(program);
      await run.until(/\*\*\* Finished account 'test'/);
      assert.deepEqual(program.tree.folders(), ["INBOX"]);
      Deno.writeTextFileSync(join(program.home, "wanted"), "");
      run.kill("SIGUSR1");
      await run.until(/\*\*\* Finished account 'test'/, 2);
      assert.deepEqual(program.tree.folders(), ["INBOX", "Later"]);
      // Left out again, it stays as it is on both sides.
      Deno.removeSync(join(program.home, "wanted"));
      pair.server.mailbox("Later").expunge(1);
      run.kill("SIGUSR1");
      await run.until(/\*\*\* Finished account 'test'/, 3);
      assert.equal(program.tree.files("Later").length, 1);
      run.kill("SIGUSR2");
      assert.equal(await run.ended(), 0, run.output);
    }
  },
);

Deno.test("a mailbox that takes no files fails once, before anything is fetched", async () => {
  await using pair = openPair({
    mailboxes: [
      { name: "INBOX", messages: mails(3) },
      { name: "Full", messages: mails(3, "full") },
    ],
  });
  const { program, server } = pair;
  await program.sync();
  server.mailbox("Full").appendAll(mails(40, "more"));
  server.mailbox("INBOX").append(wire("fine"));
  const tmp = join(program.mail, "Full", "tmp");
  server.log.clear();
  const run = await program.sync({
    // One mailbox at a time, so that the last SELECT tells which it is.
    args: ["-1"],
    step: (kind, name) => {
      if (kind !== "file" || name !== "create") return;
      // What a read-only file system says, to root as well.
      if (!broken(server)) return;
      throw Object.assign(new Error(`EROFS: read-only file system, ${tmp}`), {
        code: "EROFS",
      });
    },
  });
  assert.equal(run.code, 1);
  assert.equal(errorsOf(run).length, 1, errorsOf(run).join("\n"));
  assert.match(errorsOf(run).join(), /"Full".*read-only file system/);
  assert.equal(
    server.log.entries.filter(({ mailbox, text }) =>
      mailbox === "Full" && /BODY/.test(text)
    ).length,
    0,
  );
  // Another one went on, and this one goes on when it can.
  assert.ok(subjects(pair).includes("fine"));
  assert.deepEqual(errorsOf(await program.sync()), []);
  assert.equal(program.tree.files("Full").length, 43);
});

/** The mailbox that was selected last on any connection is "Full". */
function broken(server: Pair["server"]): boolean {
  const last = server.log.entries.findLast(({ name }) =>
    /^(SELECT|EXAMINE)$/.test(name)
  );
  return last?.mailbox === "Full";
}

/** Options and flags that only show in a whole run. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  errorsOf,
  mail,
  mails,
  openPair,
  warningsOf,
  wire,
} from "./support.ts";

Deno.test("restoreatime gives new/ and cur/ their times of access back", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using pair = openPair({}, { local: { restoreatime: true } });
  const { program, server } = pair;
  await program.sync();
  const folders = ["new", "cur"].map((part) =>
    join(program.mail, "INBOX", part)
  );
  const long = new Date("2001-01-01T00:00:00Z");
  for (const folder of folders) {
    await Deno.utime(folder, long, Deno.statSync(folder).mtime ?? long);
  }
  server.mailbox("INBOX").append(wire("new"));
  assert.deepEqual(errorsOf(await program.sync()), []);
  for (const folder of folders) {
    assert.equal(Deno.statSync(folder).atime?.getTime(), long.getTime());
  }
  assert.equal(program.tree.files("INBOX").length, 4);
});

Deno.test("-o ends after one run, whatever autorefresh says", async () => {
  await using pair = openPair({}, { account: { autorefresh: 60 } });
  const { code, output } = await pair.program.sync({ args: ["-o"] });
  assert.equal(code, 0);
  assert.equal(output.match(/Finished account/g)?.length, 1);
});

Deno.test("-1 uses one connection, otherwise maxconnections may be used", async () => {
  const mailboxes = ["INBOX", "a", "b", "c"].map((name) => ({
    name,
    messages: mails(2, name),
  }));
  for (const [args, most] of [[["-1"], 1], [[], 2]] as const) {
    await using pair = openPair({ mailboxes });
    const run = await pair.program.sync({ args });
    assert.deepEqual(errorsOf(run), []);
    assert.ok(pair.server.connections.length <= most);
  }
});

// shows: -k
Deno.test("-a takes the accounts named, -k sets an option of theirs for the run", async () => {
  await using pair = openPair();
  const { program } = pair;
  const unknown = program.sync({ args: ["-a", "tset"] });
  await assert.rejects(
    unknown,
    /there is no section \[Account tset\]; did you mean "test"\?/,
  );
  const run = await program.sync({
    args: ["-a", "test", "-k", "Repository_there:folderfilter=lambda f: False"],
  });
  assert.deepEqual(errorsOf(run), [
    "Account test: no folder to sync, all are left out by filters",
  ]);
  assert.equal((await program.sync({ args: ["-a", "test"] })).code, 0);
});

Deno.test("readonly = yes tells what is not carried over, and ignore-readonly silences it", async () => {
  await using pair = openPair({}, { remote: { readonly: true } });
  const { program, server } = pair;
  await program.sync();
  program.tree.setLetters(program.tree.find("m-0"), "FS");
  program.tree.remove(program.tree.find("m-1"));
  server.log.clear();
  const told = await program.sync();
  assert.equal(told.code, 0);
  assert.match(warningsOf(told).join(), /2 changes are not carried over/);
  assert.equal(server.log.count(/STORE|EXPUNGE|APPEND|^SELECT$/), 0);
  program.configure({ general: { "ignore-readonly": true } });
  assert.deepEqual(warningsOf(await program.sync()), []);
  assert.equal((await program.sync({ args: ["--restore"] })).code, 0);
  assert.deepEqual(
    program.tree.files("INBOX").map(({ name }) => name.replace(/^.*:/, "")),
    ["2,S", "2,S", "2,S"],
  );
});

Deno.test("--restore is advised only for what it undoes", async () => {
  await using pair = openPair({}, { remote: { readonly: true } });
  const { program } = pair;
  const hints = async (...args: string[]) =>
    (await program.sync({ args })).events.flatMap((event) =>
      event.type === "warning" ? [[event.text, event.hint]] : []
    );
  await program.sync();
  program.tree.deliver("INBOX", mail("new-here"));
  const left = '"INBOX": 1 changes are not carried over, since the remote ' +
    "repository is read-only (1 new messages stay where they are)";
  assert.deepEqual(await hints(), [[left, undefined]]);
  program.tree.remove(program.tree.find("m-1"));
  const both = left.replace("1 changes", "2 changes");
  assert.deepEqual(await hints(), [
    [both, "Run with --restore to undo changes where they were made"],
  ]);
  assert.deepEqual(await hints("--restore"), [[left, undefined]]);
  assert.equal(program.tree.files("INBOX").length, 4);
});

Deno.test("maxage counts back from today, and what grows old stays on both sides", async () => {
  const day = 86_400_000;
  const aged = (label: string, days: number) => ({
    source: wire(label),
    flags: ["\\Seen"],
    internalDate: new Date(Date.now() - days * day),
  });
  await using pair = openPair({
    mailboxes: [{ name: "INBOX", messages: [aged("old", 30), aged("new", 1)] }],
  }, { account: { maxage: 10 } });
  const { program, server } = pair;
  await program.sync();
  assert.deepEqual(program.tree.files("INBOX").length, 1);
  program.configure({ account: { maxage: 1 } });
  await program.sync();
  await program.sync();
  assert.equal(program.tree.files("INBOX").length, 1);
  assert.equal(server.mailbox("INBOX").count, 2);
});

Deno.test("maxage takes an old message that is moved into a folder, and never deletes one", async () => {
  const aged = (label: string, days: number) => ({
    source: wire(label),
    flags: ["\\Seen"],
    internalDate: new Date(Date.now() - days * 86_400_000),
  });
  await using pair = openPair({
    mailboxes: [
      { name: "INBOX", messages: [aged("old", 30), aged("new", 1)] },
      { name: "Archive", messages: [aged("far", 400)] },
    ],
  }, { account: { maxage: 10 } });
  const { program, server } = pair;
  const labels = (folder: string) =>
    program.tree.files(folder).map(({ path }) =>
      /^Subject: (.*)$/m.exec(Deno.readTextFileSync(path))?.[1]
    ).sort();
  await program.sync();
  assert.deepEqual(labels("INBOX"), ["new"]);
  const moved = aged("moved", 400);
  server.mailbox("INBOX").append(moved.source, moved);
  // Where nothing is young, as in OfflineIMAP, dates alone decide.
  const other = aged("other", 300);
  server.mailbox("Archive").append(other.source, other);
  const dry = await program.sync({ args: ["--dry-run"] });
  assert.match(dry.output, /\[DRYRUN\] Copy 1 messages from INBOX\[there\]/);
  await program.sync();
  assert.deepEqual(labels("INBOX"), ["moved", "new"]);
  assert.deepEqual(labels("Archive"), []);
  assert.equal(
    server.log.lines().some((l) => /^UID SEARCH .*SINCE/.test(l)),
    true,
  );
  // Whoever clears old files away means this machine.
  program.tree.remove(program.tree.find("moved"));
  await program.sync();
  await program.sync();
  assert.equal(server.mailbox("INBOX").count, 3);
  assert.deepEqual(labels("INBOX"), ["new"]);
});

// shows: account.keepdeleted
Deno.test("a message deleted here is kept for a while, where the manual says", async () => {
  await using pair = openPair();
  const { program, server } = pair;
  await program.sync();
  server.mailbox("INBOX").expunge(1);
  await program.sync();
  const kept = join(program.metadata, "Account-test", "deleted");
  const files = [...walk(kept)];
  assert.equal(files.length, 1, files.join());
  assert.ok(
    Deno.readTextFileSync(files[0] ?? "").includes("Subject: m-0\n"),
  );
});

function* walk(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* walk(path);
    else yield path;
  }
}

Deno.test("quick = -1 and -q skip what looks unchanged on a server without CONDSTORE", async () => {
  await using pair = openPair({
    profile: { base: "dovecot", condstore: false, qresync: false },
  });
  const { program, server } = pair;
  await program.sync();
  // The tokens of a run are those of its beginning, and a time that is too
  // recent is not trusted: look until nothing is left to be looked at.
  const deadline = performance.now() + 15_000;
  for (;;) {
    server.log.clear();
    const { output } = await program.sync({ args: ["-q"] });
    if (output.includes("Skipping INBOX (not changed)")) break;
    assert.ok(performance.now() < deadline, output);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal(server.log.count(/^(SELECT|EXAMINE)$/), 0);
  program.tree.deliver("INBOX", mail("new"), "S");
  assert.equal((await program.sync({ args: ["-q"] })).code, 0);
  assert.equal(server.mailbox("INBOX").count, 4);
});

Deno.test("infoseparator is written into new names, and every other is read", async () => {
  await using pair = openPair({}, { local: { infoseparator: ";" } });
  const { program, server } = pair;
  await program.sync();
  const names = () =>
    ["new", "cur"].flatMap((
      part,
    ) => [...Deno.readDirSync(join(program.mail, "INBOX", part))]).map((
      { name },
    ) => name);
  assert.ok(names().length > 0);
  for (const name of names()) assert.match(name, /;2,[A-Z]*$/);
  // Old files keep theirs and their flags.
  program.configure({ local: { infoseparator: "!" } });
  server.mailbox("INBOX").append(wire("new"));
  const before = names();
  const run = await program.sync();
  assert.deepEqual(errorsOf(run), []);
  assert.equal(run.output.match(/Copy message/g)?.length, 1);
  const added = names().filter((name) => !before.includes(name));
  assert.equal(added.length, 1);
  assert.match(added[0] ?? "", /!2,$/);
});

/** What each topic of `-d` tells. */
import assert from "node:assert/strict";
import type { SyncEvent } from "../../src/events.ts";
import { errorsOf, mail, mails, openPair } from "./support.ts";

/** The lines of a topic. */
function told(events: readonly SyncEvent[], topic: string): string[] {
  return events.flatMap((event) =>
    event.type === "debug" && event.topic === topic ? [event.text] : []
  );
}

Deno.test("-d maildir tells what is read, what changed, and every file written, renamed and removed", async () => {
  await using pair = openPair({
    mailboxes: [{ name: "INBOX", messages: mails(3) }],
  });
  const { program, server } = pair;
  const first = await program.sync({ args: ["-d", "maildir"] });
  assert.deepEqual(errorsOf(first), []);
  const made = told(first.events, "maildir");
  assert.match(made.join("\n"), /^Folders in .*: 0 \(\)$/m);
  assert.match(made.join("\n"), /^Folder "INBOX": made$/m);
  for (const uid of [1, 2, 3]) {
    const wrote = new RegExp(
      `^Folder "INBOX": wrote message ${uid} to (new|cur)/\\S+,U=${uid},` +
        "FMD5=[0-9a-f]{32}[:!]2,S?, \\d+ bytes with CRLF$",
      "m",
    );
    assert.match(made.join("\n"), wrote);
  }
  const { tree } = program;
  const byUid = (uid: number) => {
    const found = tree.files("INBOX").find(({ name }) =>
      name.includes(`,U=${uid},`)
    );
    assert.ok(found !== undefined);
    return found;
  };
  tree.setLetters(byUid(1), "FS");
  tree.remove(byUid(2));
  tree.deliver("INBOX", mail("mine"));
  server.mailbox("INBOX").expunge(3);
  const next = await program.sync({ args: ["-d", "maildir"] });
  assert.deepEqual(errorsOf(next), []);
  const lines = told(next.events, "maildir").join("\n");
  assert.match(
    lines,
    /"INBOX": read, 3 messages: 1 new, 1 gone, 1 with other flags$/m,
  );
  assert.match(lines, /"INBOX": new: \S+ \(\)$/m);
  assert.match(lines, /"INBOX": gone: message 2, \S+,U=2,\S+ \(/m);
  assert.match(
    lines,
    /other flags: message 1, \S+ \(\\Seen\) is \(\\Flagged \\Seen\) now$/m,
  );
  assert.match(lines, /"INBOX": renamed new\/\S+ to new\/\S+,U=\d+,FMD5=/m);
  const removed = new RegExp(
    `"INBOX": removed \\w+/\\S*U=3,\\S*, which is kept as .*deleted`,
    "m",
  );
  assert.match(lines, removed);
});

Deno.test("-d thread tells which work begins and ends, and what becomes of connections", async () => {
  await using pair = openPair({
    mailboxes: ["INBOX", "a", "b"].map((name) => ({
      name,
      messages: mails(2, name),
    })),
  });
  pair.program.configure({ remote: { maxconnections: 1 } });
  const { events, code, output } = await pair.program.sync({
    args: ["-d", "thread", "-u", "basic"],
  });
  assert.equal(code, 0);
  const lines = told(events, "thread");
  const text = lines.join("\n");
  assert.match(output, /^\[thread\]: Account test asks for a turn$/m);
  assert.match(output, /^\[thread\]: Account test has its turn and its lock$/m);
  assert.match(text, /^A sync of account test begins$/m);
  assert.match(text, /^there: connection 1 of at most 1 is opened for /m);
  for (const name of ["INBOX", "a", "b"]) {
    const begin = lines.indexOf(`Folder "${name}" begins`);
    const end = lines.indexOf(`Folder "${name}" has ended`);
    assert.ok(begin !== -1 && begin < end, text);
    assert.ok(
      lines.includes(`there: connection #1 is taken for folder "${name}"`),
      text,
    );
  }
  const taken = lines.filter((line) => line.includes(" is taken for "));
  const back = lines.filter((line) => line.endsWith(" is given back"));
  assert.equal(taken.length, back.length, text);
  assert.match(text, /^The sync of account test has ended$/m);
});

Deno.test("-d all tells no password, in no topic", async () => {
  await using pair = openPair();
  const { output, code } = await pair.program.sync({
    args: ["-d", "all", "-u", "basic"],
  });
  assert.equal(code, 0);
  assert.match(output, /^\[imap\]: /m);
  assert.match(output, /^\[maildir\]: /m);
  assert.match(output, /^\[thread\]: /m);
  assert.doesNotMatch(output, /secret/);
});

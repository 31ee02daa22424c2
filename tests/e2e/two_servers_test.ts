/** An account between two servers, both of them scripted. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { ACCOUNT } from "../support/program.ts";
import { DATE, mail, seed, TwoServers, uidOf } from "../support/two_servers.ts";

Deno.test("The program copies two servers into each other, with flags, keywords and dates", async () => {
  await using pair = new TwoServers({
    mailboxes: [
      { name: "INBOX", messages: [seed("a", "\\Seen", "$Work"), seed("b")] },
      { name: "Work/Old", messages: [seed("c", "\\Flagged")] },
    ],
  }, {
    mailboxes: [
      { name: "INBOX", messages: [seed("d", "\\Draft", "Later")] },
      { name: "Private", messages: [seed("e")] },
    ],
  });
  await pair.sync();
  await pair.settledAs({
    INBOX: ["a $Work \\Seen", "b", "d Later \\Draft"],
    Private: ["e"],
    "Work/Old": ["c \\Flagged"],
  });
  for (const server of [pair.there, pair.here]) {
    for (const name of server.mailboxNames()) {
      for (const message of server.mailbox(name).messages()) {
        assert.deepEqual(message.internalDate, DATE);
      }
    }
  }
});

Deno.test("The program carries flags, keywords and deletions over between two servers, both ways", async () => {
  const labels = ["a", "b", "c", "d", "e", "f"];
  await using pair = new TwoServers({
    mailboxes: [{ name: "INBOX", messages: labels.map((it) => seed(it)) }],
  });
  const { there, here } = pair;
  await pair.sync();
  there.mailbox("INBOX").setFlags(uidOf(there, "INBOX", "a"), ["\\Seen", "X"]);
  here.mailbox("INBOX").setFlags(uidOf(here, "INBOX", "a"), ["\\Flagged"]);
  here.mailbox("INBOX").setFlags(uidOf(here, "INBOX", "b"), ["$Work"]);
  there.mailbox("INBOX").expunge(uidOf(there, "INBOX", "c"));
  here.mailbox("INBOX").expunge(uidOf(here, "INBOX", "d"));
  // Marked by somebody else: not ours to expunge.
  there.mailbox("INBOX").setFlags(uidOf(there, "INBOX", "e"), ["\\Deleted"]);
  await pair.sync();
  await pair.settledAs({
    INBOX: ["a X \\Flagged \\Seen", "b $Work", "e \\Deleted", "f"],
  });
  for (const { log } of [there, here]) {
    assert.equal(log.count("EXPUNGE"), 0, "only UID EXPUNGE");
  }
});

for (const [from, to] of [["here", "there"], ["there", "here"]] as const) {
  Deno.test(`The program moves ${to} by MOVE what was moved ${from}`, async () => {
    await using pair = new TwoServers({
      mailboxes: [
        { name: "INBOX", messages: [seed("a"), seed("b"), seed("c")] },
        { name: "Archive", messages: [seed("z")] },
      ],
    });
    await pair.sync();
    const source = pair[from];
    source.mailbox("INBOX").setFlags(
      uidOf(source, "INBOX", "b"),
      ["\\Seen", "$Work"],
    );
    source.mailbox("INBOX").move(uidOf(source, "INBOX", "b"), "Archive");
    source.mailbox("INBOX").append(mail("new"));
    pair[to].log.clear();
    const { events } = await pair.sync();
    assert.equal(
      events.filter(({ type }) => type === "messages.moved").length,
      1,
    );
    assert.equal(pair[to].log.count("UID MOVE"), 1);
    assert.equal(pair[to].log.count("APPEND"), 1, "of the new one");
    await pair.settledAs({
      Archive: ["b $Work \\Seen", "z"],
      INBOX: ["a", "c", "new"],
    });
  });
}

/** OfflineIMAP's metadata of an INBOX: rows as `remote`, lines of the map. */
function writeLegacy(
  { program, there, here }: TwoServers,
  rows: readonly number[],
  map: string | undefined,
): Map<string, string> {
  const files = new Map([
    [
      `Account-${ACCOUNT}/LocalStatus/INBOX`,
      "OFFLINEIMAP LocalStatus CACHE DATA - DO NOT MODIFY - FORMAT 2\n" +
      rows.map((uid) => `${uid}||0|\n`).join(""),
    ],
    [
      "Repository-there/FolderValidity/INBOX",
      `${there.mailbox("INBOX").uidValidity}\n`,
    ],
    [
      "Repository-here/FolderValidity/INBOX",
      `${here.mailbox("INBOX").uidValidity}\n`,
    ],
    ["Repository-here/UIDMapping/INBOX.lock", ""],
  ]);
  if (map !== undefined) files.set("Repository-here/UIDMapping/INBOX", map);
  for (const [name, text] of files) {
    const path = join(program.metadata, name);
    Deno.mkdirSync(dirname(path), { recursive: true });
    Deno.writeTextFileSync(path, text);
  }
  return files;
}

/** Four messages on both sides, under other UIDs; what OfflineIMAP made. */
function copied(extra: string[] = []): TwoServers {
  const inbox = (labels: string[]) => ({
    mailboxes: [{ name: "INBOX", messages: labels.map((it) => seed(it)) }],
  });
  return new TwoServers(
    inbox(["a", "b", "c", "d"]),
    inbox([...extra, "d", "c", "b", "a"]),
  );
}

const WHOLE_MAP = "1:4\n2:3\n3:2\n4:1\n";

Deno.test("The program takes OfflineIMAP's map of UIDs over: nothing is copied again, deletions and flags are seen", async () => {
  await using pair = copied();
  const { there, here, program } = pair;
  const files = writeLegacy(pair, [1, 2, 3, 4], WHOLE_MAP);
  here.mailbox("INBOX").expunge(4); // a
  there.mailbox("INBOX").expunge(4); // d
  here.mailbox("INBOX").setFlags(3, ["\\Seen"]); // b
  await pair.sync();
  await pair.settledAs({ INBOX: ["b \\Seen", "c"] });
  for (const { log } of [there, here]) assert.equal(log.count("APPEND"), 0);
  // So that OfflineIMAP can go on from here.
  files.set("Repository-here/UIDMapping/INBOX", "3:2\n2:3\n");
  for (const [name, text] of files) {
    assert.equal(Deno.readTextFileSync(join(program.metadata, name)), text);
  }
});

for (
  const [what, map] of [
    ["lost", undefined],
    ["cut in the middle of a number", "1:4\n2:3\n3:2\n4:"],
    ["cut behind a digit", "1:4\n2:3\n3:2\n4:1"],
    ["empty", ""],
    ["full of nonsense", "x\n1:4\n1:3\n2:4\n\0\0\0\n"],
    ["older than the status", "1:4\n"],
  ] as const
) {
  Deno.test(`The program copies and deletes nothing when OfflineIMAP's map of UIDs is ${what}`, async () => {
    await using pair = copied();
    writeLegacy(pair, [1, 2, 3, 4], map);
    pair.here.mailbox("INBOX").setFlags(3, ["\\Flagged"]); // b
    await pair.sync();
    await pair.settledAs({ INBOX: ["a", "b \\Flagged", "c", "d"] });
    for (const { log } of [pair.there, pair.here]) {
      assert.equal(log.count("APPEND"), 0);
      assert.equal(log.count("UID EXPUNGE"), 0);
    }
  });
}

Deno.test("The program brings a message back whose line in OfflineIMAP's map is lost, rather than delete it", async () => {
  await using pair = copied();
  writeLegacy(pair, [1, 2, 3, 4], "1:4\n2:3\n3:2\n");
  pair.here.mailbox("INBOX").expunge(4); // a: deleted, or never copied?
  await pair.sync();
  await pair.settledAs({ INBOX: ["a", "b", "c", "d"] });
});

Deno.test("The program finds by content what OfflineIMAP copied and never noted", async () => {
  await using pair = copied(["e"]);
  pair.there.mailbox("INBOX").append(mail("e"));
  writeLegacy(pair, [1, 2, 3, 4], "2:4\n3:3\n4:2\n5:1\n");
  await pair.sync();
  await pair.settledAs({ INBOX: ["a", "b", "c", "d", "e"] });
});

for (const side of ["there", "here"] as const) {
  Deno.test(`The program deletes nothing when the server ${side} was made anew since OfflineIMAP ran`, async () => {
    await using pair = copied();
    writeLegacy(pair, [1, 2, 3, 4], WHOLE_MAP);
    pair[side].mailbox("INBOX").setUidValidity();
    await pair.sync();
    await pair.settledAs({ INBOX: ["a", "b", "c", "d"] });
    for (const { log } of [pair.there, pair.here]) {
      assert.equal(log.count("APPEND"), 0);
    }
  });
}

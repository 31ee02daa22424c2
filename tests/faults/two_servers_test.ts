/** Rows of docs/faults.md about accounts between two servers. */
import assert from "node:assert/strict";
import { mail, seed, TwoServers, uidOf } from "../support/two_servers.ts";

const FOUR = {
  mailboxes: [
    { name: "INBOX", messages: ["a", "b", "c", "d"].map((it) => seed(it)) },
  ],
};

Deno.test("C4: keywords go with a message from server to server, both ways", async () => {
  await using pair = new TwoServers();
  const flags = ["$Work", "\\Seen"];
  pair.there.mailbox("INBOX").append(mail("a"), { flags });
  pair.here.mailbox("INBOX").append(mail("b"), { flags });
  await pair.sync();
  await pair.settledAs({ INBOX: ["a $Work \\Seen", "b $Work \\Seen"] });
});

Deno.test("C13: utf8foldernames holds for both servers, and no name is encoded twice", async () => {
  await using pair = new TwoServers(
    { mailboxes: [{ name: "INBOX" }, { name: "Grüße/日本" }] },
    { mailboxes: [{ name: "INBOX" }, { name: "Entwürfe" }] },
    { account: { utf8foldernames: true } },
  );
  pair.there.mailbox("Grüße/日本").append(mail("a"));
  pair.here.mailbox("Entwürfe").append(mail("b"));
  await pair.sync();
  await pair.settledAs({
    INBOX: [],
    "Entwürfe": ["b"],
    "Grüße/日本": ["a"],
  });
});

Deno.test("C28: without any state two servers that hold the same mail are paired, and nothing is copied", async () => {
  await using pair = new TwoServers(FOUR, FOUR);
  await pair.sync();
  await pair.settledAs({ INBOX: ["a", "b", "c", "d"] });
  for (const { log } of pair.servers) assert.equal(log.count("APPEND"), 0);
});

Deno.test("C28: two servers without UIDPLUS come to rest, each message once", async () => {
  const profile = { uidplus: false, move: false } as const;
  await using pair = new TwoServers(
    { ...FOUR, profile },
    { profile },
  );
  pair.here.mailbox("INBOX").append(mail("l"));
  await pair.sync();
  await pair.settledAs({ INBOX: ["a", "b", "c", "d", "l"] });
});

for (const side of ["here", "there"] as const) {
  const other = side === "here" ? "there" : "here";
  Deno.test(`D8: with expunge = no ${side} a message deleted ${other} is marked and stays away`, async () => {
    const no = { expunge: false };
    await using pair = new TwoServers(
      FOUR,
      {},
      side === "here" ? { local: no } : { remote: no },
    );
    await pair.sync();
    pair[other].mailbox("INBOX").expunge(uidOf(pair[other], "INBOX", "b"));
    for (let run = 0; run < 3; run++) {
      await pair.sync();
      const { [side]: marked, [other]: gone } = pair.both;
      assert.deepEqual(marked.INBOX, ["a", "b \\Deleted", "c", "d"]);
      assert.deepEqual(gone.INBOX, ["a", "c", "d"]);
    }
    // Somebody wants it back.
    pair[side].mailbox("INBOX").setFlags(uidOf(pair[side], "INBOX", "b"), []);
    await pair.sync();
    await pair.settledAs({ INBOX: ["a", "b", "c", "d"] });
  });

  Deno.test(`D5: a server emptied ${side} empties the other one only when that is allowed`, async () => {
    const labels = Array.from({ length: 30 }, (_, at) => `m${at}`);
    await using pair = new TwoServers({
      mailboxes: [{ name: "INBOX", messages: labels.map((it) => seed(it)) }],
    });
    await pair.sync();
    const mailbox = pair[side].mailbox("INBOX");
    for (const { uid } of mailbox.messages()) mailbox.expunge(uid);
    const { code, output } = await pair.program.sync();
    assert.notEqual(code, 0);
    assert.match(output, /Refused to delete 30 of 30 messages of "INBOX" on/);
    assert.equal(pair[other].mailbox("INBOX").count, 30);
    await pair.sync("--allow-deletes");
    assert.equal(pair[other].mailbox("INBOX").count, 0);
  });

  Deno.test(`D1: a server made anew and empty ${side} deletes nothing`, async () => {
    await using pair = new TwoServers(FOUR);
    await pair.sync();
    const mailbox = pair[side].mailbox("INBOX");
    for (const { uid } of mailbox.messages()) mailbox.expunge(uid);
    mailbox.setUidValidity();
    const { code, output } = await pair.program.sync();
    assert.equal(code, 2, output);
    assert.match(output, /made this mailbox anew, and only 0 of 4 messages/);
    assert.equal(pair[other].mailbox("INBOX").count, 4);
    await pair.sync("--accept-validity");
    await pair.settledAs({ INBOX: ["a", "b", "c", "d"] });
  });

  Deno.test(`D17: a repository read-only ${side} is not changed, and that is told`, async () => {
    const readonly = { readonly: true };
    await using pair = new TwoServers(
      { mailboxes: [{ name: "INBOX", messages: [seed("a"), seed("b")] }] },
      { mailboxes: [{ name: "INBOX", messages: [seed("a"), seed("b")] }] },
      side === "here" ? { local: readonly } : { remote: readonly },
    );
    await pair.sync();
    const changed = pair[other].mailbox("INBOX");
    changed.append(mail("new"));
    changed.expunge(uidOf(pair[other], "INBOX", "a"));
    changed.setFlags(uidOf(pair[other], "INBOX", "b"), ["\\Seen"]);
    const { output } = await pair.sync();
    assert.match(output, /3 changes are not carried over, since the/);
    assert.deepEqual(pair.both[side], { INBOX: ["a", "b"] });
    assert.deepEqual(pair.both[other], { INBOX: ["b \\Seen", "new"] });
  });
}

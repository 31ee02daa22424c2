import assert from "node:assert/strict";
import {
  type ImapServerOptions,
  startImapServer,
  type Vice,
} from "../../support/imap_server/mod.ts";
import { RawClient } from "./raw_client.ts";

const ONE = "Subject: one\r\n\r\n1\r\n";
const TWO = "Subject: two\r\n\r\n22\r\n";
const THREE = "Subject: three\r\n\r\n333\r\n";

const THREE_MESSAGES: ImapServerOptions = {
  mailboxes: [{ name: "INBOX", messages: [ONE, TWO, THREE] }, { name: "Work" }],
};

/** Sends commands to a server with one vice; the replies of the last one. */
async function ask(
  vice: Vice,
  commands: readonly string[],
  options: ImapServerOptions = THREE_MESSAGES,
): Promise<string[]> {
  await using server = startImapServer({ ...options, vices: [vice] });
  await using client = await RawClient.login(server.port);
  let lines: string[] = [];
  for (const command of commands) {
    const { untagged, tagged } = await client.command(command);
    lines = [...untagged, tagged];
  }
  return lines;
}

const SELECT = "SELECT INBOX";
const FETCHED = "OK Fetch completed.";

const CASES: readonly {
  readonly vice: Vice;
  readonly commands: readonly string[];
  readonly expected: readonly string[];
  readonly options?: ImapServerOptions;
}[] = [
  {
    vice: { kind: "dropRows", uids: [2] },
    commands: [SELECT, "UID FETCH 1:* UID"],
    expected: ["1 FETCH (UID 1)", "3 FETCH (UID 3)", FETCHED],
  },
  {
    vice: { kind: "dropRows", when: { nth: 2 } },
    commands: [SELECT, "FETCH 1 UID", "FETCH 1 UID"],
    expected: [FETCHED],
  },
  {
    vice: { kind: "duplicateRows", uids: [1] },
    commands: [SELECT, "UID FETCH 1:2 UID"],
    expected: [
      "1 FETCH (UID 1)",
      "1 FETCH (UID 1)",
      "2 FETCH (UID 2)",
      FETCHED,
    ],
  },
  {
    vice: { kind: "shuffleRows", seed: 2 },
    commands: [SELECT, "UID FETCH 1:* UID"],
    expected: [
      "3 FETCH (UID 3)",
      "2 FETCH (UID 2)",
      "1 FETCH (UID 1)",
      FETCHED,
    ],
  },
  {
    vice: { kind: "splitRows" },
    commands: ["EXAMINE INBOX", "UID FETCH 1 (FLAGS BODY.PEEK[])"],
    expected: [
      "1 FETCH (UID 1 FLAGS (\\Recent))",
      `1 FETCH (UID 1 BODY[] ${ONE})`,
      FETCHED,
    ],
  },
  {
    vice: { kind: "lieSize", uids: [1], delta: 7 },
    commands: [SELECT, "FETCH 1:2 RFC822.SIZE"],
    expected: [
      `1 FETCH (RFC822.SIZE ${ONE.length + 7})`,
      `2 FETCH (RFC822.SIZE ${TWO.length})`,
      FETCHED,
    ],
  },
  {
    vice: { kind: "lieBody", delta: -3 },
    commands: [SELECT, "FETCH 1 (RFC822.SIZE BODY.PEEK[])"],
    expected: [
      `1 FETCH (RFC822.SIZE ${ONE.length} BODY[] ${ONE.slice(0, -3)})`,
      FETCHED,
    ],
  },
  {
    vice: { kind: "lieBody", delta: 2 },
    commands: [SELECT, "FETCH 1 BODY.PEEK[]"],
    expected: [`1 FETCH (BODY[] ${ONE}  )`, FETCHED],
  },
  {
    vice: { kind: "nilBodies", uids: [2] },
    commands: [SELECT, "FETCH 2 BODY.PEEK[]"],
    expected: ["2 FETCH (BODY[] NIL)", FETCHED],
  },
  {
    vice: { kind: "quotedBodies" },
    commands: [SELECT, "FETCH 1 BODY.PEEK[TEXT]"],
    expected: ['1 FETCH (BODY[TEXT] "1', '")', FETCHED],
  },
  {
    vice: { kind: "searchOmits", uids: [1, 3] },
    commands: [SELECT, "UID SEARCH ALL"],
    expected: ["SEARCH 2", "OK Search completed."],
  },
  {
    vice: { kind: "emptyListing" },
    commands: [SELECT, "UID FETCH 1:* FLAGS"],
    expected: [FETCHED],
  },
  {
    vice: { kind: "emptyListing" },
    commands: [SELECT, "UID SEARCH ALL"],
    expected: ["SEARCH", "OK Search completed."],
  },
  {
    vice: { kind: "emptiedView" },
    commands: [SELECT, "UID SEARCH ALL"],
    expected: ["SEARCH", "OK Search completed."],
  },
  {
    vice: { kind: "emptiedView" },
    commands: ["STATUS INBOX (MESSAGES UIDNEXT)"],
    expected: ["STATUS INBOX (MESSAGES 0 UIDNEXT 4)", "OK Status completed."],
  },
  {
    vice: { kind: "existsMore", by: 2 },
    commands: [SELECT, "FETCH 3:5 UID"],
    expected: ["3 FETCH (UID 3)", FETCHED],
  },
  {
    vice: { kind: "vanishAll" },
    commands: [
      "ENABLE QRESYNC",
      SELECT,
      "UID FETCH 1:* FLAGS (CHANGEDSINCE 99 VANISHED)",
    ],
    expected: ["VANISHED (EARLIER) 1:3", FETCHED],
  },
  {
    vice: { kind: "noModSeq" },
    commands: ["STATUS INBOX (HIGHESTMODSEQ)"],
    expected: ["STATUS INBOX (HIGHESTMODSEQ 0)", "OK Status completed."],
  },
  {
    vice: { kind: "staleStatus" },
    commands: [
      "STATUS INBOX (MESSAGES)",
      "APPEND INBOX {1+}\r\nx",
      "STATUS INBOX (MESSAGES)",
    ],
    expected: ["STATUS INBOX (MESSAGES 3)", "OK Status completed."],
  },
  {
    vice: { kind: "dropStatusItems", items: ["UIDNEXT"] },
    commands: ["STATUS INBOX (MESSAGES UIDNEXT)"],
    expected: ["STATUS INBOX (MESSAGES 3)", "OK Status completed."],
  },
  {
    vice: { kind: "appendUid", how: "missing" },
    commands: ["APPEND INBOX {1+}\r\nx"],
    expected: ["OK Append completed."],
  },
  {
    vice: { kind: "appendUid", how: "wrong" },
    commands: ["APPEND INBOX {1+}\r\nx"],
    expected: ["OK [APPENDUID 1001 1004] Append completed."],
  },
  {
    vice: { kind: "appendUid", how: "late" },
    commands: ["APPEND INBOX {1+}\r\nx", "NOOP"],
    expected: ["OK [APPENDUID 1001 4] Late", "OK NOOP completed."],
  },
  {
    vice: { kind: "refuseAppend", marker: "virus" },
    commands: ["APPEND INBOX {5+}\r\nvirus"],
    expected: ["NO [OVERQUOTA] Message refused"],
  },
  {
    vice: { kind: "refuseAppend", overBytes: 3, code: "TOOBIG" },
    commands: ["APPEND INBOX {5+}\r\nlarge"],
    expected: ["NO [TOOBIG] Message refused"],
  },
  {
    vice: { kind: "refuseAppend", overBytes: 3 },
    commands: ["APPEND INBOX {3+}\r\nabc"],
    expected: ["OK [APPENDUID 1001 4] Append completed."],
  },
  {
    vice: { kind: "forgetAppend" },
    commands: ["APPEND INBOX {3+}\r\nabc", "STATUS INBOX (MESSAGES)"],
    expected: ["STATUS INBOX (MESSAGES 3)", "OK Status completed."],
  },
  {
    vice: { kind: "refuse", reply: "NO", code: "SERVERBUG", when: { nth: 3 } },
    commands: ["NOOP", "NOOP"],
    expected: ["NO [SERVERBUG] Refused by a vice"],
  },
  {
    vice: {
      kind: "refuse",
      reply: "BAD",
      when: { command: /STATUS|SELECT/, mailbox: "INBOX", times: 1 },
    },
    commands: [
      "SELECT Work",
      "STATUS Work (MESSAGES)",
      "STATUS INBOX (MESSAGES)",
    ],
    expected: ["BAD Refused by a vice"],
  },
  {
    vice: { kind: "referral", url: "imap://else.example/" },
    commands: [SELECT],
    expected: ["NO [REFERRAL imap://else.example/] Remote mailbox"],
  },
  {
    vice: { kind: "throttle", forMs: 1e6, when: { command: "NOOP" } },
    commands: ["NOOP", "NOOP"],
    expected: ["NO [THROTTLED] Too many commands, slow down"],
  },
  {
    vice: {
      kind: "unsolicited",
      lines: ["2 FETCH (FLAGS (\\Deleted))", "1 EXPUNGE"],
      at: "middle",
      when: { command: "UID FETCH" },
    },
    commands: [SELECT, "UID FETCH 1:2 UID"],
    expected: [
      "1 FETCH (UID 1)",
      "2 FETCH (FLAGS (\\Deleted))",
      "1 EXPUNGE",
      "2 FETCH (UID 2)",
      FETCHED,
    ],
  },
  {
    vice: { kind: "garbage", bytes: "???\r\n", when: { command: "NOOP" } },
    commands: ["NOOP"],
    expected: ["???", "OK NOOP completed."],
  },
  {
    vice: {
      kind: "listRows",
      rows: ['LIST () "/" "../../etc/passwd"', "LIST (\\Noselect) NIL x"],
    },
    commands: ['LIST "" Work'],
    expected: [
      'LIST (\\HasNoChildren) "/" Work',
      'LIST () "/" "../../etc/passwd"',
      "LIST (\\Noselect) NIL x",
      "OK List completed.",
    ],
  },
  {
    vice: { kind: "listOmits", mailboxes: ["Work"] },
    commands: ['LIST "" *'],
    expected: ['LIST (\\HasNoChildren) "/" INBOX', "OK List completed."],
  },
  {
    vice: { kind: "nilSeparator" },
    commands: ['LIST "" Work'],
    expected: ["LIST (\\HasNoChildren) NIL Work", "OK List completed."],
  },
  {
    vice: { kind: "listMarks", mailbox: "Work", attributes: ["\\NonExistent"] },
    commands: ['LIST "" Work'],
    expected: [
      'LIST (\\NonExistent \\HasNoChildren) "/" Work',
      "OK List completed.",
    ],
  },
  {
    vice: { kind: "refuseSelect", mailbox: "Work", code: "NOPERM" },
    commands: ["SELECT Work"],
    expected: ["NO [NOPERM] Mailbox cannot be opened"],
  },
  {
    vice: { kind: "advertise", add: ["X-LIE"], remove: ["IDLE"] },
    commands: ["CAPABILITY"],
    expected: ["CAPABILITY IMAP4rev1 X-LIE", "OK Capability completed."],
    options: { profile: { base: "bare", idle: true } },
  },
  {
    vice: { kind: "profileAfterLogin", profile: { uidplus: true } },
    commands: ["CAPABILITY"],
    expected: ["CAPABILITY IMAP4rev1 UIDPLUS", "OK Capability completed."],
    options: { profile: "bare" },
  },
];

for (const { vice, commands, expected, options } of CASES) {
  Deno.test(
    `startImapServer() with ${JSON.stringify(vice)}: ${commands.at(-1)}`,
    async () => {
      assert.deepEqual(await ask(vice, commands, options), expected);
    },
  );
}

Deno.test("Vice newUidValidity changes it for each new connection", async () => {
  await using server = startImapServer({
    ...THREE_MESSAGES,
    vices: [{ kind: "newUidValidity", when: { from: 2 } }],
  });
  const inbox = server.mailbox("INBOX");
  inbox.expunge(1);
  const before = inbox.uidValidity;
  await using first = await RawClient.login(server.port);
  assert.equal(inbox.uidValidity, before);
  await first.command("SELECT INBOX");
  await using _second = await RawClient.login(server.port);
  assert.notEqual(inbox.uidValidity, before);
  assert.deepEqual(inbox.messages().map(({ uid }) => uid), [1, 2]);
  await assert.rejects(first.command("UID FETCH 2 FLAGS"), /End of stream/);
  assert.match(first.seen, /\r\n\* BYE UIDVALIDITY changed.*\r\n$/);
});

Deno.test("Vice refuse with BYE ends the connection after saying so", async () => {
  await using server = startImapServer({
    vices: [{
      kind: "refuse",
      reply: "BYE",
      code: "UNAVAILABLE",
      when: { command: "NOOP" },
    }],
  });
  await using client = await RawClient.login(server.port);
  await client.send("a NOOP\r\n");
  assert.equal(
    await client.rest(),
    "* BYE [UNAVAILABLE] Refused by a vice\r\n",
  );
});

Deno.test("Vice refuse with probability is the same for the same seed", async () => {
  const run = async () => {
    await using server = startImapServer({
      vices: [{
        kind: "refuse",
        reply: "NO",
        when: { command: "NOOP", probability: 0.3, seed: 5 },
      }],
    });
    await using client = await RawClient.login(server.port);
    let pattern = "";
    for (let n = 0; n < 40; n++) {
      pattern += (await client.command("NOOP")).tagged.slice(0, 2) + " ";
    }
    return pattern;
  };
  const first = await run();
  assert.match(first, /OK.*NO/);
  assert.equal(await run(), first);
});

Deno.test("Vice lostReply may let the untagged part through", async () => {
  await using server = startImapServer({
    ...THREE_MESSAGES,
    vices: [{
      kind: "lostReply",
      untaggedSent: true,
      when: { command: "UID STORE" },
    }],
  });
  await using client = await RawClient.login(server.port);
  await client.command("SELECT INBOX");
  await client.send("a UID STORE 1 FLAGS (\\Seen)\r\n");
  assert.equal(
    await client.rest(),
    "* 1 FETCH (UID 1 FLAGS (\\Recent \\Seen))\r\n",
  );
  assert.deepEqual(server.mailbox("INBOX").message(1)?.flags, ["\\Seen"]);
});

Deno.test("Vice lostReply sends what was pipelined before it", async () => {
  await using server = startImapServer({
    vices: [{ kind: "lostReply", when: { command: "CREATE", nth: 2 } }],
  });
  await using client = await RawClient.login(server.port);
  await client.send("a CREATE x\r\nb CREATE y\r\nc CREATE z\r\n");
  assert.equal(await client.rest(), "a OK Create completed.\r\n");
  assert.deepEqual(server.mailboxNames(), ["INBOX", "x", "y"]);
  assert.deepEqual(
    server.log.entries.map(({ outcome }) => outcome),
    ["OK", "OK", "lost"],
  );
});

Deno.test("Vice cutAfter answers and hangs up", async () => {
  await using server = startImapServer({
    vices: [{ kind: "cutAfter", when: { command: "CREATE" } }],
  });
  await using client = await RawClient.login(server.port);
  await client.send("a CREATE x\r\nb CREATE y\r\n");
  assert.equal(await client.rest(), "a OK Create completed.\r\n");
  assert.equal(server.mailbox("y").exists, false);
});

Deno.test("Vice cutReply lets exactly so many bytes of a reply pass", async () => {
  for (const afterBytes of [0, 1, 20, 70]) {
    await using server = startImapServer({
      ...THREE_MESSAGES,
      vices: [{ kind: "cutReply", afterBytes, when: { command: "UID FETCH" } }],
    });
    await using client = await RawClient.login(server.port);
    await client.command("SELECT INBOX");
    await client.send("a UID FETCH 1:* BODY.PEEK[]\r\n");
    const whole = `* 1 FETCH (UID 1 BODY[] {${ONE.length}}\r\n${ONE})\r\n` +
      `* 2 FETCH (UID 2 BODY[] {${TWO.length}}\r\n${TWO})\r\n`;
    assert.equal(await client.rest(), whole.slice(0, afterBytes));
  }
});

Deno.test("Vice cutStream counts from the greeting", async () => {
  await using server = startImapServer({
    vices: [{ kind: "cutStream", atByte: 9, when: { connection: 1 } }],
  });
  await using first = await RawClient.connect(server.port);
  assert.equal(await first.rest(), "* OK [CAP");
  await using second = await RawClient.login(server.port);
  assert.match((await second.command("NOOP")).tagged, /^OK/);
});

for (const at of ["before", "executed", "after", "literal"] as const) {
  Deno.test(`Vice stall falls silent, at: ${at}`, async () => {
    const command = at === "literal" ? "UID FETCH" : "UID STORE";
    await using server = startImapServer({
      ...THREE_MESSAGES,
      vices: [{ kind: "stall", at, when: { command } }],
    });
    await using client = await RawClient.login(server.port);
    await client.command("SELECT INBOX");
    if (at === "after") {
      await client.command("UID STORE 1 +FLAGS.SILENT (\\Seen)");
      await client.send("b NOOP\r\n");
    } else if (at === "literal") {
      await client.send("a UID FETCH 1 BODY.PEEK[]\r\n");
      const start = `* 1 FETCH (UID 1 BODY[] {${ONE.length}}`;
      await assert.rejects(
        Promise.race([client.response(), pause(30)]),
        /paused/,
      );
      assert.ok(client.seen.endsWith(`${start}\r\n${half(ONE)}`));
      return;
    } else {
      await client.send("a UID STORE 1 +FLAGS.SILENT (\\Seen)\r\n");
    }
    assert.ok(await client.silentFor(30));
    assert.deepEqual(
      server.mailbox("INBOX").message(1)?.flags,
      at === "before" ? [] : ["\\Seen"],
    );
  });
}

Deno.test("Vice endlessLine never ends the line", async () => {
  await using server = startImapServer({
    vices: [{ kind: "endlessLine", when: { command: "NOOP" } }],
  });
  await using client = await RawClient.login(server.port);
  await client.command("NOOP");
  const buffer = new Uint8Array(65_536);
  let length = 0;
  while (length < 5_000_000) {
    const count = await client.conn.read(buffer);
    assert.ok(count !== null && !buffer.subarray(0, count).includes(10));
    length += count;
  }
});

Deno.test("Vice lieLiteral derails the stream", async () => {
  await using server = startImapServer({
    ...THREE_MESSAGES,
    vices: [{ kind: "lieLiteral", delta: 5 }],
  });
  await using client = await RawClient.login(server.port);
  await client.command("SELECT INBOX");
  await client.send("a UID FETCH 1 BODY.PEEK[]\r\nb LOGOUT\r\n");
  assert.equal(
    (await client.rest()).split("\r\n")[0],
    `* 1 FETCH (UID 1 BODY[] {${ONE.length + 5}}`,
  );
});

Deno.test("Vice expungeAnywhere announces EXPUNGE during FETCH", async () => {
  await using server = startImapServer({
    ...THREE_MESSAGES,
    vices: [{ kind: "expungeAnywhere" }],
  });
  await using client = await RawClient.login(server.port);
  await client.command("EXAMINE INBOX");
  server.mailbox("INBOX").expunge(2);
  const { untagged } = await client.command("FETCH 1 UID");
  assert.deepEqual(untagged, ["1 FETCH (UID 1)", "2 EXPUNGE", "2 RECENT"]);
});

Deno.test("ViceSet.add() acts from then on, remove() ends it", async () => {
  await using server = startImapServer();
  await using client = await RawClient.login(server.port);
  const handle = server.vices.add({ kind: "refuse", reply: "NO" });
  assert.match((await client.command("NOOP")).tagged, /^NO/);
  await handle.firstFired;
  assert.equal(handle.fired, 1);
  handle.remove();
  assert.match((await client.command("NOOP")).tagged, /^OK/);
});

Deno.test("Vice delay holds a command back", async () => {
  await using server = startImapServer({
    vices: [{ kind: "delay", ms: 20, when: { command: "NOOP" } }],
  });
  await using client = await RawClient.login(server.port);
  const start = performance.now();
  await client.command("NOOP");
  assert.ok(performance.now() - start >= 19);
});

function pause(ms: number): Promise<never> {
  return new Promise((_, reject) =>
    setTimeout(() => reject(new Error("paused")), ms)
  );
}

function half(text: string): string {
  return text.slice(0, Math.floor(text.length / 2));
}

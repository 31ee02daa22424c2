import assert from "node:assert/strict";
import { MailError } from "../../../src/errors.ts";
import { ConnectionPool, type Lease } from "../../../src/imap/store/pool.ts";
import {
  SelectedMailbox,
  type SelectRequest,
} from "../../../src/imap/store/selected.ts";
import {
  type Answer,
  type FakeOptions,
  FakeServer,
} from "../imap/fake_server.ts";

const STATE = [
  "* FLAGS (\\Seen)",
  "* 5 EXISTS",
  "* OK [UIDVALIDITY 7] x",
  "* OK [UIDNEXT 9] x",
  "* OK [HIGHESTMODSEQ 42] x",
];

/** Answers SELECT with lines before and behind its OK, in one piece. */
function selecting(lines: readonly string[], behind: string[] = []): Answer {
  return ({ tag, text }) =>
    /^(SELECT|EXAMINE)/.test(text)
      ? [...lines, `${tag} OK [READ-WRITE] done`, ...behind, ""].join("\r\n")
      : `${tag} OK done\r\n`;
}

async function select(
  answer: Answer,
  request: Partial<SelectRequest> = {},
  options: FakeOptions = {},
): Promise<{ mailbox: SelectedMailbox; server: FakeServer; lease: Lease }> {
  const server = new FakeServer(answer, options);
  const pool = new ConnectionPool(1, () => Promise.resolve(server.connection));
  const lease = await pool.acquire();
  const mailbox = await SelectedMailbox.open(lease, {
    ...{
      name: "Wörk",
      wireName: "W&APY-rk",
      readOnly: false,
      since: undefined,
    },
    ...request,
  });
  return { mailbox, server, lease };
}

Deno.test("SelectedMailbox hears what comes right behind the OK of SELECT", async () => {
  const { mailbox, server } = await select(
    selecting(STATE, ["* 6 EXISTS", "* 2 EXPUNGE", "* VANISHED 4"]),
  );
  assert.equal(mailbox.exists, 4);
  assert.equal(mailbox.disturbed, true);
  assert.equal(mailbox.result.exists, 5);
  assert.equal(mailbox.token, "7:9:5:42");
  server.connection.destroy();
});

Deno.test("SelectedMailbox takes no news of the mailbox that was open before", async () => {
  const before = ["* 3 EXPUNGE", "* VANISHED 1:3", "* 9 EXISTS"];
  const lines = [...before, "* OK [CLOSED] x", ...STATE];
  const { mailbox, server } = await select(selecting(lines));
  assert.equal(mailbox.exists, 5);
  assert.equal(mailbox.disturbed, false);
  server.connection.destroy();
});

for (
  const [news, exists, disturbed] of [
    ["* 5 EXISTS", 5, false],
    ["* 8 EXISTS", 8, true],
    ["* 1 EXPUNGE", 4, true],
    ["* VANISHED 1:2", 3, true],
    ["* VANISHED 1:4294967295", 0, true],
    ["* VANISHED (EARLIER) 1:4", 5, false],
    ["* 3 FETCH (FLAGS (\\Seen))", 5, true],
    ["* OK still here", 5, false],
    ["* 3 RECENT", 5, false],
    ["* FLAGS (\\Seen new)", 5, false],
  ] as const
) {
  Deno.test(`SelectedMailbox counts ${exists} messages after "${news}"`, async () => {
    const { mailbox, server } = await select(selecting(STATE, [news]));
    assert.equal(mailbox.exists, exists);
    assert.equal(mailbox.disturbed, disturbed);
    server.connection.destroy();
  });
}

for (
  const [what, lines] of [
    ["no UIDVALIDITY", ["* 5 EXISTS"]],
    ["UIDs that do not last", [...STATE, "* NO [UIDNOTSTICKY] Sorry"]],
  ] as const
) {
  Deno.test(`SelectedMailbox.open() refuses a mailbox with ${what}`, async () => {
    await assert.rejects(select(selecting(lines)), {
      code: "imap.no-uids",
      scope: "mailbox",
      retry: "never",
    });
  });
}

for (
  const [without, token] of [
    ["UIDNEXT", undefined],
    ["HIGHESTMODSEQ", "7:9:5:-"],
  ] as const
) {
  Deno.test(`SelectedMailbox without ${without} has the token ${token}`, async () => {
    const lines = STATE.filter((line) => !line.includes(without));
    const { mailbox, server } = await select(selecting(lines));
    assert.equal(mailbox.token, token);
    server.connection.destroy();
  });
}

for (
  const [enabled, capabilities, since, command] of [
    [["QRESYNC"], [], "7:9:5:42", "SELECT W&APY-rk (QRESYNC (7 42))"],
    [["QRESYNC"], [], "7:9:5:-", "SELECT W&APY-rk"],
    [["QRESYNC"], [], "7:9:5:0", "SELECT W&APY-rk"],
    [["QRESYNC"], [], undefined, "SELECT W&APY-rk"],
    [["CONDSTORE"], ["CONDSTORE"], "7:9:5:42", "SELECT W&APY-rk"],
    [[], ["CONDSTORE", "QRESYNC"], "7:9:5:42", "SELECT W&APY-rk (CONDSTORE)"],
    [[], [], "7:9:5:42", "SELECT W&APY-rk"],
  ] as const
) {
  Deno.test(`SelectedMailbox.open() from ${since} with [${enabled}] of [${capabilities}] sends ${command}`, async () => {
    const { server } = await select(
      selecting(STATE),
      { since },
      { enabled, capabilities },
    );
    assert.equal(server.received[0]?.text, command);
    server.connection.destroy();
  });
}

Deno.test("SelectedMailbox.open() gives the connection back when it is refused", async () => {
  const server = new FakeServer(({ tag }) =>
    `${tag} NO [NOPERM] Not for you (0.001 + 0.000 secs).\r\n`
  );
  const pool = new ConnectionPool(1, () => Promise.resolve(server.connection));
  const opening = SelectedMailbox.open(await pool.acquire(), {
    ...{ name: "Wörk", wireName: "w", readOnly: true, since: undefined },
  });
  await assert.rejects(opening, (error) => {
    assert(error instanceof MailError);
    assert.equal(
      error.message,
      'Cannot open folder "Wörk" on the server: Not for you',
    );
    assert.deepEqual(
      [error.code, error.scope, error.retry],
      ["imap.open", "mailbox", "never"],
    );
    return true;
  });
  assert.equal((await pool.acquire()).pooled.connection, server.connection);
  await pool.close();
});

Deno.test("SelectedMailbox.open() gives the connection back when it is aborted", async () => {
  const server = new FakeServer(() => undefined);
  const pool = new ConnectionPool(1, () => Promise.resolve(server.connection));
  const stop = new AbortController();
  const opening = SelectedMailbox.open(await pool.acquire(), {
    ...{ name: "w", wireName: "w", readOnly: true, since: undefined },
    signal: stop.signal,
  });
  stop.abort(new Error("enough"));
  await assert.rejects(opening, /enough/);
  const lease = await pool.acquire();
  assert.equal(lease.pooled.selected, undefined);
  await pool.close();
});

/**
 * Each fault at each command of a mailbox's sync: whatever happens, only a
 * MailError comes out of it, nothing is lost or doubled, and the store goes on.
 */
import assert from "node:assert/strict";
import { MailError } from "../../src/errors.ts";
import { flagsOf, NO_FLAGS } from "../../src/sync/flags.ts";
import { openImapStore, type TestStore } from "../support/imap_session.ts";
import {
  type ImapServer,
  type ProfileName,
  startImapServer,
  type Vice,
  type ViceWhen,
} from "../support/imap_server/mod.ts";
import {
  bytesOf,
  knows,
  look,
  mail,
  messageOf,
  NOTHING,
  open,
  short,
} from "./imap_store_support.ts";

const UIDS = [1, 2, 3, 4, 5];
const KNOWN = knows(new Map([...UIDS, 99].map((uid) => [uid, NO_FLAGS])));
/** Not the login: that is another module's. */
const COMMANDS = /^(?!AUTHENTICATE|LOGIN|ENABLE|NAMESPACE|CAPABILITY|ID$)/;

/** What the caller of the store learnt. */
interface Learnt {
  absent: readonly unknown[];
  got: Map<unknown, string>;
  appended: number | undefined;
  removed: readonly unknown[];
  moved: ReadonlyMap<unknown, unknown>;
}

/** All that a run does with a mailbox; stops where a run would. */
async function sync({ store }: TestStore, learnt: Learnt): Promise<void> {
  await store.list();
  await using mailbox = await open(store);
  const changes = await mailbox.observe(KNOWN, undefined);
  assert.deepEqual(short(changes), ["-99"]);
  learnt.absent = [...await mailbox.confirmAbsent([99])];
  const delta = { add: flagsOf(["\\Seen"]), remove: NO_FLAGS };
  await mailbox.changeFlags([{ ref: 2, delta }]);
  await mailbox.fetch(UIDS, async ({ ref, body }) => {
    learnt.got.set(ref, new TextDecoder().decode(await bytesOf(body)));
  }, { concurrency: 2 });
  learnt.appended = Number(await mailbox.append(messageOf(mail("new"))));
  learnt.removed = (await mailbox.remove([1])).removed;
  learnt.moved = await mailbox.move?.([5], "target") ?? new Map();
}

const FAULTS: readonly ((when: ViceWhen) => Vice)[] = [
  (when) => ({ kind: "refuse", reply: "NO", when }),
  (when) => ({ kind: "refuse", reply: "BAD", when }),
  (when) => ({ kind: "refuse", reply: "BYE", when }),
  (when) => ({ kind: "throttle", forMs: 60_000, when }),
  (when) => ({ kind: "cutBefore", when }),
  (when) => ({ kind: "lostReply", when }),
  (when) => ({ kind: "lostReply", untaggedSent: true, when }),
  (when) => ({ kind: "cutAfter", when }),
  (when) => ({ kind: "cutReply", afterBytes: 20, when }),
  (when) => ({ kind: "cutReply", afterBytes: 150, when }),
  (when) => ({ kind: "cutReply", afterBytes: 60, action: "stall", when }),
  (when) => ({ kind: "stall", at: "before", when }),
  (when) => ({ kind: "stall", at: "executed", when }),
  (when) => ({ kind: "stall", at: "literal", when }),
  (when) => ({ kind: "endlessLine", when }),
  (when) => ({ kind: "garbage", when }),
  (when) => ({
    kind: "garbage",
    bytes: "* 1 FETCH (UID 1 BODY[] {3}\r\n",
    when,
  }),
  (when) => ({
    kind: "garbage",
    bytes: "A1 OK Done\r\n+ go on\r\n* OK\r\n",
    when,
  }),
  (when) => ({ kind: "unsolicited", lines: ["BYE Out of here"], when }),
  (when) => ({
    kind: "unsolicited",
    lines: ["1 EXPUNGE", "VANISHED 1:9", "0 EXISTS", "OK [UIDVALIDITY 3] x"],
    when,
  }),
];

/** Runs with one fault; counts the commands that there were to hit. */
async function strike(
  profile: ProfileName,
  vice: Vice,
): Promise<{ count: number; learnt: Learnt }> {
  await using server = startImapServer({
    profile,
    mailboxes: [
      { name: "INBOX", messages: UIDS.map((uid) => mail(`${uid}`)) },
      { name: "target" },
    ],
  });
  const test = openImapStore(server, { maxConnections: 1, timeoutMs: 150 });
  const learnt: Learnt = {
    ...{ absent: [], got: new Map(), appended: undefined, removed: [] },
    moved: new Map(),
  };
  const { vices } = server;
  const handle = vices.add(vice);
  let count = 0;
  const stop = server.onCommand(({ name }) => {
    if (COMMANDS.test(name)) count++;
  });
  {
    await using _ = test;
    await sync(test, learnt).catch((error) => {
      assert(error instanceof MailError, `${error?.stack}`);
      assert.notEqual(error.scope, "run");
    });
    handle.remove();
    vices.clear();
    stop();
    check(server, learnt);
    // The store goes on, on a new connection if need be.
    const target = await look(test.store, NOTHING, undefined, "target");
    assert.equal(target.total, server.mailbox("target").count);
  }
  assert.equal(test.openSockets, 0, "a socket was left open");
  return { count, learnt };
}

/** Nothing wrong was concluded, nothing is lost, nothing came twice. */
function check(server: ImapServer, learnt: Learnt): void {
  const inbox = server.mailbox("INBOX");
  const target = server.mailbox("target");
  const texts = (messages: { source: Uint8Array }[]) =>
    messages.map(({ source }) => new TextDecoder().decode(source));
  const here = texts(inbox.messages());
  const there = texts(target.messages());
  for (const uid of [2, 3, 4]) {
    assert(here.includes(mail(`${uid}`)), `message ${uid} is lost`);
  }
  assert(here.includes(mail("5")) || there.includes(mail("5")), "5 is lost");
  assert(there.length <= 1);
  assert(here.filter((text) => text === mail("new")).length <= 1);
  for (const ref of learnt.absent) assert.equal(ref, 99);
  for (const [ref, text] of learnt.got) assert.equal(text, mail(`${ref}`));
  if (learnt.removed.length > 0) {
    assert(!here.includes(mail("1")), "what is called removed is still there");
  }
  for (const to of learnt.moved.values()) {
    const arrived = target.message(Number(to));
    assert.equal(new TextDecoder().decode(arrived?.source), mail("5"));
    assert(!here.includes(mail("5")));
  }
  const { appended } = learnt;
  if (appended !== undefined && !Number.isNaN(appended)) {
    const message = inbox.message(appended);
    assert.equal(new TextDecoder().decode(message?.source), mail("new"));
  }
}

for (const profile of ["dovecot", "exchange", "bare"] as const) {
  for (const fault of FAULTS) {
    const { kind, when: _, ...how } = fault({});
    const name = `${kind} ${JSON.stringify(how)}`;
    Deno.test(`A sync on ${profile} survives ${name} at each command`, async () => {
      const never = fault({ command: COMMANDS, nth: 10_000 });
      const { count, learnt } = await strike(profile, never);
      assert.deepEqual([learnt.got.size, learnt.removed], [5, [1]]);
      for (let nth = 1; nth <= count; nth++) {
        try {
          await strike(profile, fault({ command: COMMANDS, nth }));
        } catch (error) {
          throw new Error(`At command ${nth}: ${error}`, { cause: error });
        }
      }
    });
  }
}

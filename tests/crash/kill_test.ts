/** kill -9 at random moments of a two-way run, and a network that breaks. */
import assert from "node:assert/strict";
import {
  assertInStep,
  type Contents,
  dovecotContents,
  serverContents,
} from "../support/contents.ts";
import { startDelayProxy } from "../support/delay_proxy.ts";
import { dovecotTest, startDovecot } from "../support/dovecot.ts";
import {
  type ImapServer,
  startImapServer,
  type Vice,
} from "../support/imap_server/mod.ts";
import { seededRandom } from "../support/imap_server/random.ts";
import { type Ended, openProgram, type Program } from "../support/program.ts";
import type { ServerAddress } from "../support/program_config.ts";
import { type CrashEntry, crashEntry } from "./crash_entry.ts";
import { fileOf, messageOf } from "./scenario.ts";
import { deedsOf } from "./world.ts";

/** Which moments; another number is another test. */
const SEED = 20_261_121;
const KILLS = 20;
const CUTS = 30;
/** Messages of each direction that come before every run. */
const ARRIVALS = 15;

let entry: CrashEntry | undefined;

Deno.test.beforeAll(async () => {
  entry = await crashEntry();
});

Deno.test.afterAll(() => entry?.[Symbol.dispose]());

/** Names of messages of one direction. */
function labels(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`);
}

/** A server, whichever, with its contents. */
interface Server extends AsyncDisposable {
  readonly address: ServerAddress;
  /** Delivers messages to its INBOX. */
  deliver(labels: readonly string[]): Promise<void>;
  contents(): Promise<Contents>;
}

async function dovecot(): Promise<Server> {
  const server = await startDovecot();
  return {
    address: server,
    deliver: async (labels) => {
      await server.seed("INBOX", labels.map(fileOf));
    },
    contents: () => dovecotContents(server),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function scripted(): Server & { readonly imap: ImapServer } {
  const server = startImapServer({ mailboxes: [{ name: "INBOX" }] });
  return {
    imap: server,
    address: server,
    deliver: (labels) => {
      server.mailbox("INBOX").appendAll(labels.map(messageOf));
      return Promise.resolve();
    },
    contents: () => Promise.resolve(serverContents(server)),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A home for the program, with an INBOX. */
function homeFor(server: ServerAddress): Program {
  const program = openProgram({ server });
  program.tree.create("INBOX");
  return program;
}

/** New mail on both sides. Returns its labels. */
async function arrive(
  server: Server,
  { tree }: Program,
  run: number,
): Promise<string[]> {
  const down = labels(`down${run}-`, ARRIVALS);
  const up = labels(`up${run}-`, ARRIVALS);
  await server.deliver(down);
  for (const label of up) tree.deliver("INBOX", fileOf(label), "S");
  return [...down, ...up];
}

/** Runs until all is done, then once more for nothing. */
async function finish(
  program: Program,
  server: Server,
  all: readonly string[],
): Promise<void> {
  for (let run = 0, code = 1; code !== 0; run++) {
    const ended = await program.sync();
    code = ended.code;
    assert.ok(run < 3 || code === 0, ended.output);
  }
  assertInStep(program.tree.contents(), await server.contents(), {
    exactly: all,
  });
  assert.deepEqual(deedsOf(await program.sync()), []);
}

/** Kills a run some time after it told of so many copies. */
async function killAfter(
  program: Program,
  { copies, delayMs }: { copies: number; delayMs: number },
): Promise<Ended> {
  const killer = new AbortController();
  let seen = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = await program.run({
    entry: { url: entry?.url ?? "", args: [] },
    signal: killer.signal,
    onOutput: (text) => {
      seen += text.split("Copy message").length - 1;
      if (seen < copies) return;
      timer ??= setTimeout(() => killer.abort(), delayMs);
    },
  });
  clearTimeout(timer);
  return ended;
}

async function killAtRandom(
  start: () => Server | Promise<Server>,
): Promise<void> {
  await using server = await start();
  await using program = homeFor(server.address);
  const random = seededRandom(SEED);
  const all: string[] = [];
  let killed = 0;
  for (let run = 0; run < KILLS; run++) {
    all.push(...await arrive(server, program, run));
    // Downloads come first: beyond ARRIVALS it dies among the uploads.
    const ended = await killAfter(program, {
      copies: 1 + Math.floor(random() * 2 * ARRIVALS),
      delayMs: random() * 3,
    });
    if (ended.signal === "SIGKILL") killed++;
    else assert.equal(ended.code, 0, ended.stdout);
  }
  assert.ok(killed >= KILLS / 2, `${killed} runs were killed`);
  await finish(program, server, all);
}

Deno.test("The program loses and doubles nothing when it is killed twenty times, on the scripted server", () =>
  killAtRandom(scripted));

dovecotTest(
  "The program loses and doubles nothing when it is killed twenty times, on Dovecot",
  () => killAtRandom(dovecot),
);

async function cutAtRandom(
  start: () => Server | Promise<Server>,
): Promise<void> {
  await using server = await start();
  await using proxy = startDelayProxy({ target: server.address.port });
  await using program = homeFor({ ...server.address, port: proxy.port });
  const random = seededRandom(SEED);
  const all: string[] = [];
  let failed = 0;
  for (let run = 0; run < CUTS; run++) {
    all.push(...await arrive(server, program, run));
    proxy.addFault({
      direction: random() < 0.5 ? "up" : "down",
      afterBytes: Math.floor(random() * 6_000),
      from: "connection",
    });
    if ((await program.sync()).code !== 0) failed++;
  }
  assert.ok(failed >= CUTS / 2, `${failed} runs failed`);
  proxy.heal();
  await finish(program, server, all);
}

Deno.test("The program loses and doubles nothing when connections are cut at random bytes, on the scripted server", () =>
  cutAtRandom(scripted));

dovecotTest(
  "The program loses and doubles nothing when connections are cut at random bytes, on Dovecot",
  () => cutAtRandom(dovecot),
);

Deno.test.each([SEED, 3_000, 15_000])(
  "The program loses and doubles nothing on a server that answers at random, seed %i",
  async (first) => {
    await using server = scripted();
    await using program = homeFor(server.address);
    const chance = (seed: number) => ({
      probability: 0.03,
      seed: first + seed,
    });
    const vices: Vice[] = [
      { kind: "refuse", reply: "NO", when: chance(1) },
      { kind: "refuse", reply: "BAD", when: chance(2) },
      { kind: "refuse", reply: "BYE", when: chance(3) },
      { kind: "cutBefore", when: chance(4) },
      { kind: "lostReply", when: chance(5) },
      { kind: "dropRows", when: chance(6) },
      { kind: "searchOmits", when: chance(7) },
      { kind: "appendUid", how: "missing", when: chance(8) },
      { kind: "appendUid", how: "wrong", when: chance(9) },
      { kind: "garbage", when: chance(10) },
    ];
    for (const vice of vices) server.imap.vices.add(vice);
    const all: string[] = [];
    let failed = 0;
    for (let run = 0; run < CUTS; run++) {
      all.push(...await arrive(server, program, run));
      if ((await program.sync()).code !== 0) failed++;
    }
    assert.ok(failed >= CUTS / 4, `${failed} runs failed`);
    server.imap.vices.clear();
    await finish(program, server, all);
  },
);

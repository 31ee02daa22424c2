/** What a run with nothing to do costs, whatever the number of folders. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type {
  ImapServer,
  ImapServerOptions,
} from "../support/imap_server/mod.ts";
import { errorsOf, mails, openPair, type Pair } from "./support.ts";

/** What a run asked for. */
interface Costs {
  readonly connections: number;
  /** How often the server had answered and then waited for us. */
  readonly roundTrips: number;
  readonly commands: readonly string[];
  /** Directories that were read. */
  readonly readDirs: number;
  /** Directories and files that were looked at: two or three for each folder. */
  readonly stats: number;
  readonly commits: number;
}

/** A pair of which nothing has changed since the last look at it. */
async function settled(
  folders: number,
  profile: ImapServerOptions["profile"] = {},
): Promise<Pair> {
  const mailboxes = Array.from({ length: folders }, (_, at) => ({
    name: at === 0 ? "INBOX" : `folder${at}`,
    messages: mails(1, `folder${at}`),
  }));
  const pair = openPair({ mailboxes, profile }, {
    general: { fsync: false },
    // CRAM-MD5, which would be first, takes one round trip more.
    remote: { auth_mechanisms: "PLAIN" },
  });
  await pair.program.sync();
  // What was written a moment ago is not trusted yet.
  makeOld(pair.program.mail);
  await pair.program.sync();
  return pair;
}

function makeOld(directory: string): void {
  for (const { name, isDirectory } of Deno.readDirSync(directory)) {
    if (isDirectory) makeOld(join(directory, name));
  }
  const long = new Date("2001-01-01T00:00:01Z");
  Deno.utimeSync(directory, long, long);
}

/** Runs once more and counts. */
async function costs({ program, server }: Pair): Promise<Costs> {
  const before = server.connections.length;
  const logged = server.log.entries.length;
  const counts = { readDirs: 0, stats: 0 };
  using _counting = counting(counts);
  const run = await program.sync();
  assert.deepEqual(errorsOf(run), []);
  assert.equal(run.code, 0);
  await left(server);
  const connections = server.connections.slice(before);
  return {
    connections: connections.length,
    roundTrips: connections.reduce((sum, one) => sum + one.roundTrips, 0),
    commands: server.log.entries.slice(logged).map(({ name }) => name),
    commits: run.steps.filter((step) => step === "state commit").length,
    ...counts,
  };
}

/** Waits until the server has seen the end of all connections. */
async function left(server: ImapServer): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (server.connections.some(({ open }) => open)) {
    assert.ok(performance.now() < deadline, "a connection stays open");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Counts calls of the system until it is disposed of. */
function counting(counts: { readDirs: number; stats: number }): Disposable {
  const original = { ...Deno };
  const { readDir, readDirSync, stat, statSync, lstat, lstatSync } = original;
  const counted = <Args extends unknown[], Result>(
    kind: keyof typeof counts,
    call: (...args: Args) => Result,
  ) =>
  (...args: Args): Result => {
    counts[kind]++;
    return call(...args);
  };
  Object.assign(Deno, {
    readDir: counted("readDirs", readDir),
    readDirSync: counted("readDirs", readDirSync),
    stat: counted("stats", stat),
    statSync: counted("stats", statSync),
    lstat: counted("stats", lstat),
    lstatSync: counted("stats", lstatSync),
  });
  return {
    [Symbol.dispose]: () =>
      void Object.assign(Deno, {
        ...{ readDir, readDirSync, stat, statSync, lstat, lstatSync },
      }),
  };
}

const FEW = 20;
const MANY = 200;

Deno.test("a run with nothing to do takes as many round trips and reads of directories for 200 folders as for 20", async () => {
  await using few = await settled(FEW);
  await using many = await settled(MANY);
  const small = await costs(few);
  const large = await costs(many);
  assert.deepEqual({ ...large, stats: 0 }, { ...small, stats: 0 });
  // Opening a session, and one LIST. The answer to LOGOUT is not waited for.
  assert.equal(large.connections, 1);
  assert.equal(large.roundTrips, 4);
  assert.deepEqual(large.commands, [
    "AUTHENTICATE",
    ...["ID", "ENABLE", "NAMESPACE"],
    ...["LIST", "LOGOUT"],
  ]);
  assert.equal(large.readDirs, 0);
  assert.equal(large.commits, 0);
  // The folder, its new/ and its cur/.
  assert.equal(large.stats - small.stats, 3 * (MANY - FEW));
});

Deno.test("a run with nothing to do asks for the states of all folders at once where LIST does not tell them", async () => {
  await using few = await settled(FEW, { listStatus: false });
  await using many = await settled(MANY, { listStatus: false });
  const small = await costs(few);
  const large = await costs(many);
  assert.equal(large.commands.filter((name) => name === "STATUS").length, MANY);
  // In windows of 512 commands.
  assert.ok(large.roundTrips <= small.roundTrips + 1);
  assert.equal(large.connections, 1);
  assert.equal(large.readDirs, 0);
});

/** Others at work on both sides while the program synchronises. */
import assert from "node:assert/strict";
import {
  assertInStep,
  type Contents,
  countByLabel,
  dovecotContents,
  serverContents,
} from "../support/contents.ts";
import { dovecotTest, startDovecot } from "../support/dovecot.ts";
import { startImapServer } from "../support/imap_server/mod.ts";
import { seededRandom } from "../support/imap_server/random.ts";
import { openProgram, type Program } from "../support/program.ts";
import { ImapUser } from "./imap_user.ts";
import { MAILBOXES, MailProgram, OtherClient, type Others } from "./others.ts";
import { deedsOf } from "./world.ts";

/** Each is a run of its own; one that ever failed stays here. */
const SEEDS = [1, 2, 3, 4, 5, 6, 137, 143, 175, 185, 203, 234, 4047];
/** Syncs with others at work, before all is quiet. */
const ROUNDS = 8;
/** Syncs that may be needed after that. */
const SETTLING = 4;

/** What somebody deleted: it may be gone, and it may be there. */
function assertNothingLost(contents: Contents, others: Others): void {
  const counts = countByLabel(contents);
  for (const label of others.sent) {
    const count = counts.get(label) ?? 0;
    if (others.deleted.has(label)) assert.ok(count <= 1, `${label}: ${count}`);
    else assert.equal(count, 1, label);
  }
}

async function settle(
  program: Program,
  contents: () => Promise<Contents>,
  others: Others,
): Promise<void> {
  let deeds = ["not yet"];
  for (let run = 0; run < SETTLING && deeds.length > 0; run++) {
    const synced = await program.sync();
    if (run > 0) assert.equal(synced.code, 0, synced.output);
    deeds = deedsOf(synced);
  }
  assert.deepEqual(deeds, [], "it comes to rest");
  const remote = await contents();
  assertInStep(program.tree.contents(), remote);
  assertNothingLost(remote, others);
}

dovecotTest(
  "The program loses and doubles nothing while others are at work all the time, on Dovecot",
  async () => {
    const random = seededRandom(1);
    await using server = await startDovecot();
    await server.seed("Sent", []);
    await using program = openProgram({ server });
    for (const name of MAILBOXES) program.tree.create(name);
    const others: Others = {
      sent: new Set(),
      deleted: new Set(),
      moved: new Map(),
    };
    const local = new MailProgram(program.tree, random, others);
    await using remote = await ImapUser.login(server, random, others);
    const edit = async () => {
      if (random() < 0.5) local.edit();
      else await remote.edit();
    };
    for (let i = 0; i < 20; i++) await edit();
    for (let round = 0; round < ROUNDS; round++) {
      let working = true;
      const sync = program.sync().finally(() => working = false);
      while (working) {
        await edit();
        // A turn for the program, which shares this process.
        await new Promise((resolve) => setTimeout(resolve, random() * 10));
      }
      await sync;
    }
    await settle(program, () => dovecotContents(server), others);
  },
);

for (const seed of SEEDS) {
  Deno.test(`The program loses and doubles nothing while others are at work before every effect, seed ${seed}`, async () => {
    const random = seededRandom(seed);
    await using server = startImapServer({
      // The odd seeds are for servers that can do little.
      profile: seed % 4 === 1
        ? "bare"
        : seed % 4 === 3
        ? { uidplus: false, move: false, qresync: false }
        : "dovecot",
      mailboxes: MAILBOXES.map((name) => ({ name })),
    });
    await using program = openProgram({ server });
    for (const name of MAILBOXES) program.tree.create(name);
    const others: Others = {
      sent: new Set(),
      deleted: new Set(),
      moved: new Map(),
    };
    const local = new MailProgram(program.tree, random, others);
    const remote = new OtherClient(
      server,
      random,
      others,
      // What the Maildir's side moves may be uploaded, too.
      (label) =>
        server.profile.uidplus ||
        (label.startsWith("remote") && others.moved.get(label) !== local),
    );
    const edit = () => {
      if (random() < 0.5) local.edit();
      else remote.edit();
    };
    for (let i = 0; i < 20; i++) edit();
    for (let round = 0; round < ROUNDS; round++) {
      const busy = random() * 0.3;
      let calm = true;
      const { code } = await program.sync({
        step: () => {
          if (random() >= busy) return;
          calm = false;
          edit();
        },
      });
      if (calm && code === 0) others.moved.clear();
    }
    await settle(
      program,
      () => Promise.resolve(serverContents(server)),
      others,
    );
  });
}

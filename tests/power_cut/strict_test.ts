/**
 * As `power_cut_test.ts`, on a disk that no file system is as bad as: only what
 * was synced is left. Needs no rights and no mounts, and runs everywhere but on Windows.
 *
 * OFFLINEIMAP_TEST_POWER_CUTS: moments tried in each run. @default 8
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type ImapServer,
  type MailImage,
  seededRandom,
  startImapServer,
} from "../support/imap_server/mod.ts";
import { openProgram, type Program } from "../support/program.ts";
import { ForgetfulDisk, type Remains } from "./forgetful_disk.ts";
import { prepare } from "./prepare.ts";
import { recover } from "./recover.ts";
import { type Scenario, SCENARIOS } from "./scenarios.ts";

const CUTS = Number(Deno.env.get("OFFLINEIMAP_TEST_POWER_CUTS") ?? "8");

/** What was left before one effect. */
interface Cut {
  readonly when: string;
  readonly disk: Remains;
  readonly mail: MailImage;
}

for (const [name, scenario] of Object.entries(SCENARIOS)) {
  strictTest(`${name} needs nothing that was not synced`, scenario, false);
  if (scenario.edit === undefined) continue;
  strictTest(
    `${name} syncs what mail programs had not before it goes to the server`,
    scenario,
    true,
  );
}

function strictTest(
  what: string,
  scenario: Scenario,
  unsynced: boolean,
): void {
  Deno.test({
    name: `after a power cut ${what}`,
    // There directories cannot be synced, nor have inodes.
    ignore: Deno.build.os === "windows",
    fn: async () => {
      await using server = startImapServer({ mailboxes: scenario.mailboxes });
      const folder = await Deno.makeTempDir({ prefix: "oi-strict-" });
      try {
        const root = join(folder, "disk");
        await Deno.mkdir(root);
        await using program = openProgram({
          server,
          within: folder,
          mail: join(root, "one", "mail"),
          metadata: join(root, "two", "metadata"),
        });
        await play(root, program, server, { scenario, unsynced });
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

async function play(
  root: string,
  program: Program,
  server: ImapServer,
  { scenario, unsynced }: { scenario: Scenario; unsynced: boolean },
): Promise<void> {
  using disk = new ForgetfulDisk(root);
  const expectation = await prepare(program, server, {
    ...scenario,
    // What is synced by then is on the disk, and what users do after that not.
    ...(scenario.edit === undefined ? {} : {
      edit: (hands) => {
        disk.keepAll();
        scenario.edit?.(hands);
        if (!unsynced) disk.keepAll();
      },
    }),
  });
  const cuts = await cutDuring(disk, program, server);
  disk[Symbol.dispose]();
  for (const cut of cuts) {
    disk.show(cut.disk);
    await server.restore(cut.mail);
    try {
      await recover(program, server, expectation);
    } catch (error) {
      throw new Error(`After a cut before ${cut.when}`, { cause: error });
    }
  }
}

/** Cuts before effects of a run: each is as likely; and when it has ended. */
async function cutDuring(
  disk: ForgetfulDisk,
  program: Program,
  server: ImapServer,
): Promise<Cut[]> {
  const random = seededRandom(Date.now());
  const cuts: Cut[] = [];
  let steps = 0;
  const cut = (what: string): Cut => ({
    when: `step ${steps}, ${what}`,
    disk: disk.remains(),
    mail: server.image(),
  });
  const { code, output } = await program.sync({
    step: (kind, name) => {
      steps++;
      const at = steps <= CUTS ? steps - 1 : Math.floor(random() * steps);
      if (at < CUTS) cuts[at] = cut(`${kind} ${name}`);
    },
  });
  assert.equal(code, 0, output);
  return [...cuts, cut("nothing more")];
}

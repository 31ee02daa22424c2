/** The real OfflineIMAP after ours, on the same Maildir and metadata. */
import assert from "node:assert/strict";
import type { Ended } from "../support/program.ts";
import { MAIL, mail } from "./mail.ts";
import { differentialTest, Site } from "./support.ts";
import { file, message } from "./wanted.ts";
import type { Options, World } from "./world.ts";

function ended({ code, stdout, stderr }: Ended, wanted = 0): void {
  assert.equal(code, wanted, stdout + stderr);
}

async function seeded(site: Site, options: Options = {}): Promise<World> {
  const world = await site.world("base", options);
  for (const [folder, messages] of Object.entries(MAIL)) {
    await world.seed(folder, messages);
  }
  return world;
}

/** Some of everything on both sides. */
async function change(world: World): Promise<void> {
  const { tree } = world;
  await world.mark("add", "\\Flagged", "INBOX", "bravo");
  await world.mark("remove", "\\Seen", "INBOX", "delta");
  await world.expunge("INBOX", "alpha");
  await world.seed("INBOX", [mail("november", "S"), mail("oscar")]);
  await world.seed("Lists", [mail("papa")]);
  tree.setLetters(tree.find("foxtrot"), "RS");
  tree.remove(tree.find("echo"));
  tree.remove(tree.find("golf"));
  world.deliver("Work", "quebec", "S");
  world.deliver("INBOX", "romeo");
  tree.move(tree.find("hotel"), "Sent Items");
}

/** Lines that one run of the real OfflineIMAP takes away and brings. */
async function changedByTheirs(
  world: World,
  wanted = 0,
): Promise<{ gone: string[]; came: string[]; transfers: string[] }> {
  const before = await world.lines();
  await world.clearCommands();
  ended(await world.theirs(), wanted);
  const after = await world.lines();
  return {
    gone: before.filter((line) => !after.includes(line)),
    came: after.filter((line) => !before.includes(line)),
    transfers: await world.transfers(),
  };
}

const NOTHING = { gone: [], came: [], transfers: [] };

differentialTest(
  "OfflineIMAP finds nothing to do after a takeover by ours",
  async () => {
    await using site = await Site.open();
    const world = await seeded(site);
    ended(await world.theirs());
    ended(await world.ours());
    const files = world.tree.snapshot();
    assert.deepEqual(await changedByTheirs(world), NOTHING);
    assert.deepEqual(world.tree.snapshot(), files);
  },
);

differentialTest(
  "OfflineIMAP finds nothing to do after ours carried changes over",
  async () => {
    await using site = await Site.open();
    const world = await seeded(site);
    ended(await world.theirs());
    await change(world);
    ended(await world.ours());
    const files = world.tree.snapshot();
    assert.deepEqual(await changedByTheirs(world), NOTHING);
    assert.deepEqual(await changedByTheirs(world), NOTHING);
    assert.deepEqual(world.tree.snapshot(), files);
    // And ours after that.
    await world.clearCommands();
    ended(await world.ours());
    assert.deepEqual(await world.transfers(), []);
    assert.deepEqual(world.tree.snapshot(), files);
  },
);

differentialTest(
  "OfflineIMAP takes a first copy by ours for its own",
  async () => {
    await using site = await Site.open();
    const options = {
      local: {
        sep: "/",
        customflag_a: "$Work",
        nametrans: "lambda n: n.replace('job', 'Work')",
      },
      remote: { nametrans: "lambda n: n.replace('Work', 'job')" },
    };
    const world = await seeded(site, options);
    await world.mark("add", "$Work", "INBOX", "alpha");
    ended(await world.ours());
    const files = world.tree.snapshot();
    const { gone, came, transfers } = await changedByTheirs(world);
    assert.deepEqual({ gone, came, transfers }, NOTHING);
    assert.deepEqual(await changedByTheirs(world), NOTHING);
    assert.deepEqual(world.tree.snapshot(), files);
  },
);

differentialTest(
  "OfflineIMAP brings back what was deleted locally after ours copied it",
  async () => {
    await using site = await Site.open();
    const world = await seeded(site);
    ended(await world.theirs());
    await world.seed("INBOX", [mail("november", "S")]);
    ended(await world.ours());
    world.tree.remove(world.tree.find("november"));
    const { gone, came } = await changedByTheirs(world);
    // Its own status does not know the message: new, as far as it can tell.
    assert.deepEqual(gone, []);
    assert.deepEqual(came, [
      file({ folder: "INBOX", label: "november", uid: 7, letters: "S" }),
    ]);
  },
);

differentialTest(
  "OfflineIMAP sets a flag again that ours carried over and that was then removed",
  async () => {
    await using site = await Site.open();
    const world = await seeded(site);
    ended(await world.theirs());
    await world.mark("add", "\\Seen", "INBOX", "bravo");
    ended(await world.ours());
    await world.mark("remove", "\\Seen", "INBOX", "bravo");
    const { gone, came } = await changedByTheirs(world);
    assert.deepEqual(gone, [message("INBOX", "bravo", 2)]);
    assert.deepEqual(came, [message("INBOX", "bravo", 2, "\\Seen")]);
  },
);

differentialTest(
  "OfflineIMAP loses nothing after ours paired a mailbox again under a new UIDVALIDITY",
  async () => {
    await using site = await Site.open();
    const world = await seeded(site);
    ended(await world.theirs());
    await world.doveadm("mailbox update", "--uid-validity", "1234567", "INBOX");
    ended(await world.ours());
    // It goes on complaining, by its exit status of 2, as it would without ours.
    assert.deepEqual(await changedByTheirs(world, 2), NOTHING);
    // Until it has to begin anew, from the names of the files.
    Deno.removeSync(world.statusFile("INBOX"));
    Deno.removeSync(world.validityFile("INBOX"));
    assert.deepEqual(await changedByTheirs(world), NOTHING);
  },
);

differentialTest(
  "OfflineIMAP and ours take turns, and every message is there once",
  async () => {
    await using site = await Site.open();
    const world = await seeded(site);
    ended(await world.theirs());
    for (const [round, label] of ["sierra", "tango", "uniform"].entries()) {
      const run = () => round % 2 === 0 ? world.ours() : world.theirs();
      await world.seed("INBOX", [mail(label, "S")]);
      world.deliver("INBOX", `${label}-here`, "S");
      ended(await run());
      await world.mark("add", "\\Flagged", "INBOX", label);
      ended(await run());
    }
    ended(await world.ours());
    ended(await world.theirs());
    const shown = (line: string) => /: (\S+) /.exec(line)?.[1];
    const lines = (await world.lines()).filter((line) =>
      / INBOX: (sierra|tango|uniform)/.test(line)
    );
    const labels = ["sierra", "tango", "uniform"]
      .flatMap((label) => [label, `${label}-here`]);
    assert.deepEqual(
      lines.map(shown).sort(),
      [...labels, ...labels].sort(),
      lines.join("\n"),
    );
  },
);

differentialTest(
  "OfflineIMAP uploads again what ours uploaded from a read-only Maildir",
  async () => {
    await using site = await Site.open();
    const options = { local: { readonly: true } };
    const world = await seeded(site);
    ended(await world.theirs());
    world.configure(options);
    world.deliver("INBOX", "november", "S");
    ended(await world.ours());
    const { gone, came } = await changedByTheirs(world);
    // Nothing in the file's name tells it that the server has the message.
    assert.deepEqual(gone, [
      file({
        folder: "INBOX",
        label: "november",
        letters: "S",
        unique: "1777000000.november.mua",
      }),
    ]);
    assert.deepEqual(came, [
      file({ folder: "INBOX", label: "november", uid: 8, letters: "S" }),
      message("INBOX", "november", 8, "\\Seen"),
    ]);
  },
);

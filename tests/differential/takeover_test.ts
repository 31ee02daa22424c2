/** Ours after the real OfflineIMAP, on its metadata and its Maildir. */
import assert from "node:assert/strict";
import { basename } from "node:path";
import type { Ended } from "../support/program.ts";
import { asFormatOne, asText, withoutStatus } from "./legacy_status.ts";
import { MAIL, mail } from "./mail.ts";
import { differentialTest, Site } from "./support.ts";
import { file, message } from "./wanted.ts";
import type { Options, World } from "./world.ts";

/** Keywords, and names that change on the way. */
const OPTIONS: Options = {
  local: {
    customflag_a: "$Work",
    nametrans: "lambda n: n.replace('job', 'Work')",
  },
  remote: { nametrans: "lambda n: n.replace('Work', 'job')" },
};

/** A world in which the real OfflineIMAP has run twice, with changes in between. */
async function established(site: Site, options?: Options): Promise<World> {
  const world = await site.world("base", options);
  for (const [folder, messages] of Object.entries(MAIL)) {
    await world.seed(folder, messages);
  }
  ended(await world.theirs());
  const { tree } = world;
  await world.mark("add", "\\Flagged", "INBOX", "bravo");
  tree.setLetters(tree.find("foxtrot"), "S");
  world.deliver("INBOX", "golf", "S");
  await world.expunge("INBOX", "echo");
  await world.seed("Sent Items", [mail("november", "S")]);
  ended(await world.theirs());
  // So that an empty list of transfers says something.
  assert.ok((await world.transfers()).length > 10);
  await world.clearCommands();
  return world;
}

function ended({ code, stdout, stderr }: Ended, wanted = 0): void {
  assert.equal(code, wanted, stdout + stderr);
}

/** Runs ours and demands that nothing moves: no message, no flag, no file name. */
async function assertIdle(world: World): Promise<void> {
  const files = world.tree.snapshot();
  await world.clearCommands();
  ended(await world.ours());
  assert.deepEqual(await world.transfers(), []);
  assert.deepEqual(world.tree.snapshot(), files);
}

/** Lines of the world by one run of ours: those that went and those that came. */
async function changed(
  world: World,
  args: readonly string[] = [],
): Promise<{ gone: string[]; came: string[]; transfers: string[] }> {
  const before = await world.lines();
  await world.clearCommands();
  ended(await world.ours(...args));
  const transfers = await world.transfers();
  const after = await world.lines();
  await assertIdle(world);
  return {
    gone: before.filter((line) => !after.includes(line)),
    came: after.filter((line) => !before.includes(line)),
    transfers,
  };
}

const STATES: readonly { name: string; make: (world: World) => void }[] = [
  { name: "as OfflineIMAP 8 leaves it", make: () => {} },
  { name: "in SQLite of format 1", make: asFormatOne },
  { name: "as text of format 2", make: (world) => asText(world, 2) },
  { name: "as text of format 1", make: (world) => asText(world, 1) },
  { name: "lost, rebuilt from file names", make: withoutStatus },
];

for (const { name, make } of STATES) {
  differentialTest(
    `offlineimap finds nothing to do on a status ${name}`,
    async () => {
      await using site = await Site.open();
      const world = await established(site);
      make(world);
      await assertIdle(world);
      await assertIdle(world);
    },
  );
}

differentialTest(
  "offlineimap finds nothing to do under nametrans and keywords",
  async () => {
    await using site = await Site.open();
    const world = await site.world("base", OPTIONS);
    for (const [folder, messages] of Object.entries(MAIL)) {
      await world.seed(folder, messages);
    }
    await world.mark("add", "$Work", "INBOX", "alpha");
    ended(await world.theirs());
    ended(await world.theirs());
    await assertIdle(world);
    await assertIdle(world);
  },
);

for (const { name, make } of STATES.slice(0, 4)) {
  differentialTest(
    `offlineimap carries over deletions and flags made since a status ${name}`,
    async () => {
      await using site = await Site.open();
      const world = await established(site);
      make(world);
      const { tree } = world;
      await world.expunge("INBOX", "alpha");
      tree.remove(tree.find("bravo"));
      await world.mark("add", "\\Answered", "INBOX", "charlie");
      tree.setLetters(tree.find("delta"), "FRS");
      const { gone, came, transfers } = await changed(world);
      const shown = (line: string) =>
        line.replace(/ #\w+$/, "").replace("T_N.P.H,", "…,");
      assert.deepEqual(gone.map(shown).sort(), [
        "maildir INBOX: alpha cur/…,U=1,FMD5=7e33429f:2,S",
        "maildir INBOX: charlie cur/…,U=3,FMD5=7e33429f:2,FS",
        "server INBOX: bravo UID 2 [\\Flagged]",
        "server INBOX: delta UID 4 [\\Answered \\Seen]",
      ]);
      assert.deepEqual(came.map(shown).sort(), [
        "maildir INBOX: charlie cur/…,U=3,FMD5=7e33429f:2,FRS",
        "server INBOX: delta UID 4 [\\Answered \\Flagged \\Seen]",
      ]);
      assert.ok(
        transfers.every((command) => /^UID (STORE|EXPUNGE)/.test(command)),
        transfers.join("\n"),
      );
    },
  );
}

differentialTest(
  "offlineimap pairs messages again whose UIDVALIDITY changed, without a transfer",
  async () => {
    await using site = await Site.open();
    const world = await established(site);
    await world.doveadm("mailbox update", "--uid-validity", "1234567", "INBOX");
    const names = world.tree.snapshot();
    await world.clearCommands();
    ended(await world.ours());
    const bodies = await world.transfers();
    assert.deepEqual(bodies, []);
    assert.deepEqual(world.tree.snapshot(), names);
    await assertIdle(world);
  },
);

differentialTest(
  "offlineimap keeps all mail when the server made the mailbox anew and empty",
  async () => {
    await using site = await Site.open();
    const world = await established(site);
    await world.doveadm("mailbox delete", "Sent Items");
    await world.doveadm("mailbox create", "Sent Items");
    const files = world.tree.snapshot();
    const first = await world.ours();
    ended(first, 2);
    assert.match(first.stdout, /UID validity problem for folder "Sent Items"/);
    assert.deepEqual(world.tree.snapshot(), files);
    ended(await world.ours("--accept-validity"));
    const labels = (await world.stored("Sent Items")).map(({ label }) => label);
    assert.deepEqual(labels.sort(), ["kilo", "november"]);
    assert.deepEqual(
      world.tree.files("Sent Items").map(({ name }) =>
        basename(name).replace(/^.*,U=(\d+).*$/, "$1")
      ).sort(),
      ["1", "2"],
    );
  },
);

differentialTest(
  "offlineimap deletes nothing on a status that two folders share (D2)",
  async () => {
    await using site = await Site.open();
    const world = await site.world("base", { local: { sep: "/" } });
    await world.seed("INBOX", []);
    await world.seed("a/b", [mail("alpha", "S"), mail("bravo", "S")]);
    ended(await world.theirs());
    // Its status is that of a/b; OfflineIMAP would delete golf on the server.
    await world.seed("a.b", [mail("golf", "S")]);
    const { gone, came } = await changed(world);
    assert.deepEqual(gone, []);
    assert.deepEqual(came, [
      "maildir a.b",
      file({ folder: "a.b", label: "golf", uid: 1, letters: "S" }),
    ]);
  },
);

differentialTest(
  "offlineimap deletes nothing on the status of a folder that -f leaves out (D2)",
  async () => {
    await using site = await Site.open();
    const world = await site.world("base", { local: { sep: "/" } });
    await world.seed("INBOX", []);
    await world.seed("a/b", [mail("alpha", "S"), mail("bravo", "S")]);
    ended(await world.theirs());
    await world.seed("a.b", [mail("golf", "S")]);
    // Some servers have the same one everywhere, so that it says nothing.
    for (const folder of ["a/b", "a.b"]) {
      await world.doveadm("mailbox update", "--uid-validity", "1", folder);
    }
    Deno.writeTextFileSync(world.validityFile("a.b"), "1\n");
    world.tree.create("a.b");
    ended(await world.ours("-f", "a.b"));
    assert.deepEqual(
      (await world.lines()).filter((line) => line.includes("golf")),
      [
        file({ folder: "a.b", label: "golf", uid: 1, letters: "S" }),
        message("a.b", "golf", 1, "\\Seen"),
      ],
    );
  },
);

differentialTest(
  "offlineimap takes a file for new that OfflineIMAP never saw beside its double (D13)",
  async () => {
    await using site = await Site.open();
    const world = await established(site);
    const { path, name } = world.tree.find("alpha");
    const copy = path.replace(
      name,
      `1777000000.copy,${name.replace(/^[^,]*,/, "")}`,
    );
    Deno.copyFileSync(path, copy);
    ended(await world.theirs());
    const { gone, came } = await changed(world);
    assert.equal(gone.length, 1, "the name of one of both files");
    assert.deepEqual(
      came.filter((line) => line.startsWith("server")),
      [message("INBOX", "alpha", 8, "\\Seen")],
    );
  },
);

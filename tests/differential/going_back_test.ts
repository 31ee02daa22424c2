/** The real OfflineIMAP after ours, on the same Maildir and metadata. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { encodeMailboxName } from "../../src/imap/mailbox_name.ts";
import { crashEntry } from "../crash/crash_entry.ts";
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
  "OfflineIMAP takes a first copy by ours for its own, with startdate on the server's side",
  async () => {
    await using site = await Site.open();
    const options = { remote: { startdate: "2026-05-02" } };
    const world = await site.world("base", options);
    const old = new Date("2026-04-01T12:00:00Z");
    await world.seed("INBOX", [
      mail("alpha", "S", { date: old }),
      mail("bravo", "S"),
      mail("charlie", "S"),
    ]);
    ended(await world.ours());
    assert.equal(world.tree.files("INBOX").length, 2);
    assert.deepEqual(await changedByTheirs(world), NOTHING);
  },
);

for (const maxage of ["2026-05-02", "2026-05-05"]) {
  differentialTest(
    `OfflineIMAP takes a first copy by ours for its own, with maxage = ${maxage}`,
    async () => {
      await using site = await Site.open();
      const world = await site.world("base", { account: { maxage } });
      const old = new Date("2026-04-01T12:00:00Z");
      await world.seed("INBOX", [
        mail("alpha", "S", { date: old }),
        mail("bravo", "S"),
        mail("charlie", "S"),
      ]);
      ended(await world.ours());
      assert.deepEqual(await changedByTheirs(world), NOTHING);
      // Somebody moves an old message into the folder.
      await world.seed("INBOX", [mail("november", "S", { date: old })]);
      ended(await world.ours());
      // Where nothing is young enough, neither program takes it.
      const count = maxage === "2026-05-02" ? 3 : 0;
      assert.equal(world.tree.files("INBOX").length, count);
      assert.deepEqual(await changedByTheirs(world), NOTHING);
    },
  );
}

differentialTest(
  "OfflineIMAP carries over a deletion of what ours copied",
  async () => {
    await using site = await Site.open();
    const world = await seeded(site);
    ended(await world.theirs());
    await world.seed("INBOX", [mail("november", "S")]);
    ended(await world.ours());
    world.tree.remove(world.tree.find("november"));
    const { gone, came } = await changedByTheirs(world);
    assert.deepEqual(gone, [message("INBOX", "november", 7, "\\Seen")]);
    assert.deepEqual(came, []);
  },
);

differentialTest(
  "OfflineIMAP takes a flag away that ours had carried over",
  async () => {
    await using site = await Site.open();
    const world = await seeded(site);
    ended(await world.theirs());
    await world.mark("add", "\\Seen", "INBOX", "bravo");
    ended(await world.ours());
    await world.mark("remove", "\\Seen", "INBOX", "bravo");
    const { gone, came } = await changedByTheirs(world);
    const bravo = { folder: "INBOX", label: "bravo", uid: 2 };
    assert.deepEqual(gone, [file({ ...bravo, letters: "S" })]);
    assert.deepEqual(came, [file(bravo)]);
  },
);

differentialTest(
  "OfflineIMAP goes on where ours paired a mailbox again under a new UIDVALIDITY",
  async () => {
    await using site = await Site.open();
    const world = await seeded(site);
    ended(await world.theirs());
    await world.doveadm("mailbox update", "--uid-validity", "1234567", "INBOX");
    // It would complain in every run, with an exit status of 2.
    ended(await world.ours());
    assert.deepEqual(await changedByTheirs(world), NOTHING);
    await world.seed("INBOX", [mail("november", "S")]);
    world.tree.remove(world.tree.find("alpha"));
    const { gone, came } = await changedByTheirs(world);
    assert.deepEqual(gone, [message("INBOX", "alpha", 1, "\\Seen")]);
    assert.deepEqual(came, [
      file({ folder: "INBOX", label: "november", uid: 7, letters: "S" }),
    ]);
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
  "OfflineIMAP replaces what ours uploaded from a read-only Maildir, once",
  async () => {
    await using site = await Site.open();
    const options = { local: { readonly: true } };
    const world = await seeded(site);
    ended(await world.theirs());
    world.configure(options);
    world.deliver("INBOX", "november", "S");
    ended(await world.ours());
    const { gone, came } = await changedByTheirs(world);
    // Nothing in the file's name tells it that the server has the message, and
    // the status tells it that a message is not in the Maildir any more.
    assert.deepEqual(gone, [
      file({
        folder: "INBOX",
        label: "november",
        letters: "S",
        unique: "1777000000.november.mua",
      }),
      message("INBOX", "november", 7, "\\Seen"),
    ]);
    assert.deepEqual(came, [
      file({ folder: "INBOX", label: "november", uid: 8, letters: "S" }),
      message("INBOX", "november", 8, "\\Seen"),
    ]);
    assert.deepEqual(await changedByTheirs(world), NOTHING);
  },
);

differentialTest(
  "OfflineIMAP's status is left as OfflineIMAP itself would have left it",
  async () => {
    await using site = await Site.open();
    const options = { local: { customflag_a: "$Work" } };
    const theirs = await site.world("theirs", options);
    const ours = await site.world("ours", options);
    const base = await site.world("base", options);
    for (const [folder, messages] of Object.entries(MAIL)) {
      await base.seed(folder, messages);
    }
    await base.mark("add", "$Work", "INBOX", "alpha");
    await base.doveadm("mailbox status", "uidvalidity", "*");
    for (const world of [theirs, ours]) await world.become(base);
    ended(await ours.ours());
    ended(await theirs.theirs());
    for (const world of [theirs, ours]) await change(world);
    for (const world of [theirs, ours]) {
      // Its own flags need a second run to come through.
      const run = () => world === ours ? world.ours() : world.theirs();
      ended(await run());
      ended(await run());
    }
    for (const folder of Object.keys(MAIL)) {
      const name = encodeMailboxName(folder).replaceAll("/", ".");
      if (folder === "Empty") continue;
      assert.deepEqual(statusOf(ours, name), statusOf(theirs, name), folder);
      const read = (world: World) =>
        Deno.readTextFileSync(world.validityFile(name));
      assert.equal(read(ours), read(theirs));
    }
    const local = (world: World) =>
      Deno.readTextFileSync(
        join(world.metadata, "Repository-here", "FolderValidity", "INBOX"),
      );
    assert.equal(local(ours), local(theirs));
  },
);

/** Tables, version and rows of a status file. */
function statusOf(world: World, name: string) {
  using database = new DatabaseSync(world.statusFile(name), { readOnly: true });
  const all = (sql: string) =>
    database.prepare(sql).all().map((r) => ({ ...r }));
  return {
    tables: all("SELECT name, sql FROM sqlite_master ORDER BY name"),
    metadata: all("SELECT * FROM metadata"),
    rows: all("SELECT * FROM status ORDER BY id"),
  };
}

differentialTest(
  "OfflineIMAP loses and doubles nothing when ours is killed while it writes the status",
  async () => {
    using entry = await crashEntry();
    await using site = await Site.open();
    const base = await seeded(site);
    ended(await base.theirs());
    await change(base);
    const world = await site.world("ours");
    await world.become(base);
    const trace = join(world.home, "trace");
    ended(await world.oursBy(entry.url, "--trace", trace));
    const steps = Deno.readTextFileSync(trace).split("\n");
    const first = steps.indexOf("file rename status");
    // The rest of the run, and the moment before it.
    const moments = steps.map((_, index) => index + 1)
      .filter((at) => at >= first);
    assert.ok(moments.length > 3, steps.join("\n"));
    let kills = 0;
    for (const at of moments) {
      await world.become(base);
      const killed = await world.oursBy(entry.url, "--at", String(at));
      // The order of steps differs a little from run to run, and their number.
      if (killed.signal === null) break;
      kills++;
      ended(await world.theirs());
      assertOnce(await world.lines());
      // Ours goes on from where OfflineIMAP has come to, and both rest.
      ended(await world.ours());
      assertOnce(await world.lines());
      const files = world.tree.snapshot();
      assert.deepEqual(await changedByTheirs(world), NOTHING);
      assert.deepEqual(world.tree.snapshot(), files);
    }
    assert.ok(kills > 3);
  },
);

/** What {@link change} leaves, whoever carries it over. */
function assertOnce(lines: readonly string[]): void {
  for (const side of ["maildir", "server"]) {
    const labels = lines.flatMap((line) =>
      line.startsWith(side) ? /: (\S+) .* #\w+$/.exec(line)?.slice(1) ?? [] : []
    );
    assert.deepEqual(
      labels.sort(),
      [
        ..."bravo charlie delta foxtrot hotel india juliett kilo lima".split(
          " ",
        ),
        ..."november oscar papa quebec romeo".split(" "),
      ],
      side,
    );
  }
}

/** The real OfflineIMAP between two servers, after ours and in turns with it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Ended } from "../support/program.ts";
import { serverLines } from "./lines.ts";
import { MAIL, mail } from "./mail.ts";
import { differentialTest, Site } from "./support.ts";
import type { Options, World } from "./world.ts";

/** Another user of the same server is the local side. */
const OPTIONS: Options = {
  local: {
    type: "IMAP",
    localfolders: "",
    sep: "",
    remotehost: "127.0.0.1",
    remoteport: "{port}",
    remoteuser: "ours",
    remotepass: "secret",
    ssl: false,
    starttls: false,
  },
};

function ended({ code, stdout, stderr }: Ended): void {
  assert.equal(code, 0, stdout + stderr);
}

/** A server with mail, and an account from there to another user. */
async function between(site: Site): Promise<{ world: World; here: World }> {
  const world = await site.world("base", OPTIONS);
  const here = await site.world("ours");
  for (const [folder, messages] of Object.entries(MAIL)) {
    await world.seed(folder, messages);
  }
  // UIDs of both sides that mean the same would hide a mistake.
  await here.seed("INBOX", [mail("only-here", "S")]);
  return { world, here };
}

async function both(world: World): Promise<string[]> {
  const [there, here] = await Promise.all([
    serverLines(world.server, "base"),
    serverLines(world.server, "ours"),
  ]);
  return [...there.map((line) => `there ${line}`), ...here];
}

/** Labels of both sides, each as often as it is there. */
async function labels(
  world: World,
): Promise<{ there: string[]; here: string[] }> {
  const of = async (user: string) =>
    (await serverLines(world.server, user)).flatMap((line) =>
      /^server (.*): (\S+) UID/.exec(line)?.slice(1, 3).join(" ") ?? []
    ).sort();
  return { there: await of("base"), here: await of("ours") };
}

differentialTest(
  "OfflineIMAP finds nothing to do between two servers after a first copy by ours",
  async () => {
    await using site = await Site.open();
    const { world } = await between(site);
    ended(await world.ours());
    const before = await both(world);
    for (const by of ["theirs", "theirs", "ours"] as const) {
      await world.clearCommands();
      ended(await world[by]());
      assert.deepEqual(await both(world), before, by);
    }
    const map = join(
      world.metadata,
      ...["Repository-here", "UIDMapping", "INBOX"],
    );
    assert.match(Deno.readTextFileSync(map), /^(\d+:\d+\n){7}$/);
  },
);

differentialTest(
  "OfflineIMAP and ours take turns between two servers, and every message is there once",
  async () => {
    await using site = await Site.open();
    const { world, here } = await between(site);
    ended(await world.theirs());
    for (
      const [round, by] of (["ours", "theirs", "ours", "theirs"] as const)
        .entries()
    ) {
      await world.seed("INBOX", [mail(`there-${round}`, "S")]);
      await here.seed("INBOX", [mail(`here-${round}`, "S")]);
      if (round > 0) {
        await world.expunge("INBOX", `here-${round - 1}`);
        await here.expunge("INBOX", `there-${round - 1}`);
      }
      ended(await world[by]());
      const now = await labels(world);
      assert.deepEqual(now.there, now.here, `${by} ${round}`);
      assert.equal(new Set(now.here).size, now.here.length, "none twice");
    }
    const before = await both(world);
    ended(await world.ours());
    ended(await world.theirs());
    assert.deepEqual(await both(world), before);
  },
);

differentialTest(
  "between two servers both programs tell the same plan in the same words",
  async () => {
    await using site = await Site.open();
    const { world, here } = await between(site);
    ended(await world.ours());
    await world.seed("INBOX", [mail("november", "S")]);
    await here.seed("INBOX", [mail("oscar", "S")]);
    const lines = ({ stdout }: Ended) =>
      stdout.split("\n").filter((line) =>
        /^(Syncing|\[DRYRUN\]).*INBOX/.test(line)
      );
    const theirs = await world.theirs("-u", "basic", "--dry-run");
    const ours = await world.ours("-u", "basic", "--dry-run");
    assert.deepEqual(lines(ours), lines(theirs));
    assert.equal(lines(ours)[0], "Syncing INBOX: IMAP -> MappedIMAP");
    assert.equal(lines(ours).length, 3);
  },
);

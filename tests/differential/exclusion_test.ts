/** A running OfflineIMAP and ours keep each other out. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { MAIL, mail } from "./mail.ts";
import { differentialTest, Site } from "./support.ts";
import type { World } from "./world.ts";

/** How long a program may take to come to its hook. */
const LIMIT_MS = 30_000;

/** The hook of the one that comes first: says so and waits to be let go. */
const HOLD = {
  account: {
    presynchook: "touch '{home}/started'; " +
      "while [ ! -e '{home}/go' ]; do sleep 0.05; done",
  },
};

async function waitFor(path: string): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const there = await Deno.stat(path).then(() => true, () => false);
    if (there) return;
    assert.ok(performance.now() < end, `"${path}" does not come`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A world in step, with a new message on the server. */
async function waiting(site: Site): Promise<World> {
  const world = await site.world("base");
  for (const [folder, messages] of Object.entries(MAIL)) {
    await world.seed(folder, messages);
  }
  assert.equal((await world.theirs()).code, 0);
  await world.seed("INBOX", [mail("november", "S")]);
  world.configure(HOLD);
  return world;
}

for (
  const { first, second } of [
    { first: "theirs", second: "ours" },
    { first: "ours", second: "theirs" },
  ] as const
) {
  differentialTest(
    `${first} keeps ${second} out while it is running, and loses nothing by it`,
    async () => {
      await using site = await Site.open();
      const world = await waiting(site);
      const running = world[first]();
      await waitFor(join(world.home, "started"));
      const before = await world.lines();
      const locked = await world[second]();
      assert.equal(locked.code, 1, locked.stdout + locked.stderr);
      assert.match(
        locked.stdout + locked.stderr,
        /Could not lock account test\. Is another instance using this account\?/,
      );
      assert.deepEqual(await world.lines(), before);
      // Ours even now: OfflineIMAP has deleted the lock file that it did not get.
      const again = await world.ours();
      assert.equal(again.code, 1, again.stdout + again.stderr);
      Deno.writeTextFileSync(join(world.home, "go"), "");
      const ended = await running;
      assert.equal(ended.code, 0, ended.stdout + ended.stderr);
      assert.equal(world.tree.find("november").folder, "INBOX");
      // And neither leaves anything that would stop the other.
      assert.equal((await world.theirs()).code, 0);
      assert.equal((await world.ours()).code, 0);
    },
  );
}

/**
 * Cuts the power at random moments of real runs, and syncs again.
 *
 * OFFLINEIMAP_TEST_POWER_CUTS: moments tried in each run. @default 8
 */
import assert from "node:assert/strict";
import { runWithMounts, whyNot } from "./machine.ts";
import { SCENARIOS } from "./scenarios.ts";

const CUTS = Deno.env.get("OFFLINEIMAP_TEST_POWER_CUTS") ?? "8";

/** Required everywhere, but there are machines that cannot. */
const reason = await whyNot();

for (const [scenario, { edit }] of Object.entries(SCENARIOS)) {
  powerCutTest(`${scenario} loses, tears, doubles and undoes nothing`, [
    scenario,
  ]);
  if (edit === undefined) continue;
  powerCutTest(
    `${scenario} that mail programs had not synced takes back nothing that ` +
      "the server got",
    [scenario, "--unsynced"],
  );
}

// What is sent is announced on the disk in any case.
powerCutTest("an upload run without fsync doubles nothing", [
  "an upload run",
  ...["--fsync", "no"],
]);

function powerCutTest(what: string, args: readonly string[]): void {
  const name = `a power cut during ${what}`;
  Deno.test({
    name: reason === undefined ? name : `${name} (not here: ${reason})`,
    ignore: reason !== undefined,
    fn: async () => {
      const { success, text } = await runWithMounts([...args, "--cuts", CUTS]);
      assert.ok(success, text);
      assert.match(text, /^\d+ of \d+ cuts tried with seed \d+, 0 not/);
    },
  });
}

/** A scenario as data, and how it is carried out with both programs. */
import assert from "node:assert/strict";
import type { DovecotOptions } from "../support/dovecot.ts";
import type { SeedMessage } from "../support/dovecot_maildir.ts";
import type { Ended } from "../support/program.ts";
import type { TreeOptions } from "./lines.ts";
import { MAIL } from "./mail.ts";
import { differentialTest, Site } from "./support.ts";
import type { Options, World } from "./world.ts";

/** Lines that only one of the programs leaves behind. */
export interface Lines {
  readonly theirs: readonly string[];
  readonly ours: readonly string[];
}

/** A wanted difference. It must be there, or the test fails. */
export interface Difference {
  /** What is wrong with OfflineIMAP, or why ours differs, in one sentence. */
  readonly why: string;
  /** After the run. */
  readonly run?: Partial<Lines>;
  /** After another run with nothing changed. @default as after the first */
  readonly again?: Partial<Lines>;
}

/** Configuration, mail, what happened, and what the programs may differ in. */
export interface Scenario extends TreeOptions {
  /** What it is about, in a few words. */
  readonly name: string;
  readonly options?: Options;
  /** Mail on the server by folder. @default MAIL */
  readonly mail?: Readonly<Record<string, readonly SeedMessage[]>>;
  readonly server?: DovecotOptions;
  /**
   * The real OfflineIMAP made the first copy, by these options. Without, both
   * programs begin with an empty Maildir and no metadata.
   */
  readonly before?: Options;
  /** What happened on either side before the run. */
  readonly change?: (world: World) => void | Promise<void>;
  /** Words of the command line. */
  readonly args?: readonly string[];
  /** Both copy the same folders in this order, each into an empty Maildir. */
  readonly order?: boolean;
  readonly differences?: readonly Difference[];
  /** There is no second run: the configuration allows nothing. @default false */
  readonly once?: boolean;
}

/** What both left behind, and what ours said. */
interface Outcomes extends Lines {
  readonly said: string;
}

/** Registers the test of a scenario. */
export function scenarioTest(scenario: Scenario): void {
  differentialTest(
    scenario.differences === undefined
      ? `offlineimap leaves what OfflineIMAP leaves: ${scenario.name}`
      : `offlineimap differs from OfflineIMAP as listed: ${scenario.name}`,
    async () => {
      await using site = await Site.open(scenario.server);
      const theirs = await site.world("theirs", scenario.options);
      const ours = await site.world("ours", scenario.options);
      await prepare(site, scenario, [theirs, ours]);
      await runBoth(scenario, theirs, ours);
    },
  );
}

async function prepare(
  site: Site,
  { before, mail = MAIL, change }: Scenario,
  worlds: readonly World[],
): Promise<void> {
  const base = await site.world("base", before ?? {});
  for (const [folder, messages] of Object.entries(mail)) {
    await base.seed(folder, messages);
  }
  if (before === undefined) {
    // So that both copies have the same UIDs and UIDVALIDITYs.
    await base.doveadm("mailbox status", "uidvalidity", "*");
  } else {
    const { code, stdout, stderr } = await base.theirs("-u", "basic");
    assert.equal(code, 0, `OfflineIMAP's first copy: ${stdout}${stderr}`);
  }
  await Promise.all(worlds.map(async (world) => {
    await world.become(base);
    await change?.(world);
    await world.clearCommands();
  }));
}

async function runBoth(
  scenario: Scenario,
  theirs: World,
  ours: World,
): Promise<void> {
  const both = async (): Promise<Outcomes> => {
    const { args = [] } = scenario;
    // At once: two programs keep two cores busy.
    const [a, b] = await Promise.all([
      theirs.theirs(...args),
      ours.ours(...args),
    ]);
    const [x, y] = await Promise.all([
      theirs.lines(scenario),
      ours.lines(scenario),
    ]);
    return {
      theirs: [...x, ...outcome(scenario, a)],
      ours: [...y, ...outcome(scenario, b)],
      said: b.stdout + b.stderr,
    };
  };
  compare("after the run", scenario, "run", await both());
  if (scenario.once) return;
  await ours.clearCommands();
  const before = ours.tree.snapshot();
  compare("after the second run", scenario, "again", await both());
  assert.deepEqual(await ours.transfers(), [], "ours is not idle");
  assert.deepEqual(ours.tree.snapshot(), before, "ours touched files");
}

function outcome({ order }: Scenario, { code, stdout, stderr }: Ended) {
  const lines = [`exit ${code}`];
  if (code !== 0) assert.notEqual(stdout + stderr, "", "says nothing");
  if (order) {
    const folders = [...stdout.matchAll(/Syncing (.*?): IMAP -> Maildir/g)]
      .map(([, folder]) => folder);
    lines.push(`order ${folders.join(", ")}`);
  }
  return lines;
}

/** Every line that only one has must be listed, and every listed one be there. */
function compare(
  when: string,
  { differences = [] }: Scenario,
  stage: "run" | "again",
  { theirs, ours, said }: Outcomes,
): void {
  const wanted = differences.map((difference) =>
    (stage === "again" ? difference.again : undefined) ?? difference.run ?? {}
  );
  const actual = {
    onlyTheirs: without(theirs, ours),
    onlyOurs: without(ours, theirs),
  };
  assert.deepEqual(actual, {
    onlyTheirs: wanted.flatMap(({ theirs = [] }) => theirs).sort(),
    onlyOurs: wanted.flatMap(({ ours = [] }) => ours).sort(),
  }, `${when}: ${JSON.stringify(actual, undefined, 2)}\n${said}`);
}

/** Lines of `a` that `b` lacks, with their number. */
function without(a: readonly string[], b: readonly string[]): string[] {
  const rest = [...b];
  return a.filter((line) => {
    const at = rest.indexOf(line);
    if (at === -1) return true;
    rest.splice(at, 1);
    return false;
  }).sort();
}

/**
 * One power-cut test, in a mount namespace of its own (see `machine.ts`):
 *
 *     main.ts probe
 *     main.ts SCENARIO [--cuts N] [--seed N] [--unsynced] [--fsync no]
 *
 * Prints what was tried; ends with 1 if a cut was not survived. The seed chooses
 * the moments, but what the machine has done by then it does not.
 */
import { parseArgs } from "node:util";
import { join } from "node:path";
import {
  type ImapServer,
  seededRandom,
  startImapServer,
} from "../support/imap_server/mod.ts";
import { openProgram, type Program } from "../support/program.ts";
import { type Cut, cutDuring, sample } from "./cuts.ts";
import { PowerDisk } from "./disk.ts";
import { type Expectation, recover } from "./recover.ts";
import { prepare, run } from "./prepare.ts";
import { type Scenario, SCENARIOS } from "./scenarios.ts";

/** How the power is cut. */
interface Settings {
  /** Moments after which the next sync is tried. */
  readonly cuts: number;
  readonly seed: number;
  /** What users did last may not have reached the disk. */
  readonly unsynced: boolean;
  readonly fsync: boolean;
}

/** The disk works and forgets what it was not told to keep. */
function probe(folder: string): void {
  using disk = new PowerDisk(folder);
  const file = join(disk.root, "file");
  Deno.writeTextFileSync(file, "1");
  disk.sync();
  const cut = disk.cut();
  Deno.writeTextFileSync(file, "2");
  disk.show(cut);
  const text = Deno.readTextFileSync(file);
  if (text !== "1") throw new Error(`The copy of the disk holds "${text}"`);
}

async function play(
  folder: string,
  scenario: Scenario,
  settings: Settings,
): Promise<boolean> {
  const random = seededRandom(settings.seed);
  using disk = new PowerDisk(folder);
  await using server = startImapServer({ mailboxes: scenario.mailboxes });
  await using program = openProgram({
    server,
    within: folder,
    mail: join(disk.root, "mail"),
    metadata: join(disk.root, "metadata"),
    general: { fsync: settings.fsync },
  });
  const expectation = await prepare(program, server, scenario);
  if (!settings.unsynced) disk.sync();
  const all = await cutDuring(
    { disk, server, random },
    () => run(program),
  );
  const chosen = sample(all, settings.cuts, random);
  const lost: string[] = [];
  for (const cut of chosen) {
    const complaint = await survive(disk, server, program, cut, expectation);
    if (complaint !== undefined) lost.push(`After ${cut.when}: ${complaint}`);
  }
  say(
    `${chosen.length} of ${all.length} cuts tried with seed ` +
      `${settings.seed}, ${lost.length} not survived`,
  );
  for (const text of lost) say(text);
  return lost.length === 0;
}

async function survive(
  disk: PowerDisk,
  server: ImapServer,
  program: Program,
  cut: Cut,
  expectation: Expectation,
): Promise<string | undefined> {
  disk.show(cut.disk);
  await server.restore(cut.mail);
  try {
    await recover(program, server, expectation);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

async function main(words: string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      cuts: { type: "string", default: "8" },
      seed: { type: "string" },
      unsynced: { type: "boolean", default: false },
      fsync: { type: "string", default: "yes" },
    },
  });
  const name = positionals[0] ?? "";
  const folder = Deno.makeTempDirSync({ prefix: "oi-power-" });
  try {
    if (name === "probe") {
      probe(folder);
      return true;
    }
    const scenario = SCENARIOS[name];
    if (scenario === undefined) throw new Error(`No scenario "${name}"`);
    return await play(folder, scenario, {
      cuts: Number(values.cuts),
      seed: Number(values.seed ?? Date.now() % 100_000),
      unsynced: values.unsynced,
      fsync: values.fsync !== "no",
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

if (import.meta.main) Deno.exitCode = await main(Deno.args) ? 0 : 1;

/** Each scenario: run, run again, and killed before every step that it takes. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { ImapServer } from "../support/imap_server/mod.ts";
import type { Ended } from "../support/program.ts";
import { type CrashEntry, crashEntry } from "./crash_entry.ts";
import { SCENARIOS } from "./scenarios.ts";
import {
  assertIdle,
  assertOutcome,
  prepare,
  type Prepared,
  type World,
} from "./world.ts";

/** Processes at once. */
const LANES = 2;

let entry: CrashEntry | undefined;

Deno.test.beforeAll(async () => {
  entry = await crashEntry();
});

Deno.test.afterAll(() => entry?.[Symbol.dispose]());

/** Runs the program as a process that is killed before step `at` (0: never). */
async function runWithBomb(world: World, at: number): Promise<Ended> {
  const ended = await world.program.run({
    args: world.scenario.args ?? [],
    entry: {
      url: entry?.url ?? "",
      args: ["--at", String(at), "--trace", traceOf(world)],
    },
  });
  await allClosed(world.server);
  return ended;
}

function traceOf({ program }: World): string {
  return join(program.home, "trace");
}

/** What the dead had sent is carried out before the connection ends. */
async function allClosed(server: ImapServer): Promise<void> {
  while (server.connections.some(({ open }) => open)) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Steps after which the world is as it was before. */
const HARMLESS =
  /^imap (AUTHENTICATE|LOGIN|ID|ENABLE|NAMESPACE|CAPABILITY|LIST|STATUS|SELECT|EXAMINE|UID FETCH|UID SEARCH|NOOP|LOGOUT)|^file (fdatasync|fsync)/;

/** The steps worth dying before: those whose predecessor left a trace. */
function killPoints(steps: readonly string[]): number[] {
  return steps.flatMap((_, index) => {
    const previous = steps[index - 1];
    return previous !== undefined && HARMLESS.test(previous) ? [] : [index + 1];
  });
}

/** The run without an accident. @returns its steps */
async function uninterrupted(prepared: Prepared): Promise<string[]> {
  await using world = await prepared.open();
  const { code, stdout } = await runWithBomb(world, 0);
  assert.equal(code, 0, stdout);
  assertOutcome(world);
  assert.deepEqual(world.program.tree.leftovers(), []);
  const steps = Deno.readTextFileSync(traceOf(world)).split("\n");
  await assertIdle(world);
  return steps;
}

async function killedAt(prepared: Prepared, at: number): Promise<void> {
  await using world = await prepared.open();
  const killed = await runWithBomb(world, at);
  // Steps of several connections interleave: the last one may come earlier.
  if (killed.code !== 0) assert.equal(killed.signal, "SIGKILL", killed.stderr);
  const { code, output } = await world.program.sync({
    args: world.scenario.args ?? [],
  });
  assert.equal(code, 0, output);
  assertOutcome(world);
  await assertIdle(world);
}

for (const scenario of SCENARIOS) {
  Deno.test(`The program survives a kill at every step: ${scenario.name}`, async () => {
    await using prepared = await prepare(scenario);
    const steps = await uninterrupted(prepared);
    const points = killPoints(steps).values();
    const lane = async () => {
      for (const at of points) {
        try {
          await killedAt(prepared, at);
        } catch (cause) {
          throw new Error(
            `Killed before step ${at} of ${steps.length}, ${steps[at - 1]}, ` +
              `after ${steps[at - 2]}: ${cause}`,
            { cause },
          );
        }
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  });
}

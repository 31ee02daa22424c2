/** What the command gives to a worker that is not to be trusted. */
import assert from "node:assert/strict";
import type { AccountRun } from "../../src/account/api.ts";
import { RunControl } from "../../src/account/run_control.ts";
import { parseArguments } from "../../src/cli/arguments.ts";
import { accountRun } from "../../src/cli/run/account_run.ts";
import { isUsable } from "../../src/config/config.ts";
import { readConfig } from "../../src/config/load.ts";
import type { SyncEvent } from "../../src/events.ts";
import { ConfinedAccount } from "../../src/sandbox/confined_account.ts";
import type { ConfinedLimits } from "../../src/sandbox/confined_account.ts";
import { prepare } from "../../src/sandbox/prepare.ts";
import type { Ending } from "../support/asking_worker.ts";
import { openProgram } from "../support/program.ts";

const WORKER = new URL("../support/asking_worker.ts", import.meta.url);

/** Runs the worker that asks for more for an account that has nothing to start. */
async function confine(
  ending: Ending,
  limits: Partial<ConfinedLimits> = {},
  control: RunControl = new RunControl(),
) {
  await using program = openProgram({ server: { port: 1 } });
  const config = await readConfig({}, program.configFile);
  const [account] = config.accounts;
  assert.ok(account !== undefined && isUsable(account));
  const given: AccountRun = accountRun(account, parseArguments([]), config);
  const events: SyncEvent[] = [];
  const emit = (event: SyncEvent) => void events.push(event);
  const { run, permissions } = await prepare(given, emit);
  const asked: string[] = [];
  const confined = new ConfinedAccount({
    run,
    job: { kind: "delete", run, folder: ending },
    permissions,
    services: {
      emit,
      askPassword: ({ repository }) => {
        asked.push(repository);
        return Promise.resolve("secret");
      },
      foldersDone: ({ account }) => {
        asked.push(account);
        return Promise.resolve();
      },
    },
    control,
    worker: WORKER,
    limits,
  });
  const outcome = await confined.run().then(
    (result) => ({ result, problem: "" }),
    (error: Error) => ({ result: undefined, problem: error.message }),
  );
  return { ...outcome, asked, events, lost: confined.lost };
}

Deno.test("ConfinedAccount refuses a worker all that is not its account's own", async () => {
  const { result, problem, asked } = await confine("done");
  assert.equal(problem, "");
  assert.deepEqual(result, { granted: [], asked: 13 });
  assert.deepEqual(asked, []);
});

Deno.test.each<{ ending: Ending; why: RegExp }>([
  { ending: "nonsense", why: /account test broke off: .* means nothing/ },
  { ending: "impostor", why: /speaks for another account/ },
])("ConfinedAccount gives up a worker that does $ending", async (example) => {
  const { problem, events } = await confine(example.ending);
  assert.match(problem, example.why);
  assert.deepEqual(events, []);
});

Deno.test("ConfinedAccount gives up a worker that is silent, when it misses signs of life", async () => {
  const { problem, lost } = await confine("hang", { pulseMs: 5 });
  assert.match(problem, /does not answer/);
  assert.ok(lost);
});

Deno.test("ConfinedAccount gives up a worker that does not end when the run is to end", async () => {
  const control = new RunControl();
  control.abort();
  const { problem } = await confine("hang", { endMs: 50 }, control);
  assert.match(problem, /did not end in time/);
});

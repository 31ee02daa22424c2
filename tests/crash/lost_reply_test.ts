/** A server that hangs up or refuses, at each command that a run sends. */
import assert from "node:assert/strict";
import type { LoggedCommand, Vice } from "../support/imap_server/mod.ts";
import { serverContents } from "../support/contents.ts";
import type { Synced } from "../support/program.ts";
import { describe, type Messages, type Scenario, sorted } from "./scenario.ts";
import { scenarioNamed } from "./scenarios.ts";
import {
  assertIdle,
  assertOutcome,
  prepare,
  type Prepared,
  type World,
} from "./world.ts";

/** Runs that are enough to repair what one accident left. */
const REPAIRS = 2;

/** What happens to one command. */
interface Accident {
  readonly name: string;
  readonly vice: (nth: number) => Vice;
}

const LOST: readonly Accident[] = [
  {
    name: "the connection ends before a command is carried out",
    vice: (nth) => ({ kind: "cutBefore", when: { nth } }),
  },
  {
    name: "a command is carried out and its reply lost",
    vice: (nth) => ({ kind: "lostReply", when: { nth } }),
  },
];

const REFUSED: readonly Accident[] = (["NO", "BAD", "BYE"] as const).map(
  (reply) => ({
    name: `a command is answered by ${reply}`,
    vice: (nth) => ({ kind: "refuse", reply, when: { nth } }),
  }),
);

const RUNS: readonly [Scenario, readonly Accident[]][] = [
  [scenarioNamed("the first copy, mailboxes made on both sides"), LOST],
  [
    scenarioNamed("changes on both sides at once"),
    [...LOST, ...REFUSED],
  ],
  [scenarioNamed("new messages, flags and deletions in the Maildir"), LOST],
  [scenarioNamed("uploads to a server without UIDPLUS"), LOST],
  [scenarioNamed("uploads to a server with nothing but IMAP4rev1"), LOST],
  [
    scenarioNamed("messages moved to another folder of the Maildir"),
    [...LOST, ...REFUSED],
  ],
  [scenarioNamed("messages moved where the server cannot MOVE"), LOST],
  [scenarioNamed("a new UIDVALIDITY"), LOST],
];

/** One run with an accident at a command. */
interface Struck {
  readonly synced: Synced;
  readonly command: LoggedCommand | undefined;
}

async function strike(
  { server, program, scenario }: World,
  vice: Vice,
): Promise<Struck> {
  const handle = server.vices.add(vice);
  let command: LoggedCommand | undefined;
  const off = server.onCommand((entry) => {
    if (handle.fired > 0) command ??= entry;
  });
  const synced = await program.sync({ args: scenario.args ?? [] });
  off();
  handle.remove();
  return { synced, command };
}

/** Whether the run has come to its end in spite of all. */
function isDone(world: World): boolean {
  try {
    assertOutcome(world);
    return true;
  } catch {
    return false;
  }
}

/** @returns false when the run sent fewer commands. */
async function survives(
  prepared: Prepared,
  vice: Vice,
): Promise<boolean> {
  await using world = await prepared.open();
  const { synced, command } = await strike(world, vice);
  if (command === undefined) return false;
  try {
    let { code, output } = synced;
    for (let run = 0; run < REPAIRS && code !== 0; run++) {
      ({ code, output } = await world.program.sync({
        args: world.scenario.args ?? [],
      }));
    }
    assert.equal(code, 0, output);
    assertOutcome(world);
    await assertIdle(world);
  } catch (cause) {
    throw new Error(
      `${command.name} ${command.text} (${command.mailbox}): ${cause}\n` +
        `first run: ${synced.output}`,
      { cause },
    );
  }
  return true;
}

for (const [scenario, accidents] of RUNS) {
  Deno.test(`The program repairs whatever a server did to any command: ${scenario.name}`, async (t) => {
    await using prepared = await prepare(scenario);
    for (const { name, vice } of accidents) {
      await t.step(name, async () => {
        let nth = 1;
        while (await survives(prepared, vice(nth))) nth++;
        assert.ok(nth > 5, "the run sends commands");
      });
    }
  });
}

Deno.test("The program goes on with the other mailboxes when one is refused anything", async (t) => {
  const after: Messages = {
    INBOX: ["a S", "b F", "e", "g"],
    Other: ["c S", "d F", "f", "h"],
  };
  const scenario: Scenario = {
    name: "two mailboxes",
    base: { INBOX: ["a", "b"], Other: ["c", "d"] },
    server: ["add INBOX e", "add Other f", "flag INBOX a S", "flag Other c S"],
    local: ["add INBOX g", "add Other h", "flag INBOX b F", "flag Other d F"],
    after,
  };
  await using prepared = await prepare(scenario);
  for (const reply of ["NO", "BAD", "BYE"] as const) {
    await t.step(reply, async () => {
      for (let nth = 1;; nth++) {
        await using world = await prepared.open();
        const { synced, command } = await strike(world, {
          kind: "refuse",
          reply,
          when: { mailbox: "INBOX", nth },
        });
        if (command === undefined) break;
        const about = `${command.name} ${command.text}: ${synced.output}`;
        const other = describe(serverContents(world.server)).Other;
        assert.deepEqual(other, sorted(after).Other, about);
        assert.deepEqual(
          describe(world.program.tree.contents()).Other,
          other,
          about,
        );
        assert.equal(synced.code !== 0, !isDone(world), about);
      }
    });
  }
});

Deno.test("The program sends nothing again while the server does not tell what it got", async () => {
  const scenario: Scenario = {
    name: "an upload",
    base: { INBOX: ["a"] },
    local: ["add INBOX b"],
    after: { INBOX: ["a", "b"] },
  };
  await using prepared = await prepare(scenario);
  await using world = await prepared.open();
  const { server, program } = world;
  const lost = server.vices.add({
    kind: "lostReply",
    when: { command: "APPEND" },
  });
  const once = { args: ["-k", "Repository_there:retrycount=1"] };
  assert.notEqual((await program.sync(once)).code, 0);
  lost.remove();
  const mute = server.vices.add({ kind: "nilBodies" });
  for (let run = 0; run < 2; run++) {
    const { code, output } = await program.sync();
    assert.notEqual(code, 0);
    assert.match(output, /did not tell the headers of 1 messages/);
  }
  assert.equal(server.log.count("APPEND"), 1);
  mute.remove();
  assert.equal((await program.sync()).code, 0);
  assertOutcome(world);
  await assertIdle(world);
});

Deno.test("The program takes no message for new under a new UIDVALIDITY while headers are missing", async () => {
  const scenario = scenarioNamed("a new UIDVALIDITY");
  await using prepared = await prepare(scenario);
  await using world = await prepared.open();
  const { server, program } = world;
  const mute = server.vices.add({ kind: "nilBodies", uids: [3] });
  for (let run = 0; run < 2; run++) {
    const { code, output } = await program.sync();
    assert.notEqual(code, 0);
    assert.match(output, /new numbers and did not tell the headers of 1 of/);
  }
  mute.remove();
  assert.equal((await program.sync()).code, 0);
  assertOutcome(world);
  await assertIdle(world);
});

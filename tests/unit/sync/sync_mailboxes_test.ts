/** Laws of a whole run, over stores in memory. */
import { SERVER_AND_MAILDIR } from "../../../src/sync/words.ts";
import assert from "node:assert/strict";
import fc from "fast-check";
import { MailError } from "../../../src/errors.ts";
import { flagList, flagsOf } from "../../../src/sync/flags.ts";
import { DEFAULT_LIMITS } from "../../../src/sync/guard.ts";
import {
  type RunOutcome,
  syncMailboxes,
} from "../../../src/sync/sync_mailboxes.ts";
import type { SyncEvent } from "../../../src/events.ts";
import { openState } from "../../../src/state/mod.ts";
import type { AccountState } from "../../../src/sync/status.ts";
import { MemoryState } from "../../support/memory_state.ts";
import { type MemoryOptions, MemoryStore } from "../../support/memory_store.ts";

const FLAGS = ["\\Seen", "\\Flagged", "\\Answered", "Work"];
const MAILBOXES = ["INBOX", "Sent"];

/** Stands for a kill: ends the run wherever it is. */
class Crash extends MailError {
  constructor() {
    super("Killed", { code: "test.crash", scope: "run" });
  }
}

/** Two stores, a status and what happened to them. */
class World {
  readonly remote: MemoryStore;
  readonly local: MemoryStore;
  readonly state: AccountState;
  readonly events: SyncEvent[] = [];
  /** Texts that a user deleted on purpose. */
  readonly deleted = new Set<string>();
  #steps = 0;
  crashAt = Infinity;
  /** Crash after the effect instead of before it: the answer is lost. */
  after = false;
  readOnly = { remote: false, local: false };
  syncDeletes = { remote: true, local: true };
  restore = false;

  constructor(options: Partial<MemoryOptions> = {}, state?: AccountState) {
    const step = () => {
      if (!this.after) this.#count();
    };
    const answer = () => {
      if (this.after) this.#count();
    };
    this.state = state ?? new MemoryState(step);
    this.remote = new MemoryStore({
      numbered: true,
      step,
      answer,
      moves: true,
      ...options,
    });
    this.local = new MemoryStore({ numbered: false, step, answer });
    for (const name of MAILBOXES) {
      this.remote.box(name);
      this.local.box(name);
    }
  }

  #count(): void {
    if (++this.#steps === this.crashAt) throw new Crash();
  }

  get steps(): number {
    return this.#steps;
  }

  async sync(allowDeletes = true): Promise<RunOutcome> {
    const [remote, local] = await Promise.all([
      this.remote.list(),
      this.local.list(),
    ]);
    const tasks = remote.flatMap((info) => {
      const partner = local.find(({ name }) => name === info.name);
      return partner === undefined ? [] : [{
        name: info.name,
        names: {
          remote: info.name,
          remoteVisible: info.name,
          local: info.name,
          localVisible: info.name,
        },
        remote: info,
        local: partner,
        unguarded: false,
        rules: {
          readOnly: this.readOnly,
          syncDeletes: this.syncDeletes,
          accepts: () => true,
          restore: this.restore,
          dryRun: false,
          acceptValidity: false,
          options: "",
        },
      }];
    });
    return await syncMailboxes({
      account: "test",
      stores: { remote: this.remote, local: this.local },
      state: this.state,
      limits: DEFAULT_LIMITS,
      allowDeletes,
      quick: false,
      words: SERVER_AND_MAILDIR,
      originOf: (name) => name,
      concurrency: 1,
      emit: (event) => void this.events.push(event),
      signal: new AbortController().signal,
    }, tasks);
  }

  /** `text [flags]` of every message, sorted, per mailbox. */
  contents(side: "remote" | "local"): Record<string, string[]> {
    return Object.fromEntries(MAILBOXES.map((name) => [
      name,
      [...this[side].box(name).messages.values()]
        .map(({ text, flags }) => `${text} [${flags}]`).sort(),
    ]));
  }

  /** As {@link contents}, without the flags. */
  names(side: "remote" | "local"): Record<string, string[]> {
    return Object.fromEntries(MAILBOXES.map((name) => [
      name,
      [...this[side].box(name).messages.values()].map(({ text }) => text)
        .sort(),
    ]));
  }

  texts(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const name of MAILBOXES) {
      for (const { text } of this.remote.box(name).messages.values()) {
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
    }
    return counts;
  }
}

/** What a user or another client may do between two runs. */
type Edit =
  | { kind: "add"; side: "remote" | "local"; mailbox: string; flags: string[] }
  | {
    kind: "flag";
    side: "remote" | "local";
    mailbox: string;
    index: number;
    flags: string[];
  }
  | { kind: "delete"; side: "remote" | "local"; mailbox: string; index: number }
  | { kind: "move"; mailbox: string; index: number };

const side = fc.constantFrom("remote" as const, "local" as const);
const mailbox = fc.constantFrom(...MAILBOXES);
const flags = fc.subarray(FLAGS);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("add" as const),
      side,
      mailbox,
      flags,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("flag" as const),
      side,
      mailbox,
      index: fc.nat(9),
      flags,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("delete" as const),
      side,
      mailbox,
      index: fc.nat(9),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("move" as const),
      mailbox,
      index: fc.nat(9),
    }),
  },
);

let serial = 0;

function apply(world: World, edit: Edit): void {
  if (edit.kind === "move") return moveLocally(world, edit);
  const store = world[edit.side];
  const box = store.box(edit.mailbox);
  if (edit.kind === "add") {
    const text = `message-${++serial}\nfrom ${edit.side}`;
    box.add({ text, flags: flagsOf(edit.flags) }, edit.side === "remote");
    return;
  }
  const refs = [...box.messages.keys()];
  const ref = refs[edit.index % Math.max(1, refs.length)];
  const message = ref === undefined ? undefined : box.messages.get(ref);
  if (ref === undefined || message === undefined) return;
  box.version++;
  if (edit.kind === "flag") message.flags = flagsOf(edit.flags);
  else {
    box.messages.delete(ref);
    world.deleted.add(message.text);
  }
}

/** A mail program moves a file and keeps its name. */
function moveLocally(
  world: World,
  { mailbox, index }: Extract<Edit, { kind: "move" }>,
): void {
  const from = world.local.box(mailbox);
  const to = world.local.box(mailbox === "INBOX" ? "Sent" : "INBOX");
  const refs = [...from.messages.keys()];
  const ref = refs[index % Math.max(1, refs.length)];
  const message = ref === undefined ? undefined : from.messages.get(ref);
  if (ref === undefined || message === undefined) return;
  from.messages.delete(ref);
  from.version++;
  const hint = message.hint;
  to.add({
    ...message,
    ...(hint === undefined ? {} : { hint: { ...hint, here: false } }),
  }, false);
}

/** Until nothing changes, but not for ever. */
async function settle(world: World): Promise<void> {
  for (let i = 0; i < 4; i++) await world.sync();
}

function assertEqualSides(world: World): void {
  assert.deepEqual(world.contents("local"), world.contents("remote"));
}

const profiles: Record<string, Partial<MemoryOptions>> = {
  "with UIDPLUS and MOVE": {},
  "without MOVE": { moves: false },
  "that does not tell the UID of an upload": { tellsRef: false, moves: false },
};

/** The laws hold whatever keeps the status. */
const states: Record<string, () => AccountState & Partial<Disposable>> = {
  "in memory": () => new MemoryState(),
  // A dry run over a file that is not there lives in memory.
  "in SQLite": () =>
    openState({ file: "/nowhere/state.sqlite", fsync: false, dryRun: true }),
};

function disposable(state: AccountState & Partial<Disposable>) {
  return { state, [Symbol.dispose]: () => state[Symbol.dispose]?.() };
}

for (const [name, options] of Object.entries(profiles)) {
  for (const [kept, open] of Object.entries(states)) {
    Deno.test(`syncMailboxes() levels both sides on a server ${name}, status ${kept}`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(edit, { maxLength: 8 }), { maxLength: 4 }),
          async (rounds) => {
            using status = disposable(open());
            const world = new World(options, status.state);
            const all = new Set<string>();
            for (const round of rounds) {
              for (const one of round) apply(world, one);
              for (const store of [world.remote, world.local]) {
                for (const box of store.boxes.values()) {
                  for (const { text } of box.messages.values()) all.add(text);
                }
              }
              await world.sync();
            }
            await settle(world);
            assertEqualSides(world);
            const counts = world.texts();
            for (const text of all) {
              if (world.deleted.has(text)) continue;
              assert.equal(counts.get(text), 1, `${text} is there once`);
            }
            const { steps } = world;
            await world.sync();
            assert.equal(world.steps, steps, "a second run changes nothing");
          },
        ),
        { numRuns: 150 },
      );
    });
  }

  for (const after of [false, true]) {
    const when = after ? "after (the answer is lost)" : "before";
    Deno.test(`syncMailboxes() survives a crash ${when} every step on a server ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(edit, { minLength: 1, maxLength: 6 }),
          fc.array(edit, { maxLength: 6 }),
          async (first, second) => {
            const build = async () => {
              serial = 0;
              const world = new World(options);
              world.after = after;
              for (const one of first) apply(world, one);
              await world.sync();
              for (const one of second) apply(world, one);
              return world;
            };
            const reference = await build();
            const before = reference.steps;
            await settle(reference);
            for (let k = before + 1; k <= reference.steps; k++) {
              const world = await build();
              world.crashAt = k;
              await world.sync().catch((error) => {
                if (!(error instanceof Crash)) throw error;
              });
              world.crashAt = Infinity;
              await settle(world);
              assertEqualSides(world);
              // After a lost answer to a MOVE the flags are the union of both sides'.
              const outcome = options.moves === false ? "contents" : "names";
              assert.deepEqual(
                world[outcome]("remote"),
                reference[outcome]("remote"),
                `as without the crash at step ${k}`,
              );
            }
          },
        ),
        { numRuns: 25 },
      );
    });
  }
}

Deno.test("syncMailboxes() refuses a mass deletion and goes on when it is allowed", async () => {
  const world = new World();
  const box = world.remote.box("INBOX");
  for (let i = 0; i < 50; i++) {
    box.add({ text: `m${i}\n`, flags: flagsOf([]) }, true);
  }
  await world.sync(false);
  box.messages.clear();
  box.version++;
  const { errors } = await world.sync(false);
  assert.equal(errors[0]?.code, "sync.guard");
  assert.equal(world.local.box("INBOX").messages.size, 50);
  await world.sync(true);
  assert.equal(world.local.box("INBOX").messages.size, 0);
});

Deno.test("syncMailboxes() deletes nothing that a second look finds", async () => {
  const world = new World();
  for (let i = 0; i < 3; i++) {
    apply(world, { kind: "add", side: "remote", mailbox: "INBOX", flags: [] });
  }
  await world.sync();
  world.remote.hidden.add(2);
  world.remote.box("INBOX").version++;
  const { errors } = await world.sync();
  assert.equal(errors[0]?.code, "sync.doubt");
  assert.equal(world.local.box("INBOX").messages.size, 3);
});

Deno.test("syncMailboxes() leaves a message that could only be marked deleted away", async () => {
  const world = new World({ expunges: false, moves: false });
  apply(world, { kind: "add", side: "remote", mailbox: "INBOX", flags: [] });
  await world.sync();
  apply(world, { kind: "delete", side: "local", mailbox: "INBOX", index: 0 });
  await settle(world);
  assert.equal(world.local.box("INBOX").messages.size, 0);
  const [message] = world.remote.box("INBOX").messages.values();
  assert.deepEqual(flagList(message?.flags ?? flagsOf([])), ["\\Deleted"]);
  // Somebody takes the mark away: the message comes back.
  if (message !== undefined) message.flags = flagsOf([]);
  world.remote.box("INBOX").version++;
  await settle(world);
  assert.equal(world.local.box("INBOX").messages.size, 1);
});

Deno.test("syncMailboxes() pairs a mailbox again when its UIDVALIDITY changed", async () => {
  const world = new World();
  for (let i = 0; i < 30; i++) {
    apply(world, {
      kind: "add",
      side: "remote",
      mailbox: "INBOX",
      flags: ["\\Seen"],
    });
  }
  await world.sync();
  const box = world.remote.box("INBOX");
  const messages = [...box.messages.values()];
  box.messages.clear();
  box.validity = 2;
  box.next = 1000;
  for (const message of messages.reverse()) box.add(message, true);
  const names = world.local.box("INBOX").messages.size;
  await world.sync();
  await world.sync();
  assertEqualSides(world);
  assert.equal(world.local.box("INBOX").messages.size, names);
  assert.ok(
    !world.events.some((e) => e.type === "message.copied" && e.to === "remote"),
  );
});

Deno.test("syncMailboxes() stops a mailbox that came back empty under a new UIDVALIDITY", async () => {
  const world = new World();
  for (let i = 0; i < 5; i++) {
    apply(world, { kind: "add", side: "remote", mailbox: "INBOX", flags: [] });
  }
  await world.sync();
  const box = world.remote.box("INBOX");
  box.messages.clear();
  box.validity = 2;
  box.version++;
  const { errors } = await world.sync();
  assert.equal(errors[0]?.code, "sync.validity");
  assert.equal(world.local.box("INBOX").messages.size, 5);
});

Deno.test("syncMailboxes() reports what a read-only server cannot take and restores it on request", async () => {
  const world = new World();
  apply(world, {
    kind: "add",
    side: "remote",
    mailbox: "INBOX",
    flags: ["\\Seen"],
  });
  apply(world, { kind: "add", side: "remote", mailbox: "INBOX", flags: [] });
  await world.sync();
  world.readOnly = { remote: true, local: false };
  apply(world, { kind: "delete", side: "local", mailbox: "INBOX", index: 0 });
  apply(world, {
    kind: "flag",
    side: "local",
    mailbox: "INBOX",
    index: 0,
    flags: ["\\Flagged"],
  });
  await settle(world);
  assert.equal(world.remote.box("INBOX").messages.size, 2);
  assert.ok(
    world.events.some((e) => e.type === "warning" && e.code === "sync.drift"),
  );
  world.restore = true;
  await settle(world);
  assertEqualSides(world);
  assert.deepEqual(
    world.contents("remote").INBOX?.map((line) => line.split(" ").at(-1)),
    ["[\\Seen]", "[]"],
  );
});

Deno.test("syncMailboxes() uploads from a read-only repository without renaming anything there", async () => {
  const world = new World();
  world.readOnly = { remote: false, local: true };
  apply(world, { kind: "add", side: "local", mailbox: "INBOX", flags: [] });
  const refs = [...world.local.box("INBOX").messages.keys()];
  await settle(world);
  assertEqualSides(world);
  world.remote.box("INBOX").validity++;
  await settle(world);
  assertEqualSides(world);
  assert.deepEqual([...world.local.box("INBOX").messages.keys()], refs);
});

Deno.test("syncMailboxes() remembers a refused message and tells of it once", async () => {
  const world = new World({ refuses: (text) => text.startsWith("message") });
  apply(world, { kind: "add", side: "local", mailbox: "INBOX", flags: [] });
  const first = await world.sync();
  assert.equal(first.errors.length, 1);
  const second = await world.sync();
  assert.equal(second.errors.length, 0);
  assert.equal(world.local.box("INBOX").messages.size, 1);
});

Deno.test("syncMailboxes() keeps one of a message that was moved on both sides", async () => {
  const world = new World();
  const [inbox, sent] = [world.remote.box("INBOX"), world.remote.box("Sent")];
  apply(world, {
    kind: "add",
    side: "remote",
    mailbox: "INBOX",
    flags: ["\\Seen"],
  });
  await world.sync();
  apply(world, { kind: "move", mailbox: "INBOX", index: 0 });
  const [[ref, message] = []] = inbox.messages;
  assert.ok(ref !== undefined && message !== undefined);
  inbox.messages.delete(ref);
  inbox.version++;
  sent.add(message, true);
  await settle(world);
  assertEqualSides(world);
  assert.equal(sent.messages.size, 1);
  assert.equal(inbox.messages.size, 0);
});

Deno.test("syncMailboxes() moves a message with the flags that its file got meanwhile", async () => {
  const world = new World();
  apply(world, { kind: "add", side: "remote", mailbox: "INBOX", flags: [] });
  await world.sync();
  apply(world, { kind: "move", mailbox: "INBOX", index: 0 });
  apply(world, {
    kind: "flag",
    side: "local",
    mailbox: "Sent",
    index: 0,
    flags: ["\\Seen"],
  });
  const { totals } = await world.sync();
  assert.equal(totals.moved, 1);
  assertEqualSides(world);
  await settle(world);
});

Deno.test("syncMailboxes() comes to rest when a message is moved to where it is shown already", async () => {
  const world = new World({ showsOnce: true });
  const message = { text: "message-0\nbody", flags: flagsOf([]) };
  for (const name of MAILBOXES) world.remote.box(name).add(message, true);
  await world.sync();
  apply(world, { kind: "move", mailbox: "INBOX", index: 0 });
  const errors: unknown[] = [];
  for (let run = 0; run < 4; run++) errors.push(...(await world.sync()).errors);
  assert.deepEqual(errors, []);
  assert.equal(world.remote.box("INBOX").messages.size, 0);
  assert.equal(world.remote.box("Sent").messages.size, 1);
  assert.equal(world.local.box("Sent").messages.size, 2, "nothing is deleted");
  const { totals } = await world.sync();
  assert.equal(totals.toRemote + totals.deleteLocal + totals.moved, 0);
});

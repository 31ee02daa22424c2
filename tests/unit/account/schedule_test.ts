import assert from "node:assert/strict";
import type {
  AccountConfig,
  ImapRepository,
  MaildirRepository,
} from "../../../src/config/config.ts";
import type {
  AccountIo,
  AccountOutcome,
  AccountRun,
} from "../../../src/account/api.ts";
import { RunControl } from "../../../src/account/run_control.ts";
import {
  isQuick,
  type ScheduledAccount,
} from "../../../src/account/account_loop.ts";
import { runSchedule } from "../../../src/account/schedule.ts";
import { Turns } from "../../../src/account/turns.ts";
import { noStep } from "../../../src/effects.ts";
import { type ErrorScope, MailError } from "../../../src/errors.ts";
import type { SyncEvent } from "../../../src/events.ts";
import { FakeClock, settle } from "./fake_clock.ts";

const MINUTE = 60_000;

const TOTALS = {
  mailboxes: 3,
  unchanged: 0,
  failures: 0,
  toLocal: 0,
  toRemote: 0,
  flagLocal: 0,
  flagRemote: 0,
  deleteLocal: 0,
  deleteRemote: 0,
  moved: 0,
};

/** How a fake sync ends. */
function outcome(
  { scope, validityProblem = false }: {
    scope?: ErrorScope;
    validityProblem?: boolean;
  } = {},
): AccountOutcome {
  const errors = scope === undefined
    ? []
    : [{ code: "x", scope, text: "It failed" }];
  return { totals: TOTALS, errors, validityProblem };
}

/** A sync that a test lets end. */
interface Sync {
  readonly name: string;
  readonly quick: boolean;
  readonly signal: AbortSignal;
  end(result?: AccountOutcome | Error): Promise<void>;
}

/** A schedule over a core, locks and a clock that the test moves. */
class Bench {
  readonly clock = new FakeClock();
  readonly control = new RunControl();
  readonly events: SyncEvent[] = [];
  readonly syncs: Sync[] = [];
  /** What holds of each lock, by account. */
  readonly locks = new Map<string, "free" | "held" | "lost" | "refused">();

  start(accounts: readonly ScheduledAccount[], maxAccounts = 1) {
    return runSchedule(accounts, new Turns(maxAccounts), {
      sync: (run, io) => this.#sync(run, io),
      lock: ({ account: { name } }) => this.#lock(name),
      emit: (event) => this.events.push(event),
      askPassword: () => Promise.resolve(undefined),
      step: noStep,
      clock: this.clock,
      control: this.control,
      random: () => 0,
    });
  }

  /** The syncs begun so far: names, a quick one with a `q`. */
  get begun(): string {
    return this.syncs.map(({ name, quick }) => quick ? `${name}q` : name)
      .join(" ");
  }

  /** Ends the sync that was begun last. */
  async endLast(result?: AccountOutcome | Error): Promise<void> {
    await settle();
    await this.syncs.at(-1)?.end(result);
  }

  of<Type extends SyncEvent["type"]>(type: Type) {
    return this.events.filter((event): event is Extract<
      SyncEvent,
      { type: Type }
    > => event.type === type);
  }

  #sync(run: AccountRun, io: AccountIo): Promise<AccountOutcome> {
    const { promise, resolve, reject } = Promise.withResolvers<
      AccountOutcome
    >();
    assert.equal(this.locks.get(run.account.name), "held");
    this.syncs.push({
      name: run.account.name,
      quick: run.options.quick,
      signal: io.signal,
      end: async (result = outcome()) => {
        if (result instanceof Error) reject(result);
        else resolve(result);
        await settle();
      },
    });
    return promise;
  }

  #lock(name: string) {
    if (this.locks.get(name) === "refused") {
      return Promise.reject(
        new MailError(`Could not lock account ${name}`, {
          code: "lock.held",
          scope: "account",
        }),
      );
    }
    this.locks.set(name, "held");
    return Promise.resolve({
      verify: () => Promise.resolve(this.locks.get(name) !== "lost"),
      [Symbol.asyncDispose]: () => {
        this.locks.set(name, "free");
        return Promise.resolve();
      },
    });
  }
}

/** An account; the fake core reads no more than its name. */
function account(
  name: string,
  { minutes = 0, quick = 0 } = {},
): ScheduledAccount {
  return {
    autorefreshMs: minutes * MINUTE,
    quick,
    run: {
      account: {
        name,
        local: {} as MaildirRepository,
        remote: {} as ImapRepository,
      } as AccountConfig,
      metadata: "/meta",
      pythonFile: undefined,
      socketTimeoutMs: undefined,
      version: "9.0.0",
      options: {
        dryRun: false,
        quick: false,
        allowDeletes: false,
        acceptValidity: false,
        ignoreReadonly: false,
        restore: false,
        sequential: false,
        fsync: true,
        debug: [],
      },
    },
  };
}

Deno.test.each([
  { quick: 0, rounds: "full full full full" },
  { quick: -1, rounds: "quick quick quick quick" },
  { quick: 1, rounds: "full quick full quick" },
  { quick: 2, rounds: "full quick quick full" },
])("isQuick() with quick = $quick gives $rounds", ({ quick, rounds }) => {
  const kinds = [0, 1, 2, 3].map((round) =>
    isQuick(quick, round) ? "quick" : "full"
  );
  assert.equal(kinds.join(" "), rounds);
});

Deno.test("runSchedule() synchronises each account once, in order", async () => {
  const bench = new Bench();
  const done = bench.start([account("A"), account("B")]);
  await settle();
  assert.equal(bench.begun, "A");
  await bench.clock.advance(1_500);
  await bench.endLast();
  assert.equal(bench.begun, "A B");
  await bench.endLast();
  assert.deepEqual(await done, { failedAccounts: 0, validityProblem: false });
  assert.deepEqual(bench.events.map((event) => event.type), [
    "account.started",
    "account.finished",
    "account.started",
    "account.finished",
  ]);
  assert.deepEqual(bench.of("account.finished")[0], {
    type: "account.finished",
    account: "A",
    ms: 1_500,
    totals: TOTALS,
    failed: false,
  });
  assert.equal(bench.locks.get("A"), "free");
  assert.equal(bench.clock.waiting, 0);
});

Deno.test("runSchedule() runs as many accounts at once as it may", async () => {
  const bench = new Bench();
  const accounts = ["A", "B", "C"].map((name) => account(name));
  const done = bench.start(accounts, 2);
  await settle();
  assert.equal(bench.begun, "A B");
  await bench.syncs[0]?.end();
  assert.equal(bench.begun, "A B C");
  await bench.syncs[1]?.end();
  await bench.syncs[2]?.end();
  await done;
});

Deno.test("runSchedule() keeps one account's trouble from the others", async () => {
  const bench = new Bench();
  bench.locks.set("Locked", "refused");
  const names = ["Throws", "Locked", "Reports", "Odd", "Fine"];
  const done = bench.start(names.map((name) => account(name)), 9);
  await settle();
  assert.equal(bench.begun, "Throws Reports Odd Fine");
  await bench.syncs[0]?.end(new TypeError("x is not a function"));
  await bench.syncs[1]?.end(outcome({ scope: "message" }));
  await bench.syncs[2]?.end(outcome({ validityProblem: true }));
  await bench.syncs[3]?.end();
  assert.deepEqual(await done, { failedAccounts: 3, validityProblem: true });
  assert.deepEqual(
    bench.of("error").map(({ account, error }) => [account, error.text]),
    [
      ["Locked", "Could not lock account Locked"],
      ["Throws", "Cannot synchronise account Throws: x is not a function"],
    ],
  );
  assert.deepEqual(
    bench.of("account.finished").filter(({ failed }) => failed)
      .map(({ account }) => account),
    ["Locked", "Throws", "Reports"],
  );
});

Deno.test("runSchedule() comes again after the pause of autorefresh", async () => {
  const bench = new Bench();
  const done = bench.start([account("A", { minutes: 2 })]);
  await bench.endLast();
  assert.equal(bench.locks.get("A"), "free", "not held during the pause");
  await bench.clock.advance(2 * MINUTE - 1);
  assert.equal(bench.begun, "A");
  await bench.clock.advance(1);
  assert.equal(bench.begun, "A A");
  const pauses = bench.of("account.sleeping").map(({ remainingMs }) =>
    remainingMs / 1000
  );
  assert.deepEqual(
    pauses,
    [120, 110, 100, 90, 80, 70, 60, 50, 40, 30, 20, 10, 0],
  );
  bench.control.abort();
  await bench.endLast();
  await done;
});

Deno.test("runSchedule() does not make others wait for a pause", async () => {
  const bench = new Bench();
  const accounts = ["A", "B"].map((name) => account(name, { minutes: 1 }));
  const done = bench.start(accounts, 1);
  await bench.endLast();
  assert.equal(bench.begun, "A B");
  await bench.clock.advance(MINUTE);
  assert.equal(bench.begun, "A B", "A waits for its turn");
  await bench.endLast();
  assert.equal(bench.begun, "A B A");
  bench.control.finish();
  await bench.endLast();
  await done;
});

Deno.test("runSchedule() backs off after failures and never ends by them", async () => {
  const bench = new Bench();
  const done = bench.start([account("A", { minutes: 5 })]);
  const waits: number[] = [];
  for (let failure = 0; failure < 6; failure++) {
    await bench.endLast(outcome({ scope: "account" }));
    const count = bench.syncs.length;
    const start = bench.clock.now();
    while (bench.syncs.length === count) await bench.clock.advance(MINUTE);
    waits.push((bench.clock.now() - start) / MINUTE);
  }
  assert.deepEqual(waits, [5, 10, 20, 30, 30, 30]);
  await bench.endLast();
  await bench.clock.advance(5 * MINUTE);
  assert.equal(bench.syncs.length, 8, "after a success the pause is as before");
  bench.control.abort();
  await bench.endLast();
  assert.equal((await done).failedAccounts, 1);
});

Deno.test("runSchedule() does not back off for a folder or a message", async () => {
  const bench = new Bench();
  const done = bench.start([account("A", { minutes: 1 })]);
  for (let round = 1; round <= 3; round++) {
    await bench.endLast(outcome({ scope: "mailbox" }));
    await bench.clock.advance(MINUTE);
    assert.equal(bench.syncs.length, round + 1);
  }
  bench.control.abort();
  await bench.endLast();
  await done;
});

Deno.test("runSchedule() counts quick syncs, and not full ones that failed", async () => {
  const bench = new Bench();
  const done = bench.start([account("A", { minutes: 1, quick: 2 })]);
  const results = ["account", undefined, undefined, undefined, undefined];
  for (const scope of results) {
    await bench.endLast(scope === "account" ? outcome({ scope }) : outcome());
    await bench.clock.advance(MINUTE);
  }
  assert.equal(bench.begun, "A A Aq Aq A Aq");
  bench.control.abort();
  await bench.endLast();
  await done;
});

Deno.test("runSchedule() wakes all accounts for a full sync", async () => {
  const bench = new Bench();
  const done = bench.start(
    [
      account("A", { minutes: 60, quick: 9 }),
      account("B", { minutes: 60, quick: -1 }),
    ],
    2,
  );
  await settle();
  await bench.syncs[0]?.end();
  await bench.syncs[1]?.end();
  bench.control.wake();
  await settle();
  assert.equal(bench.begun, "A Bq A Bq");
  // At work: the next pause is skipped, and only that one.
  bench.control.wake();
  await bench.syncs[2]?.end();
  assert.equal(bench.begun, "A Bq A Bq A");
  await bench.syncs[4]?.end();
  await bench.clock.advance(MINUTE);
  assert.equal(bench.begun, "A Bq A Bq A");
  bench.control.abort();
  await bench.syncs[3]?.end();
  await done;
  assert.equal(bench.clock.waiting, 0);
});

Deno.test("runSchedule() finishes what it has begun, and begins no more", async () => {
  const bench = new Bench();
  const done = bench.start(
    [account("A", { minutes: 1 }), account("B", { minutes: 1 })],
    1,
  );
  await settle();
  bench.control.finish();
  assert.equal(bench.syncs[0]?.signal.aborted, false);
  await bench.endLast();
  assert.deepEqual(await done, { failedAccounts: 0, validityProblem: false });
  assert.equal(bench.begun, "A");
});

Deno.test("runSchedule() tells the sync in hand to stop", async () => {
  const bench = new Bench();
  const done = bench.start([account("A"), account("B")]);
  await settle();
  bench.control.abort();
  assert.equal(bench.syncs[0]?.signal.aborted, true);
  await bench.endLast();
  await done;
  assert.equal(bench.begun, "A");
});

Deno.test("runSchedule() ends in the midst of a pause", async () => {
  const bench = new Bench();
  const done = bench.start([account("A", { minutes: 60 })]);
  await bench.endLast();
  bench.control.finish();
  await done;
  assert.equal(bench.clock.waiting, 0);
});

Deno.test("runSchedule() notices that the machine was asleep", async () => {
  const bench = new Bench();
  const done = bench.start([account("A", { minutes: 60 })]);
  await bench.endLast();
  bench.clock.jump(3 * 60 * MINUTE);
  await bench.clock.advance(10_000);
  assert.equal(bench.begun, "A A");
  // A clock that was set back makes no pause longer.
  await bench.endLast();
  bench.clock.jump(-24 * 60 * MINUTE);
  await bench.clock.advance(60 * MINUTE);
  assert.equal(bench.begun, "A A A");
  bench.control.abort();
  await bench.endLast();
  await done;
});

Deno.test("runSchedule() stops a sync whose lock another program took", async () => {
  const bench = new Bench();
  const done = bench.start([account("A")]);
  await bench.clock.advance(20_000);
  assert.equal(bench.syncs[0]?.signal.aborted, false);
  bench.locks.set("A", "lost");
  await bench.clock.advance(5_000);
  assert.equal(bench.syncs[0]?.signal.aborted, true);
  await bench.endLast();
  assert.equal((await done).failedAccounts, 1);
  assert.deepEqual(
    bench.of("error").map(({ error }) => error.code),
    ["lock.lost"],
  );
  assert.equal(bench.clock.waiting, 0);
});

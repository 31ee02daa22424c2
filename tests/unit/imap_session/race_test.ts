import assert from "node:assert/strict";
import fc from "fast-check";
import { race, type Start } from "../../../src/imap/session/race.ts";

/** A clock that moves only when it is told to. */
class Clock {
  #now = 0;
  #timers: { at: number; action: () => void }[] = [];

  get pending(): number {
    return this.#timers.length;
  }

  readonly after = (ms: number, action: () => void) => {
    const timer = { at: this.#now + ms, action };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((t) => t !== timer));
  };

  /** Moves on, a timer at a time, and lets what they did take its course. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const [first] = this.#timers.toSorted((a, b) => a.at - b.at);
      if (first === undefined || first.at > end) break;
      this.#timers = this.#timers.filter((timer) => timer !== first);
      this.#now = first.at;
      first.action();
    }
    this.#now = end;
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** How an attempt goes: after so many milliseconds, or never. */
type Fate = { name: string; ms: number; fails?: boolean };

/** The attempts, and what became of them, in order. */
function field(clock: Clock, fates: readonly Fate[]) {
  const told: string[] = [];
  const starts: Start<string>[] = fates.map(({ name, ms, fails }) => (signal) =>
    new Promise((resolve, reject) => {
      told.push(`begin ${name}`);
      signal.addEventListener("abort", () => {
        told.push(`end ${name}`);
        reject(new Error("ended"));
      });
      if (ms === Infinity) return;
      clock.after(
        ms,
        () => fails ? reject(new Error(`no ${name}`)) : resolve(name),
      );
    })
  );
  return { told, starts };
}

const { signal } = new AbortController();
const NEVER = Infinity;

function hold(clock: Clock, starts: Start<string>[], late: string[] = []) {
  const discard = (name: string) => void late.push(name);
  return race(starts, { signal, discard, after: clock.after });
}

Deno.test("race() begins the second 250 ms after a first that says nothing", async () => {
  const clock = new Clock();
  const { told, starts } = field(clock, [
    { name: "a", ms: NEVER },
    { name: "b", ms: 10 },
  ]);
  const winner = hold(clock, starts);
  await clock.pass(249);
  assert.deepEqual(told, ["begin a"]);
  await clock.pass(11);
  assert.equal(await winner, "b");
  assert.deepEqual(told, ["begin a", "begin b", "end a"]);
  assert.equal(clock.pending, 0);
});

Deno.test("race() begins the next at once when one fails", async () => {
  const clock = new Clock();
  const { told, starts } = field(clock, [
    { name: "a", ms: 5, fails: true },
    { name: "b", ms: 5 },
    { name: "c", ms: 5 },
  ]);
  const winner = hold(clock, starts);
  await clock.pass(10);
  assert.equal(await winner, "b");
  assert.deepEqual(told, ["begin a", "begin b"]);
});

Deno.test("race() does not give up a slow first for a second that fails", async () => {
  const clock = new Clock();
  const { starts } = field(clock, [
    { name: "a", ms: 3_000 },
    { name: "b", ms: 5, fails: true },
  ]);
  const winner = hold(clock, starts);
  await clock.pass(3_000);
  assert.equal(await winner, "a");
});

Deno.test("race() throws what was thrown: one, or all together", async () => {
  for (const names of [["a"], ["a", "b", "c"]]) {
    const clock = new Clock();
    const { starts } = field(
      clock,
      names.map((name) => ({ name, ms: 300, fails: true })),
    );
    const outcome = hold(clock, starts).catch((error) => error);
    await clock.pass(2_000);
    const error = await outcome;
    const told = error instanceof AggregateError ? error.errors : [error];
    assert.deepEqual(
      told.map(({ message }) => message),
      names.map((name) => `no ${name}`),
    );
    assert.equal(error instanceof AggregateError, names.length > 1);
  }
});

Deno.test("race() ends all when it is told to stop", async () => {
  const clock = new Clock();
  const stopper = new AbortController();
  const { told, starts } = field(clock, [
    { name: "a", ms: NEVER },
    { name: "b", ms: NEVER },
    { name: "c", ms: NEVER },
  ]);
  const outcome = race(starts, {
    signal: stopper.signal,
    discard: () => {},
    after: clock.after,
  }).catch((error) => error);
  await clock.pass(300);
  stopper.abort(new Error("Told to stop"));
  assert.equal((await outcome).message, "Told to stop");
  await clock.pass(1_000);
  assert.deepEqual(told, ["begin a", "begin b", "end a", "end b"]);
});

Deno.test("race() discards what comes in too late", async () => {
  const clock = new Clock();
  const late: string[] = [];
  // Deaf to the signal: it was open before it heard of it.
  const deaf: Start<string> = () =>
    new Promise((resolve) => clock.after(255, () => resolve("deaf")));
  const { starts } = field(clock, [{ name: "b", ms: 2 }]);
  const winner = hold(clock, [deaf, ...starts], late);
  await clock.pass(1_000);
  assert.equal(await winner, "b");
  assert.deepEqual(late, ["deaf"]);
});

Deno.test("race() is won if any can win, and leaves nothing open", async () => {
  const fate = fc.record({
    ms: fc.oneof(fc.nat(2_000), fc.constant(NEVER)),
    fails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fate, { minLength: 1, maxLength: 6 }),
      async (fates) => {
        const clock = new Clock();
        const { told, starts } = field(
          clock,
          fates.map((each, at) => ({ ...each, name: `${at}` })),
        );
        const stopper = new AbortController();
        const outcome = race(starts, {
          signal: stopper.signal,
          discard: () => assert.fail("Two won"),
          after: clock.after,
        }).then((name) => ({ name }), () => ({ name: undefined }));
        await clock.pass(10_000);
        stopper.abort();
        const { name } = await outcome;
        const canWin = fates.some(({ ms, fails }) => ms < NEVER && !fails);
        assert.equal(name !== undefined, canWin);
        for (const [at, { ms }] of fates.entries()) {
          if (ms < NEVER || !told.includes(`begin ${at}`)) continue;
          assert(told.includes(`end ${at}`));
        }
        const begun = told.filter((line) => line.startsWith("begin"));
        // One after the other, and each once.
        assert.deepEqual(
          begun,
          fates.slice(0, begun.length)
            .map((_, at) => `begin ${at}`),
        );
      },
    ),
  );
});

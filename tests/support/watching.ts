/** The program in this process, watching, with clocks that a test can move. */
import { parseArguments } from "../../src/cli/arguments.ts";
import { realParts } from "../../src/cli/real_parts.ts";
import { run } from "../../src/cli/run.ts";
import type { SignalSource } from "../../src/cli/signals.ts";
import type { Clock } from "../../src/clock.ts";
import { type Program, terminalInto } from "./program.ts";

/** A run under way. Disposing of it ends it as SIGTERM does. */
export interface Watching extends AsyncDisposable {
  /** What it printed so far. */
  readonly output: string;
  /** Sends it a signal. */
  signal(name: Deno.Signal): void;
  /** Moves its clock on the wall. */
  jump(ms: number): void;
  /** The exit code. */
  readonly ended: Promise<number>;
  /**
   * Waits until something holds, and says how long it took, ms.
   * @throws {Error} With the output, when it takes longer than `limitMs`.
   */
  until(
    holds: () => boolean | Promise<boolean>,
    limitMs?: number,
  ): Promise<number>;
}

/** Runs `offlineimap -c FILE ARGS…`. @param clock @default the real one */
export function startWatching(
  program: Program,
  { args = [], clock }: { args?: readonly string[]; clock?: Clock } = {},
): Watching {
  const told: string[] = [];
  const handlers = new Map<string, Set<() => void>>();
  const signals: SignalSource = {
    add: (name, handler) => {
      const set = handlers.get(name) ?? new Set();
      handlers.set(name, set.add(handler));
    },
    remove: (name, handler) => void handlers.get(name)?.delete(handler),
  };
  const base = clock ?? realParts(terminalInto(told)).clock;
  let offset = 0;
  const moved: Clock = {
    now: () => base.now(),
    after: (ms, action) => base.after(ms, action),
    wall: () => base.wall() + offset,
  };
  const ended = run(
    parseArguments(["-c", program.configFile, ...args]),
    {
      ...realParts(terminalInto(told), moved),
      signals,
      platform: "linux",
      exit: (status) => {
        throw new Error(`The program ends at once with ${status}`);
      },
    },
  );
  const signal = (name: Deno.Signal) => {
    for (const handler of [...handlers.get(name) ?? []]) handler();
  };
  return {
    get output() {
      return told.join("");
    },
    signal,
    jump: (ms) => void (offset += ms),
    ended,
    until: (holds, limitMs = 20_000) =>
      until(holds, limitMs, () => told.join("")),
    async [Symbol.asyncDispose]() {
      signal("SIGTERM");
      await ended;
    },
  };
}

/** See {@link Watching.until}. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  limitMs: number,
  output: () => string,
): Promise<number> {
  const start = performance.now();
  for (;;) {
    const asked = performance.now();
    if (await holds()) return performance.now() - start;
    if (asked - start > limitMs) {
      throw new Error(`Not within ${limitMs} ms: ${output()}`);
    }
    // Asking must not take the time that the answer needs.
    const tookMs = performance.now() - asked;
    await new Promise((resolve) => setTimeout(resolve, 5 + 4 * tookMs));
  }
}

/**
 * Waits until a run has come to rest, echoes of its changes included: a sign of
 * its work has been the same for three seconds.
 */
export async function resting(
  run: Pick<Watching, "until">,
  sign: () => number,
): Promise<void> {
  let before = sign();
  let since = performance.now();
  await run.until(() => {
    if (sign() !== before) since = performance.now();
    before = sign();
    return performance.now() - since > 3_000;
  }, 60_000);
}

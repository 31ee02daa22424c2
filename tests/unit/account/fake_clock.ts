/** Time that passes when a test says so. */
import type { Clock } from "../../../src/clock.ts";

/** A clock whose timers fire in {@link advance}. */
export class FakeClock implements Clock {
  #now = 0;
  #wall = 1_000_000;
  #timers: { at: number; action: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#wall;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.#now + ms, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Moves the clock on the wall alone: a suspend, or somebody set it. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  /** Lets time pass, and everything that it sets off come to rest. */
  async advance(ms: number): Promise<void> {
    await settle();
    const end = this.#now + ms;
    while (true) {
      const due = this.#timers.filter(({ at }) => at <= end)
        .sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#set(Math.max(this.#now, due.at));
      due.action();
      await settle();
    }
    this.#set(end);
  }

  #set(now: number): void {
    this.#wall += now - this.#now;
    this.#now = now;
  }
}

/** Lets all promises that can be settled be settled. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Events of one folder in the order in which OfflineIMAP does things. */
import type { EventSide, PlanCounts } from "../events.ts";

/** What OfflineIMAP does one after the other, first all of it for local. */
export type Stage = "copy" | "delete" | "flag";

const ORDER = ["copy", "delete", "flag"] as const;

/** Where a stage comes among those of both sides. */
function indexOf(side: EventSide, stage: Stage): number {
  return (side === "local" ? 0 : ORDER.length) + ORDER.indexOf(stage);
}

const COUNT = 2 * ORDER.length;

/**
 * Tells at once what comes in order, and keeps back what comes before its turn
 * until the stages before it are done. How much each has to do is what the plan
 * says; more than that is told as it comes.
 */
export class Stages {
  readonly #expected: number[];
  readonly #waiting: (() => void)[][] = Array.from({ length: COUNT }, () => []);
  readonly #open: (to: EventSide) => void;
  #current = 0;

  /** @param open Called before the first stage of each side. */
  constructor(counts: PlanCounts, open: (to: EventSide) => void) {
    const { toLocal, deleteLocal, flagLocal } = counts;
    const { toRemote, deleteRemote, flagRemote } = counts;
    this.#expected = [
      ...[toLocal, deleteLocal, flagLocal],
      ...[toRemote, deleteRemote, flagRemote],
    ];
    this.#open = open;
    open("local");
    this.#advance(false);
  }

  /** Takes something in that is done for `count` messages of a side. */
  add(side: EventSide, stage: Stage, count: number, tell: () => void): void {
    const index = indexOf(side, stage);
    const left = (this.#expected[index] ?? 0) - count;
    this.#expected[index] = left;
    if (index <= this.#current) tell();
    else this.#waiting[index]?.push(tell);
    this.#advance(false);
  }

  /** Tells what still waits. */
  finish(): void {
    this.#advance(true);
  }

  #advance(toEnd: boolean): void {
    while (
      this.#current < COUNT - 1 &&
      (toEnd || (this.#expected[this.#current] ?? 0) <= 0)
    ) {
      this.#current++;
      if (this.#current === ORDER.length) this.#open("remote");
      for (const tell of this.#waiting[this.#current]?.splice(0) ?? []) tell();
    }
  }
}

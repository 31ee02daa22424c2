/** Nothing changed on either side: what a run costs that comes every minute. */
import type { Scenario } from "../bench.ts";
import { BIG, MANY, total } from "./mailboxes.ts";

/** One large folder, and many small ones; near and far. */
export const nothingToDo: Scenario = {
  name: "nothing-to-do",
  async run(bench) {
    for (const kind of [BIG, MANY]) {
      const plans = kind.plans(bench);
      const what = plans.length === 1
        ? `a folder of ${total(plans)}`
        : `${plans.length} folders of 50`;
      for (const distance of ["loopback", "50 ms"] as const) {
        await bench.compare({
          title: `Nothing to do, ${what}, ${distance}`,
          // Short runs, so that more of them cost little.
          rounds: bench.sizes.rounds * (distance === "loopback" ? 3 : 1),
          short: true,
          prepare: (product) =>
            bench.settled(product, kind.name, plans, distance),
        });
      }
    }
  },
};

/** One server full of mail, and an empty one to be filled from it. */
import assert from "node:assert/strict";
import type { Scenario } from "../bench.ts";
import { megabytes, MOVED, TARGETS, total } from "./mailboxes.ts";

/** 5,000 messages from one server to another. */
export const twoServers: Scenario = {
  name: "two-servers",
  async run(bench) {
    const { server } = bench;
    const plans = MOVED.plans(bench);
    const title = `${total(plans)} messages from server to server, ` +
      `${megabytes(plans)} MB`;
    for (const product of bench.products) {
      server.fill(MOVED.name, product, plans);
    }
    await bench.compare({
      title,
      rounds: Math.min(TARGETS.length, bench.sizes.rounds),
      // It can do it too, by another configuration.
      except: "mbsync",
      prepare: (product, round) => {
        const options = { distance: "loopback", fsync: false } as const;
        const client = bench.fresh(product, MOVED.name, options);
        client.configure({
          address: server.address(MOVED.name, product, "loopback"),
          local: server.address(targetOf(round), product, "loopback"),
          fsync: false,
        });
        return client;
      },
      check: (product, _client, round) =>
        assert.equal(server.count(targetOf(round), product), total(plans)),
    });
  },
};

/** A target is filled once. */
function targetOf(round: number): string {
  return TARGETS[round] ?? "";
}

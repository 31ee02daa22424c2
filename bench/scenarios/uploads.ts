/** New messages in the Maildir. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Bench, Scenario } from "../bench.ts";
import { countMessages, makeMessage } from "../mail.ts";
import type { Client, Product } from "../product.ts";
import type { Distance } from "../server.ts";
import { SMALL } from "./mailboxes.ts";

const SIZE_BYTES = 5_000;

/** 1,000 messages of 5 KB into a folder that is small at first. */
export const uploads: Scenario = {
  name: "uploads",
  async run(bench) {
    const count = bench.scaled(1_000);
    for (const distance of ["loopback", "50 ms"] as const) {
      await bench.compare({
        title: `${count} uploads of 5 KB, ${distance}`,
        prepare: (product) => addMessages(bench, product, distance, count),
        check: (product, client) =>
          assert.equal(
            bench.server.count(SMALL.name, product),
            countMessages(client.mailbox("INBOX")),
          ),
      });
    }
  },
};

let serial = 0;

async function addMessages(
  bench: Bench,
  product: Product,
  distance: Distance,
  count: number,
): Promise<Client> {
  const plans = SMALL.plans(bench);
  const client = await bench.settled(product, SMALL.name, plans, distance);
  const folder = join(client.mailbox("INBOX"), "cur");
  for (let index = 0; index < count; index++) {
    const id = `upload.${++serial}`;
    Deno.writeFileSync(
      join(folder, `${1_700_000_000 + serial}.M${serial}P1.bench:2,S`),
      makeMessage(id, SIZE_BYTES),
    );
  }
  await bench.rest();
  return client;
}

/** Messages deleted on one side. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Bench, Scenario } from "../bench.ts";
import { countMessages, filesIn } from "../mail.ts";
import type { Client, Product } from "../product.ts";
import { BIG } from "./mailboxes.ts";

/** One message in twenty of a large folder, each way. */
export const deletions: Scenario = {
  name: "deletions",
  async run(bench) {
    const count = bench.scaled(1_000);
    await bench.compare({
      title: `${count} deleted on the server, loopback`,
      prepare: (product) => onServer(bench, product, count),
      check: (product, client) => sameCount(bench, product, client),
    });
    await bench.compare({
      title: `${count} deleted in the Maildir, loopback`,
      prepare: (product) => inMaildir(bench, product, count),
      check: (product, client) => sameCount(bench, product, client),
    });
  },
};

async function onServer(
  bench: Bench,
  product: Product,
  count: number,
): Promise<Client> {
  const client = await bench.settled(product, BIG.name, BIG.plans(bench));
  await bench.settle(client);
  const query = ["mailbox", "INBOX", `1:${count}`];
  await bench.server.doveadm(["expunge"], BIG.name, product, ...query);
  return client;
}

async function inMaildir(
  bench: Bench,
  product: Product,
  count: number,
): Promise<Client> {
  const client = await bench.settled(product, BIG.name, BIG.plans(bench));
  await bench.settle(client);
  const folder = join(client.mailbox("INBOX"), "cur");
  for (const name of filesIn(folder).slice(0, count)) {
    Deno.removeSync(join(folder, name));
  }
  await bench.rest();
  return client;
}

function sameCount(bench: Bench, product: Product, client: Client): void {
  assert.equal(
    countMessages(client.mailbox("INBOX")),
    bench.server.count(BIG.name, product),
  );
}

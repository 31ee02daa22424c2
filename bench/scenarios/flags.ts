/** One message in a hundred gets a flag, or loses it again. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Bench, Scenario } from "../bench.ts";
import { filesIn } from "../mail.ts";
import type { Client, Product } from "../product.ts";
import type { Distance } from "../server.ts";
import { BIG, total } from "./mailboxes.ts";

/** Changed on the server, then in the Maildir. */
export const flags: Scenario = {
  name: "flags",
  async run(bench) {
    const plans = BIG.plans(bench);
    const share = `200 of ${total(plans)}`;
    for (const distance of ["loopback", "50 ms"] as const) {
      await bench.compare({
        title: `Flags of ${share} changed on the server, ${distance}`,
        prepare: (product, round) => onServer(bench, product, distance, round),
        check: (product, client) => checkFlags(bench, product, client),
      });
      await bench.compare({
        title: `Flags of ${share} changed in the Maildir, ${distance}`,
        prepare: (product, round) => inMaildir(bench, product, distance, round),
        check: (product, client) => checkFlags(bench, product, client),
      });
    }
  },
};

async function onServer(
  bench: Bench,
  product: Product,
  distance: Distance,
  round: number,
): Promise<Client> {
  const plans = BIG.plans(bench);
  const client = await bench.settled(product, BIG.name, plans, distance);
  await bench.settle(client);
  const verb = round % 2 === 0 ? "add" : "remove";
  const uids = Array.from(
    { length: Math.floor(total(plans) / 100) },
    (_, at) => at * 100 + 2,
  );
  const query = ["mailbox", "INBOX", "uid", uids.join(",")];
  await bench.server.doveadm(
    ["flags", verb],
    BIG.name,
    product,
    "\\Flagged",
    ...query,
  );
  return client;
}

async function inMaildir(
  bench: Bench,
  product: Product,
  distance: Distance,
  round: number,
): Promise<Client> {
  const plans = BIG.plans(bench);
  const client = await bench.settled(product, BIG.name, plans, distance);
  await bench.settle(client);
  const folder = join(client.mailbox("INBOX"), "cur");
  const files = filesIn(folder);
  const wanted = round % 2 === 0 ? "D" : "";
  for (let at = 1; at < files.length; at += 100) {
    const name = files[at];
    if (name === undefined) continue;
    const letters = /:2,(.*)$/.exec(name)?.[1]?.replace("D", "") ?? "";
    const renamed = name.replace(/:2,.*$/, `:2,${wanted}${letters}`);
    Deno.renameSync(join(folder, name), join(folder, renamed));
  }
  await bench.rest();
  return client;
}

/** Both sides have the same number of files with each flag. */
function checkFlags(bench: Bench, product: Product, client: Client): void {
  const here = client.mailbox("INBOX");
  const there = bench.server.mailbox(BIG.name, product, "INBOX");
  for (const letter of ["F", "D"]) {
    assert.equal(flagged(here, letter), flagged(there, letter), letter);
  }
}

function flagged(mailbox: string, letter: string): number {
  return ["cur", "new"].flatMap((part) => filesIn(join(mailbox, part)))
    .filter((name) => /:2,(.*)$/.exec(name)?.[1]?.includes(letter)).length;
}

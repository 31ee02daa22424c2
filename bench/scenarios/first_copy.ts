/** An empty Maildir, and a server full of mail. */
import assert from "node:assert/strict";
import type { Bench, Scenario } from "../bench.ts";
import { countMessages } from "../mail.ts";
import { BIG, type Kind, megabytes, total, WIDE } from "./mailboxes.ts";

/** One large folder, with and without fsync. */
export const firstCopy: Scenario = {
  name: "first-copy",
  async run(bench) {
    for (const fsync of [false, true]) {
      const title = `${said(BIG, bench)}, fsync ${fsync ? "on" : "off"}`;
      await copy(bench, BIG, { title, fsync });
    }
  },
};

/** Many folders with small messages. */
export const firstCopyOfFolders: Scenario = {
  name: "first-copy-folders",
  async run(bench) {
    const title = `${said(WIDE, bench)}, fsync off`;
    await copy(bench, WIDE, { title, fsync: false });
  },
};

function said(kind: Kind, bench: Bench): string {
  const plans = kind.plans(bench);
  const folders = plans.length === 1 ? "" : ` in ${plans.length} folders`;
  return `First copy, ${total(plans)} messages${folders}, ` +
    `${megabytes(plans)} MB`;
}

async function copy(
  bench: Bench,
  kind: Kind,
  { title, fsync }: { title: string; fsync: boolean },
): Promise<void> {
  const { server } = bench;
  const plans = kind.plans(bench);
  // All read the same mailbox, whose caches are warm after the first of them.
  const [owner] = bench.products;
  if (owner === undefined) return;
  await bench.settled(owner, kind.name, plans);
  await bench.compare({
    title,
    // A hundred thousand files a time: three rounds must do.
    rounds: Math.min(kind === WIDE ? 3 : Infinity, bench.sizes.rounds),
    prepare: (product) => {
      const client = bench.fresh(product, kind.name, {
        distance: "loopback",
        fsync,
      });
      const address = server.address(kind.name, owner, "loopback");
      client.configure({ address, fsync });
      return client;
    },
    check: (_product, { home }) =>
      assert.equal(countMessages(home), total(plans)),
  });
}

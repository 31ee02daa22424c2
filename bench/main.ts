// deno-lint-ignore-file no-console -- a script talks to whoever started it
/**
 * Side by side with mbsync and OfflineIMAP: `deno task bench [--help]`.
 *
 * Every program runs as a process of its own against the same Dovecot, in turns
 * (A B C, A B C …), since machines drift: only figures of one round are compared.
 */
import { parseArgs } from "node:util";
import { join } from "node:path";
import { Bench, type Scenario } from "./bench.ts";
import { formatDocument } from "./document.ts";
import { describeMachine } from "./machine.ts";
import { measuresAll } from "./measure.ts";
import type { Product } from "./product.ts";
import { mbsync } from "./products/mbsync.ts";
import { offlineimap } from "./products/offlineimap.ts";
import { ourBundle, ourSource } from "./products/ours.ts";
import { formatTable } from "./report.ts";
import { deletions } from "./scenarios/deletions.ts";
import { firstCopy, firstCopyOfFolders } from "./scenarios/first_copy.ts";
import { flags } from "./scenarios/flags.ts";
import { largeFolder } from "./scenarios/large_folder.ts";
import { KINDS, TARGETS } from "./scenarios/mailboxes.ts";
import { nothingToDo } from "./scenarios/nothing_to_do.ts";
import { twoServers } from "./scenarios/two_servers.ts";
import { uploads } from "./scenarios/uploads.ts";
import { BenchServer } from "./server.ts";
import { findDovecot } from "../tests/support/dovecot.ts";

// Deletions last: they leave less for the others.
const SCENARIOS: readonly Scenario[] = [
  firstCopy,
  nothingToDo,
  flags,
  uploads,
  twoServers,
  deletions,
  firstCopyOfFolders,
  largeFolder,
];

const HELP = `Usage: deno task bench [OPTIONS]

  --only NAME,...    of ${SCENARIOS.map(({ name }) => name).join(", ")}
  --scale FACTOR     of numbers of messages and folders (1)
  --rounds N         rounds of each comparison (5)
  --slow-rounds N    rounds that OfflineIMAP takes part in (1)
  --without ID,...   of source, mbsync, offlineimap
  --write            write docs/benchmarks.md
`;

const { values } = parseArgs({
  args: Deno.args,
  options: {
    only: { type: "string" },
    scale: { type: "string", default: "1" },
    rounds: { type: "string", default: "5" },
    "slow-rounds": { type: "string", default: "1" },
    without: { type: "string", default: "" },
    write: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else if (findDovecot() === undefined) {
  console.log("Dovecot is not installed: there is nothing to measure against.");
} else await main();

async function main(): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "oi-bench-" });
  try {
    const products = await findProducts(folder);
    await using server = await BenchServer.start(
      products,
      [...KINDS.map(({ name }) => name), ...TARGETS],
    );
    const sizes = {
      scale: Number(values.scale),
      rounds: Number(values.rounds),
      slowRounds: Number(values["slow-rounds"]),
    };
    const bench = new Bench(server, products, sizes, folder, console.log);
    for (const scenario of chosen()) {
      console.log(scenario.name);
      await scenario.run(bench);
      console.log(formatTable(bench.comparisons.slice(-4)));
    }
    console.log(formatTable(bench.comparisons));
    if (values.write) {
      const machine = await describeMachine(folder);
      Deno.writeTextFileSync(
        new URL("../docs/benchmarks.md", import.meta.url),
        formatDocument(bench, machine),
      );
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function chosen(): readonly Scenario[] {
  const names = values.only?.split(",");
  return SCENARIOS.filter(({ name }) => names?.includes(name) ?? true);
}

async function findProducts(folder: string): Promise<Product[]> {
  if (!measuresAll) console.log("No GNU time: CPU and memory are left out.");
  const cache = await denoFolder();
  const without = values.without.split(",");
  const found = [
    await ourBundle(join(folder, "bundle"), cache),
    ourSource(cache),
    await mbsync() ?? "mbsync",
    await offlineimap() ?? "OfflineIMAP",
  ];
  return found.filter((product): product is Product => {
    if (typeof product !== "string") return !without.includes(product.id);
    console.log(`${product} is not installed: it is left out.`);
    return false;
  });
}

/** Where Deno keeps packages and compiled code, in any home. */
async function denoFolder(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

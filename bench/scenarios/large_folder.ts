/** A folder so large that what is kept for each message decides. */
import { join } from "node:path";
import { startBackground } from "../background.ts";
import type { Bench, Scenario } from "../bench.ts";
import { flagsOfUid } from "../listing_server.ts";
import { makeMaildir } from "../mail.ts";
import type { Client, Product } from "../product.ts";
import { flagsOf } from "../../src/sync/flags.ts";
import type { Mutation } from "../../src/sync/status.ts";
import { openState, stateFile } from "../../src/state/mod.ts";

/** Links to one file: file systems have a limit. */
const LINKS = 60_000;

/** What OfflineIMAP's `FMD5=` says of INBOX. */
const MARK = "FMD5=7e33429f656f1e6e9d79b29c3f82c57e";

const LETTERS = new Map([
  ["\\Flagged", "F"],
  ["\\Answered", "R"],
  ["\\Seen", "S"],
]);

/**
 * A million messages and a hundred thousand, as if new, and as if known; both
 * sides are listed in full each time. Made-up files, status rows and server.
 */
export const largeFolder: Scenario = {
  name: "large-folder",
  async run(bench) {
    // One message shows what a run costs before it looks at any.
    await look(bench, 1);
    for (const count of [100_000, 1_000_000]) {
      await look(bench, bench.scaled(count));
    }
  },
};

async function look(bench: Bench, count: number): Promise<void> {
  await using server = await startBackground("listing_server.ts", [
    String(count),
  ]);
  const address = { port: server.port, user: "user", password: "secret" };
  const client = (product: Product, name: string, args: string[]): Client => {
    const home = join(bench.folder, `large-${count}-${name}`);
    Deno.mkdirSync(home, { recursive: true });
    const made = product.client(home);
    made.configure({ address, fsync: false });
    makeMaildir(made.mailbox("INBOX"));
    const { program, args: usual, env } = made.command();
    const command = { program, args: [...usual, ...args], env };
    return { ...made, command: () => command };
  };
  const rounds = Math.min(3, bench.sizes.rounds);
  await bench.compare({
    title: `${count} new messages, dry run`,
    rounds,
    only: "ours",
    prepare: (product) => client(product, "new", ["--dry-run"]),
  });
  const [ours] = bench.products;
  if (ours === undefined) return;
  const known = client(ours, "known", []);
  fill(known, count);
  await bench.compare({
    title: `${count} known messages, server and Maildir listed`,
    rounds: 1,
    only: "ours",
    prepare: () => known,
  });
  await bench.settle(known);
  await bench.compare({
    title: `${count} known messages, server listed`,
    rounds,
    only: "ours",
    prepare: () => known,
  });
}

/** Files and status rows of messages that both sides have. */
function fill({ home, mailbox }: Client, count: number): void {
  const inbox = mailbox("INBOX");
  const file = stateFile(join(home, "metadata"), "bench");
  using state = openState({ file, fsync: false });
  const pairs = state.mailbox("INBOX", "INBOX");
  pairs.commit([{ kind: "validity", remote: 1, local: 42 }]);
  pairs.commit(rows(count));
  let source = "";
  for (let uid = 1; uid <= count; uid++) {
    const path = join(inbox, "cur", fileName(uid));
    if (uid % LINKS === 1) Deno.writeTextFileSync(source = path, "A: b\n\nc\n");
    else Deno.linkSync(source, path);
  }
}

function* rows(count: number): Generator<Mutation> {
  for (let uid = 1; uid <= count; uid++) {
    const flags = flagsOf(flagsOfUid(uid).split(" ").filter(Boolean));
    yield { kind: "pair", remote: uid, local: uniqueName(uid), flags };
  }
}

function uniqueName(uid: number): string {
  const time = 1_700_000_000 + Math.floor(uid / 7);
  return `${time}_${uid % 7}.${10_000 + uid % 20_000}.host,U=${uid},${MARK}`;
}

function fileName(uid: number): string {
  const letters = flagsOfUid(uid).split(" ")
    .map((flag) => LETTERS.get(flag) ?? "").sort().join("");
  return `${uniqueName(uid)}:2,${letters}`;
}

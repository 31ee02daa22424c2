/**
 * The state with a million pairs, by hand: `deno run -A bench/state_bench.ts
 * [PAIRS]`. Prints wall and CPU seconds and megabytes of each stage.
 */
import { join } from "node:path";
import process from "node:process";
import { openState } from "../src/state/mod.ts";
import type { Mutation } from "../src/sync/status.ts";
import { flagsOf } from "../src/sync/flags.ts";

const SETS = ["", "\\Seen", "\\Seen \\Flagged", "\\Seen \\Answered", "$Work"]
  .map((text) => flagsOf(text.split(" ")));

function* pairs(count: number): Generator<Mutation> {
  for (let uid = 1; uid <= count; uid++) {
    yield {
      kind: "pair",
      remote: uid,
      local: nameOf(uid),
      flags: SETS[uid % SETS.length] ?? flagsOf([]),
    };
  }
}

function nameOf(uid: number): string {
  const time = 1_700_000_000 + Math.floor(uid / 7);
  return `${time}_${uid % 7}.${10_000 + uid % 20_000}.host.example,U=${uid},` +
    "FMD5=7e33429f656f1e6e9d79b29c3f82c57e";
}

/** Runs `work` and prints what it took, after a garbage collection if exposed. */
function stage<T>(name: string, work: () => T): T {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  const peakRss = Deno.memoryUsage().rss;
  (globalThis as { gc?: () => void }).gc?.();
  const { rss, heapUsed, external } = Deno.memoryUsage();
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  write(
    `${name.padEnd(28)} ${seconds.toFixed(2)} s (CPU ` +
      `${((user + system) / 1e6).toFixed(2)} s)   rss ${megabytes(peakRss)}, ` +
      `then ${megabytes(rss)} (heap ${megabytes(heapUsed)}, ` +
      `arrays ${megabytes(external)})\n`,
  );
  return result;
}

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

function main(count: number): void {
  const folder = Deno.makeTempDirSync();
  try {
    const file = join(folder, "state.sqlite");
    {
      using state = openState({ file, fsync: true });
      const inbox = state.mailbox("INBOX", "INBOX");
      stage(`commit ${count} pairs`, () => inbox.commit(pairs(count)));
    }
    write(`file: ${Math.round(Deno.statSync(file).size / 1e6)} MB\n`);
    using state = openState({ file, fsync: true });
    const inbox = state.mailbox("INBOX", "INBOX");
    stage("status", () => inbox.status());
    const base = stage("load", () => inbox.load());
    stage("find each by its UID", () => {
      for (let uid = 1; uid <= count; uid++) base.remote.find(uid);
    });
    stage("find each by its name", () => {
      for (let uid = 1; uid <= count; uid++) base.local.find(nameOf(uid));
    });
    stage("all pairs", () => {
      for (const _pair of base.remote.pairs());
    });
    const flags = flagsOf(["\\Seen"]);
    stage("commit flags of 1 %", () => {
      const changes: Mutation[] = [];
      for (let uid = 1; uid <= count; uid += 100) {
        const id = base.remote.find(uid)?.id;
        if (id !== undefined) changes.push({ kind: "flags", id, flags });
      }
      inbox.commit(changes);
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

if (import.meta.main) main(Number(Deno.args[0] ?? 1_000_000));

/** What reading IMAP costs: listings of flags and bodies, without a network. */
import { Observation } from "../src/imap/store/observation.ts";
import { Decoder } from "../src/imap/wire/decoder.ts";
import { UidSet } from "../src/imap/wire/uid_set.ts";
import { PairTable } from "../src/state/pair_table.ts";
import { doomNumber } from "../src/state/values.ts";
import { flagsOf } from "../src/sync/flags.ts";

const CHUNK_BYTES = 64 * 1024;

/** `text` as a socket would bring it. */
function chunksOf(text: string): Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    chunks.push(bytes.slice(at, at + CHUNK_BYTES));
  }
  return chunks;
}

function rows(count: number, row: (n: number) => string): Uint8Array[] {
  return chunksOf(
    Array.from({ length: count }, (_, at) => row(at + 1)).join(""),
  );
}

/** Decodes all and counts whole responses; bodies are counted as chunks. */
function decode(chunks: readonly Uint8Array[]): number {
  const decoder = new Decoder();
  let count = 0;
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let item = decoder.next(); item; item = decoder.next()) {
      if (item.kind === "body-start") decoder.route({ receiver: undefined });
      else count++;
    }
  }
  return count;
}

const FLAGS = ["\\Seen", "", "\\Seen \\Answered", "\\Seen $Junk NonJunk"];
const flags = (n: number) => FLAGS[n % FLAGS.length];

const plain = rows(
  100_000,
  (n) => `* ${n} FETCH (UID ${3 * n} FLAGS (${flags(n)}))\r\n`,
);
const condstore = rows(
  100_000,
  (n) =>
    `* ${n} FETCH (UID ${3 * n} FLAGS (${flags(n)}) MODSEQ (${7 * n}))\r\n`,
);
const sized = rows(
  100_000,
  (n) =>
    `* ${n} FETCH (UID ${3 * n} FLAGS (${flags(n)}) RFC822.SIZE ${n} ` +
    `INTERNALDATE "17-Jul-1996 02:44:25 -0700")\r\n`,
);
const body = "Subject: x\r\n\r\n" + "x".repeat(8986);
const bodies = rows(
  20_000,
  (n) =>
    `* ${n} FETCH (UID ${n} FLAGS (\\Seen) BODY[] {${body.length}}\r\n${body})\r\n`,
);
const searched = chunksOf(
  `* SEARCH ${
    Array.from({ length: 100_000 }, (_, at) => 2 * at + 1).join(" ")
  }\r\n`,
);

Deno.bench("decode 100,000 rows of UID and FLAGS", {
  group: "listing",
  baseline: true,
}, () => {
  decode(plain);
});

/** A status that agrees with `plain`. */
function knownOf(count: number) {
  const sets = FLAGS.map((text) => flagsOf(text.split(" ")));
  const table = new PairTable(count, new Map(sets.entries()));
  for (let n = 1; n <= count; n++) {
    table.add({
      id: n,
      remote: 3 * n,
      local: `1700000000_${n}.1.host,U=${3 * n},FMD5=7e33429f656f1e6e9d79b29c`,
      flags: n % sets.length,
      doomed: doomNumber(false),
    });
  }
  return table.seal().remote;
}

const known = knownOf(100_000);

// All that a listing costs on a server without CONDSTORE, but the sockets.
Deno.bench("look at 100,000 rows, all of them known", {
  group: "listing",
}, () => {
  const observation = new Observation(known);
  const decoder = new Decoder();
  for (const chunk of plain) {
    decoder.push(chunk);
    for (let item = decoder.next(); item; item = decoder.next()) {
      if (item.kind === "fetch") observation.add(item);
    }
  }
  const present = observation.seen();
  const { arrived, reflagged, gone } = observation.changes(
    (uid) => !present.has(uid),
    100_000,
    undefined,
  );
  if (arrived.length + reflagged.length + gone.length > 0) {
    throw new Error("The listing differs from the status");
  }
});

Deno.bench("decode 100,000 rows of UID, FLAGS and MODSEQ", {
  group: "listing",
}, () => {
  decode(condstore);
});

Deno.bench("decode 100,000 rows with size and date", {
  group: "listing",
}, () => {
  decode(sized);
});

Deno.bench("decode a SEARCH of 100,000 scattered UIDs", {
  group: "listing",
}, () => {
  decode(searched);
});

Deno.bench("decode 20,000 bodies, 180 MB", { group: "bodies" }, () => {
  decode(bodies);
});

const scattered = UidSet.from(
  Array.from({ length: 100_000 }, (_, at) => 2 * at + 1),
);

Deno.bench("write a set of 100,000 scattered UIDs in lines", {
  group: "sets",
}, () => {
  scattered.split().forEach(String);
});

Deno.bench("look 100,000 UIDs up in a set of as many ranges", {
  group: "sets",
}, () => {
  for (let uid = 1; uid <= 100_000; uid++) scattered.has(uid);
});

/** Syncs of two servers that are killed at every step, cut off and disturbed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  assertInStep,
  countByLabel,
  dovecotContents,
  serverContents,
} from "../support/contents.ts";
import type { Vice } from "../support/imap_server/mod.ts";
import type { ImapServerOptions } from "../support/imap_server/mod.ts";
import { seededRandom } from "../support/imap_server/random.ts";
import {
  mail,
  seed,
  TwoServers,
  uidOf,
  type Words,
} from "../support/two_servers.ts";
import { startDelayProxy } from "../support/delay_proxy.ts";
import { type Dovecot, dovecotTest, startDovecot } from "../support/dovecot.ts";
import { openProgram } from "../support/program.ts";
import type { ServerAddress } from "../support/program_config.ts";
import { type CrashEntry, crashEntry } from "./crash_entry.ts";
import { MAILBOXES, OtherClient, type Others } from "./others.ts";
import { deedsOf, memoryDisk } from "./world.ts";

type Profile = NonNullable<ImapServerOptions["profile"]>;

/** A run, and what it comes to. */
interface Case {
  readonly name: string;
  readonly there?: Profile;
  readonly here?: Profile;
  /** Both sides have been synchronised before. */
  readonly base: boolean;
  readonly edit: (pair: TwoServers) => void;
  readonly after: Words;
}

const NO_UIDPLUS: Profile = { uidplus: false, move: false };

/** What is done on both sides at once. */
function changeBoth({ there, here }: TwoServers): void {
  for (const label of ["r1", "r2"]) there.mailbox("INBOX").append(mail(label));
  for (const label of ["l1", "l2"]) here.mailbox("INBOX").append(mail(label));
  there.mailbox("INBOX").setFlags(uidOf(there, "INBOX", "a"), ["\\Seen"]);
  here.mailbox("INBOX").setFlags(uidOf(here, "INBOX", "b"), ["$Work"]);
  there.mailbox("INBOX").expunge(uidOf(there, "INBOX", "c"));
  here.mailbox("INBOX").expunge(uidOf(here, "INBOX", "d"));
}

const CHANGED = {
  INBOX: ["a \\Seen", "b $Work", "l1", "l2", "r1", "r2"],
  Archive: ["z"],
};

const CASES: readonly Case[] = [
  {
    name: "the first copy, both ways",
    base: false,
    edit: ({ here }) => {
      here.mailbox("INBOX").append(mail("l1"));
      here.mailbox("Private").create();
      here.mailbox("Private").append(mail("p"));
    },
    after: {
      INBOX: ["a", "b", "c", "d", "l1"],
      Archive: ["z"],
      Private: ["p"],
    },
  },
  {
    name: "changes on both sides",
    base: true,
    edit: changeBoth,
    after: CHANGED,
  },
  {
    name: "changes on both sides, the local server without UIDPLUS",
    here: NO_UIDPLUS,
    base: true,
    edit: changeBoth,
    after: CHANGED,
  },
  {
    name: "changes on both sides, both with nothing but IMAP4rev1",
    there: "bare",
    here: "bare",
    base: true,
    edit: changeBoth,
    after: CHANGED,
  },
  {
    name: "messages moved on both sides",
    base: true,
    edit: ({ there, here }) => {
      there.mailbox("INBOX").move(uidOf(there, "INBOX", "a"), "Archive");
      here.mailbox("INBOX").setFlags(uidOf(here, "INBOX", "b"), ["\\Seen"]);
      here.mailbox("INBOX").move(uidOf(here, "INBOX", "b"), "Archive");
    },
    after: { INBOX: ["c", "d"], Archive: ["a", "b \\Seen", "z"] },
  },
  {
    name: "a new UIDVALIDITY on the local side",
    base: true,
    edit: ({ there, here }) => {
      here.mailbox("INBOX").setUidValidity();
      there.mailbox("INBOX").append(mail("r1"));
    },
    after: { INBOX: ["a", "b", "c", "d", "r1"], Archive: ["z"] },
  },
  {
    name: "a new UIDVALIDITY on both sides",
    base: true,
    edit: ({ there, here }) => {
      there.mailbox("INBOX").setUidValidity();
      here.mailbox("INBOX").setUidValidity();
      here.mailbox("INBOX").append(mail("l1"));
    },
    after: { INBOX: ["a", "b", "c", "d", "l1"], Archive: ["z"] },
  },
];

const WITHIN = memoryDisk(32 * 2 ** 20);

let entry: CrashEntry | undefined;

Deno.test.beforeAll(async () => {
  entry = await crashEntry();
});

Deno.test.afterAll(() => entry?.[Symbol.dispose]());

async function open({ there, here, base, edit }: Case): Promise<TwoServers> {
  const pair = new TwoServers({
    ...there === undefined ? {} : { profile: there },
    mailboxes: [
      { name: "INBOX", messages: ["a", "b", "c", "d"].map((it) => seed(it)) },
      { name: "Archive", messages: [seed("z")] },
    ],
  }, {
    ...here === undefined ? {} : { profile: here },
  }, WITHIN === undefined ? {} : { within: WITHIN });
  if (base) await pair.sync();
  edit(pair);
  return pair;
}

/** Syncs, at most so often as one accident needs, and looks at the outcome. */
async function repaired(
  pair: TwoServers,
  { after }: Case,
  code: number,
): Promise<void> {
  let output = "";
  for (let run = 0; run < 2 && code !== 0; run++) {
    ({ code, output } = await pair.program.sync());
  }
  assert.equal(code, 0, output);
  await pair.settledAs(after);
}

/** Steps after which the world is as it was before. */
const HARMLESS =
  /^imap (AUTHENTICATE|LOGIN|ID|ENABLE|NAMESPACE|CAPABILITY|LIST|STATUS|SELECT|EXAMINE|UID FETCH|UID SEARCH|NOOP|LOGOUT)|^file (fdatasync|fsync)/;

for (const one of CASES) {
  Deno.test(`The program survives a kill at every step between two servers: ${one.name}`, async () => {
    let steps: readonly string[];
    {
      await using pair = await open(one);
      ({ steps } = await pair.sync());
      await pair.settledAs(one.after);
    }
    for (let at = 1; at <= steps.length; at++) {
      if (HARMLESS.test(steps[at - 2] ?? "file")) continue;
      await using pair = await open(one);
      const trace = join(pair.program.home, "trace");
      await pair.program.run({
        entry: {
          url: entry?.url ?? "",
          args: ["--at", String(at), "--trace", trace],
        },
      });
      while (
        pair.servers.some((it) => it.connections.some(({ open }) => open))
      ) await new Promise((resolve) => setTimeout(resolve, 1));
      try {
        await repaired(pair, one, 1);
      } catch (cause) {
        throw new Error(
          `Killed before step ${at} of ${steps.length}, ${steps[at - 1]}, ` +
            `after ${steps[at - 2]}: ${cause}`,
          { cause },
        );
      }
    }
  });
}

/** No second try in the same run. */
const ONCE = ["here", "there"].flatMap((name) => [
  "-k",
  `Repository_${name}:retrycount=1`,
]);

const ACCIDENTS: readonly ((nth: number) => Vice)[] = [
  (nth) => ({ kind: "cutBefore", when: { nth } }),
  (nth) => ({ kind: "lostReply", when: { nth } }),
  (nth) => ({ kind: "refuse", reply: "NO", when: { nth } }),
  (nth) => ({ kind: "refuse", reply: "BYE", when: { nth } }),
];

for (const one of CASES) {
  Deno.test(`The program repairs whatever either of two servers did to any command: ${one.name}`, async () => {
    for (const side of ["there", "here"] as const) {
      for (const accident of ACCIDENTS) {
        for (let nth = 1;; nth++) {
          await using pair = await open(one);
          const vice = pair[side].vices.add(accident(nth));
          // What a run heals by itself has tests of its own, and takes pauses.
          const { code, output } = await pair.program.sync({ args: ONCE });
          const { fired } = vice;
          vice.remove();
          if (fired === 0) {
            assert.ok(nth > 5, "the run sends commands");
            break;
          }
          try {
            await repaired(pair, one, code);
          } catch (cause) {
            const what = JSON.stringify(accident(nth));
            throw new Error(`${side} ${what}: ${cause}\nfirst: ${output}`, {
              cause,
            });
          }
        }
      }
    }
  });
}

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  Deno.test(`The program loses and doubles nothing between two servers while others are at work, seed ${seed}`, async () => {
    const random = seededRandom(seed);
    const mailboxes = MAILBOXES.map((name) => ({ name }));
    // Servers that cannot tell what they got are found out by looking.
    const profile = seed % 2 === 0 ? "dovecot" : NO_UIDPLUS;
    await using pair = new TwoServers(
      { profile, mailboxes },
      { mailboxes },
    );
    const others: Others = {
      sent: new Set(),
      deleted: new Set(),
      moved: new Map(),
    };
    // Who takes away at once what a server does not tell leaves nothing to find.
    const clients = [
      new OtherClient(
        pair.there,
        random,
        others,
        (label) => pair.there.profile.uidplus || label.startsWith("there"),
        "there",
      ),
      new OtherClient(pair.here, random, others, () => true, "here"),
    ];
    const edit = () => clients[random() < 0.5 ? 0 : 1]?.edit();
    for (let i = 0; i < 20; i++) edit();
    for (let round = 0; round < 8; round++) {
      const busy = random() * 0.3;
      let calm = true;
      const { code } = await pair.program.sync({
        step: () => {
          if (random() >= busy) return;
          calm = false;
          edit();
        },
      });
      if (calm && code === 0) others.moved.clear();
    }
    let deeds = ["not yet"];
    for (let run = 0; run < 4 && deeds.length > 0; run++) {
      const synced = await pair.program.sync();
      if (run > 0) assert.equal(synced.code, 0, synced.output);
      deeds = deedsOf(synced);
    }
    assert.deepEqual(deeds, [], "it comes to rest");
    const there = serverContents(pair.there);
    assertInStep(serverContents(pair.here), there);
    const counts = countByLabel(there);
    for (const label of others.sent) {
      const count = counts.get(label) ?? 0;
      if (others.deleted.has(label)) {
        assert.ok(count <= 1, `${label}: ${count}`);
      } else assert.equal(count, 1, label);
    }
  });
}

/** Kills, then cuts, while mail comes on both sides. */
const ROUNDS = 12;
const ARRIVALS = 10;

dovecotTest(
  "The program loses and doubles nothing between two Dovecots when it is killed or cut off",
  async () => {
    const random = seededRandom(20_261_121);
    await using there = await startDovecot();
    await using here = await startDovecot();
    await using far = startDelayProxy({ target: there.port });
    await using near = startDelayProxy({ target: here.port });
    await using program = openProgram({
      server: { ...addressOf(there), port: far.port },
      localServer: { ...addressOf(here), port: near.port },
    });
    const all: string[] = [];
    let disturbed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, server] of [["r", there], ["l", here]] as const) {
        const labels = Array.from(
          { length: ARRIVALS },
          (_, at) => `${name}${round}-${at}`,
        );
        await server.seed("INBOX", labels.map((it) => ({ body: mail(it) })));
        all.push(...labels);
      }
      if (round % 2 === 0) {
        const killer = new AbortController();
        const copies = 1 + Math.floor(random() * 2 * ARRIVALS);
        let seen = 0;
        const { code } = await program.run({
          entry: { url: entry?.url ?? "", args: [] },
          signal: killer.signal,
          onOutput: (text) => {
            seen += text.split("Copy message").length - 1;
            if (seen >= copies) killer.abort();
          },
        });
        if (code !== 0) disturbed++;
      } else {
        (random() < 0.5 ? far : near).addFault({
          direction: random() < 0.5 ? "up" : "down",
          afterBytes: Math.floor(random() * 4_000),
          from: "connection",
        });
        if ((await program.sync()).code !== 0) disturbed++;
      }
    }
    assert.ok(disturbed >= ROUNDS / 3, `${disturbed} runs were disturbed`);
    far.heal();
    near.heal();
    let code = 1;
    let output = "";
    for (let run = 0; run < 3 && code !== 0; run++) {
      ({ code, output } = await program.sync());
    }
    assert.equal(code, 0, output);
    assertInStep(
      await dovecotContents(here),
      await dovecotContents(there),
      { exactly: all },
    );
    // A look after the last change, then one with nothing to see.
    await program.sync();
    assert.deepEqual(deedsOf(await program.sync()), []);
  },
);

function addressOf({ port, user, password }: Dovecot): ServerAddress {
  return { port, user, password };
}

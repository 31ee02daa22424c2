/** Flags, removals and moves on a real Dovecot through the IMAP store. */
import assert from "node:assert/strict";
import { flagsOf, hasFlag } from "../../src/sync/flags.ts";
import type { FlagDelta } from "../../src/sync/flags.ts";
import {
  type Dovecot,
  type DovecotOptions,
  dovecotTest,
  startDovecot,
} from "../support/dovecot.ts";
import {
  openImapStore,
  type TestStore,
  type TestStoreOptions,
} from "../support/imap_session.ts";
import {
  failureOf,
  fetchTexts,
  look,
  mail,
  NOTHING,
  open,
} from "./imap_store_support.ts";

async function on(
  options: DovecotOptions & { store?: TestStoreOptions },
  run: (test: TestStore, server: Dovecot) => Promise<void>,
): Promise<void> {
  const { store, ...rest } = options;
  await using server = await startDovecot(rest);
  await server.seed("INBOX", ["1", "2", "3", "4", "5"].map((id) => mail(id)));
  await server.seed("target", [mail("other")]);
  await using test = openImapStore(server, store);
  await run(test, server);
}

function delta(add: string[], remove: string[] = []): FlagDelta {
  return { add: flagsOf(add), remove: flagsOf(remove) };
}

/** `uid flags` of all messages, as a new session sees them. */
async function state(
  server: Dovecot,
  name = "INBOX",
): Promise<string[]> {
  await using test = openImapStore(server);
  const { arrived } = await look(test.store, NOTHING, undefined, name);
  return arrived.map(({ ref, flags }) => `${ref} ${flags}`.trim());
}

const ALL = ["1", "2", "3", "4", "5"];
const WITHOUT_PLUS = { withoutCapabilities: ["UIDPLUS"] };

dovecotTest(
  "changeFlags() adds and removes, leaves other flags alone, and groups",
  () =>
    on({}, async ({ store }, server) => {
      await using mailbox = await open(store);
      assert.deepEqual(
        await mailbox.changeFlags([
          { ref: 1, delta: delta(["\\Seen", "Work"]) },
          { ref: 2, delta: delta(["\\Seen", "Work"]) },
          { ref: 3, delta: delta(["\\Flagged"]) },
          { ref: 5, delta: delta(["\\Seen", "Work"]) },
        ]),
        [],
      );
      const { stats } = mailbox.selected.connection;
      const { commands, roundTrips } = stats;
      assert.deepEqual(
        await mailbox.changeFlags([
          { ref: 1, delta: delta([], ["Work"]) },
          { ref: 2, delta: delta(["\\Answered"], ["Work"]) },
          { ref: 3, delta: delta([]) },
          { ref: 4, delta: delta(["\\Answered"], ["\\Seen"]) },
        ]),
        [],
      );
      assert.equal(stats.commands - commands, 3);
      assert.equal(stats.roundTrips - roundTrips, 1);
      assert.deepEqual(await state(server), [
        "1 \\Seen",
        "2 \\Answered \\Seen",
        "3 \\Flagged",
        "4 \\Answered",
        "5 Work \\Seen",
      ]);
    }),
);

dovecotTest(
  "changeFlags() that change nothing send nothing",
  () =>
    on({}, async ({ store }) => {
      await using mailbox = await open(store);
      const { stats } = mailbox.selected.connection;
      const { commands } = stats;
      assert.deepEqual(await mailbox.changeFlags([]), []);
      const nothing = [{ ref: 1, delta: delta([]) }];
      assert.deepEqual(await mailbox.changeFlags(nothing), []);
      assert.equal(stats.commands, commands);
    }),
);

dovecotTest(
  "changeFlags() of a flag that cannot be sent fails for its messages alone",
  () =>
    on({}, async ({ store }, server) => {
      await using mailbox = await open(store);
      const failures = await mailbox.changeFlags([
        { ref: 1, delta: delta(["par(en"]) },
        { ref: 2, delta: delta(["\\Seen"]) },
      ]);
      assert.deepEqual(failures.map(({ ref }) => ref), [1]);
      assert.deepEqual(await state(server), ["1", "2 \\Seen", "3", "4", "5"]);
    }),
);

dovecotTest(
  "changeFlags() of thousands of scattered messages",
  () =>
    on({}, async ({ store }, server) => {
      const count = 5_000;
      const ids = Array.from({ length: count }, (_, at) => `${at + 1}`);
      await server.seed("many", ids.map((id) => mail(id)));
      {
        await using mailbox = await open(store, "many");
        const changes = [];
        for (let ref = 1; ref <= count; ref += 2) {
          changes.push({ ref, delta: delta(["\\Seen"]) });
        }
        assert.deepEqual(await mailbox.changeFlags(changes), []);
      }
      const { arrived } = await look(store, NOTHING, undefined, "many");
      for (const { ref, flags } of arrived) {
        assert.equal(hasFlag(flags, "\\Seen"), Number(ref) % 2 === 1);
      }
    }),
);

dovecotTest(
  "remove() expunges exactly these, never what others have marked",
  () =>
    on({}, async ({ store }, server) => {
      await using mailbox = await open(store);
      await mailbox.changeFlags([{ ref: 1, delta: delta(["\\Deleted"]) }]);
      const { removed, marked } = await mailbox.remove([2, 4, 77]);
      assert.deepEqual(removed, [2, 4, 77]);
      assert.deepEqual(marked, []);
      assert.deepEqual(await state(server), ["1 \\Deleted", "3", "5"]);
      assert.deepEqual(await mailbox.remove([]), { removed: [], marked: [] });
    }),
);

dovecotTest(
  "remove() without UIDPLUS expunges when nothing else is marked",
  () =>
    on(WITHOUT_PLUS, async ({ store }, server) => {
      await using mailbox = await open(store);
      const { removed, marked } = await mailbox.remove([2, 4]);
      assert.deepEqual([removed, marked], [[2, 4], []]);
      assert.deepEqual(await state(server), ["1", "3", "5"]);
    }),
);

dovecotTest(
  "remove() without UIDPLUS leaves its marks where others have marked something",
  () =>
    on(WITHOUT_PLUS, async ({ store }, server) => {
      await using mailbox = await open(store);
      await mailbox.changeFlags([{ ref: 1, delta: delta(["\\Deleted"]) }]);
      const { removed, marked } = await mailbox.remove([2, 4]);
      assert.deepEqual([removed, marked], [[], [2, 4]]);
      assert.deepEqual(await state(server), [
        "1 \\Deleted",
        "2 \\Deleted",
        "3",
        "4 \\Deleted",
        "5",
      ]);
    }),
);

dovecotTest(
  "remove() with expunge = no only marks",
  () =>
    on({ store: { expunge: false } }, async ({ store }, server) => {
      await using mailbox = await open(store);
      const { removed, marked } = await mailbox.remove([3]);
      assert.deepEqual([removed, marked], [[], [3]]);
      assert.deepEqual(await state(server), [
        "1",
        "2",
        "3 \\Deleted",
        "4",
        "5",
      ]);
    }),
);

dovecotTest(
  "remove() counts as marked what the server does not let go",
  () =>
    on({
      extra: `
protocol imap {
  mail_plugins = acl
}
plugin {
  acl = vfile
}`,
    }, async ({ store }, server) => {
      const rights = `${server.mailRoot}/target/dovecot-acl`;
      // All but expunge.
      await Deno.writeTextFile(rights, "owner lrwstipk\n");
      await server.own(rights);
      await using mailbox = await open(store, "target");
      assert.equal(mailbox.readOnly, false);
      const { removed, marked } = await mailbox.remove([1]).catch((error) => {
        assert.equal(error.scope, "mailbox");
        return { removed: [], marked: [1] };
      });
      assert.deepEqual([removed, marked], [[], [1]]);
      assert.equal((await state(server, "target")).length, 1);
    }),
);

dovecotTest(
  "remove() of thousands, a few round trips",
  () =>
    on({}, async ({ store }, server) => {
      const count = 4_000;
      const ids = Array.from({ length: count }, (_, at) => `${at + 1}`);
      await server.seed("many", ids.map((id) => mail(id)));
      await using mailbox = await open(store, "many");
      const refs = [];
      for (let ref = 2; ref <= count; ref += 2) refs.push(ref);
      const { stats } = mailbox.selected.connection;
      const { roundTrips } = stats;
      const { removed } = await mailbox.remove(refs);
      assert.deepEqual(removed, refs);
      assert.equal(stats.roundTrips - roundTrips, 2);
      assert.equal((await state(server, "many")).length, count / 2);
    }),
);

for (
  const { how, without } of [
    { how: "by MOVE", without: [] },
    { how: "by COPY and UID EXPUNGE", without: ["MOVE"] },
  ]
) {
  dovecotTest(
    `move() ${how} tells the new UIDs, and keeps flags and bytes`,
    () =>
      on({ withoutCapabilities: without }, async ({ store }, server) => {
        assert.deepEqual(await state(server, "target"), ["1"]);
        {
          await using mailbox = await open(store);
          await mailbox.changeFlags([
            { ref: 1, delta: delta(["\\Deleted"]) },
            { ref: 4, delta: delta(["\\Seen", "Work"]) },
          ]);
          const moved = await mailbox.move?.([2, 4], "target");
          assert.deepEqual([...moved ?? []], [[2, 2], [4, 3]]);
        }
        assert.deepEqual(await state(server), ["1 \\Deleted", "3", "5"]);
        assert.deepEqual(await state(server, "target"), [
          "1",
          "2",
          "3 Work \\Seen",
        ]);
        await using target = await open(store, "target");
        const { got } = await fetchTexts(target, [2, 3]);
        assert.equal(got.get(2)?.text, mail("2"));
        assert.equal(got.get(3)?.text, mail("4"));
      }),
  );

  dovecotTest(
    `move() ${how} to nowhere moves nothing`,
    () =>
      on({ withoutCapabilities: without }, async ({ store }, server) => {
        await using mailbox = await open(store);
        assert(mailbox.move);
        const error = await failureOf(mailbox.move([2, 4], "nowhere"));
        assert.equal(error.scope, "mailbox");
        assert.deepEqual(await state(server), ALL);
      }),
  );

  dovecotTest(
    `move() ${how} of what is gone tells nothing of it`,
    () =>
      on({ withoutCapabilities: without }, async ({ store }, server) => {
        await using mailbox = await open(store);
        assert(mailbox.move);
        const moved = await mailbox.move([2, 77], "target");
        assert.equal(moved.has(77), false);
        const target = await state(server, "target");
        // With COPY the message may be in both, but it is never in neither.
        assert(target.length === 2, `${target}`);
      }),
  );
}

dovecotTest(
  "move is not there without MOVE and UIDPLUS",
  () =>
    on({ withoutCapabilities: ["MOVE", "UIDPLUS"] }, async ({ store }) => {
      await using mailbox = await open(store);
      assert.equal(mailbox.move, undefined);
    }),
);

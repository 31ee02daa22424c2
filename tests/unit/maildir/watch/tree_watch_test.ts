import assert from "node:assert/strict";
import { join } from "node:path";
import type { PlaceOf } from "../../../../src/maildir/watch/place_of.ts";
import {
  TreeWatch,
  type TreeWatchOptions,
} from "../../../../src/maildir/watch/tree_watch.ts";
import { FakeClock } from "../../account/fake_clock.ts";

/** A tree of two mailboxes, a clock, and events that the test makes. */
function open(listen?: TreeWatchOptions["listen"]) {
  const root = Deno.makeTempDirSync();
  const directories = ["INBOX", "Work"].flatMap((mailbox) =>
    ["new", "cur", "tmp"].map((part) => join(root, mailbox, part))
  );
  for (const directory of directories) {
    Deno.mkdirSync(directory, { recursive: true });
    Deno.utimeSync(directory, 1_000, 1_000);
  }
  const clock = new FakeClock();
  const told: string[] = [];
  const warnings: string[] = [];
  const events: {
    tell: (place: PlaceOf | undefined) => void;
    end: (error: unknown) => void;
    closed: boolean;
  } = { tell: () => {}, end: () => {}, closed: false };
  const watch = new TreeWatch({
    root,
    separator: "/",
    platform: Deno.build.os,
    clock,
    mailboxes: () => ["INBOX", "Work"],
    onChange: (mailbox, doubtful) =>
      told.push(`${mailbox ?? "all"}${doubtful ? "?" : ""}`),
    warn: (text) => warnings.push(text),
    listen: listen ?? ((tell, end) => {
      Object.assign(events, { tell, end });
      return { [Symbol.dispose]: () => void (events.closed = true) };
    }),
  });
  let time = 1_000;
  return {
    clock,
    told,
    warnings,
    events,
    watch,
    /** As a change in it does; seconds that are young to the fake clock. */
    touch: (mailbox: string) =>
      Deno.utimeSync(join(root, mailbox, "cur"), ++time, time),
    [Symbol.dispose]() {
      watch[Symbol.dispose]();
      Deno.removeSync(root, { recursive: true });
    },
  };
}

const message = (mailbox: string): PlaceOf => ({ kind: "message", mailbox });

Deno.test("TreeWatch passes on what the system tells, and finds no fault with it", async () => {
  using tree = open();
  for (let change = 0; change < 200; change++) {
    tree.touch("INBOX");
    tree.events.tell(message("INBOX"));
    await tree.clock.advance(20_000);
  }
  assert.deepEqual(new Set(tree.told), new Set(["INBOX"]));
  assert.equal(tree.told.length, 200);
  assert.deepEqual(tree.warnings, []);
  assert.equal(tree.watch.isPolling, false);
});

Deno.test("TreeWatch looks by itself once the system missed a change", async () => {
  using tree = open();
  tree.touch("Work");
  await tree.clock.advance(33_000);
  assert.deepEqual(tree.told, ["Work"]);
  assert.equal(tree.warnings.length, 1);
  assert.match(tree.warnings[0] ?? "", /network file systems; .* half second/);
  tree.touch("INBOX");
  await tree.clock.advance(600);
  assert.equal(tree.told[1], "INBOX");
  // What the system does tell is not told twice.
  tree.touch("INBOX");
  tree.events.tell(message("INBOX"));
  const before = tree.told.length;
  await tree.clock.advance(10_000);
  assert.deepEqual(
    tree.told.slice(before).filter((name) => name === "INBOX"),
    [],
  );
});

Deno.test("TreeWatch waits for an event that is on its way", async () => {
  using tree = open();
  await tree.clock.advance(29_999);
  tree.touch("INBOX");
  await tree.clock.advance(1_000);
  tree.events.tell(message("INBOX"));
  await tree.clock.advance(120_000);
  assert.deepEqual(tree.told, ["INBOX"]);
  assert.equal(tree.watch.isPolling, false);
});

Deno.test("TreeWatch looks every half second where the system cannot watch", async () => {
  using tree = open(() => {
    throw new Error("No space left on device");
  });
  assert.match(tree.warnings[0] ?? "", /No space left on device/);
  tree.touch("INBOX");
  await tree.clock.advance(500);
  assert.deepEqual(tree.told, ["INBOX"]);
});

Deno.test("TreeWatch goes on by looking when the system's events end", async () => {
  using tree = open();
  tree.events.end(new Error("It stopped"));
  assert.equal(tree.events.closed, true);
  tree.touch("Work");
  await tree.clock.advance(500);
  assert.deepEqual(tree.told, ["Work"]);
});

Deno.test("TreeWatch asks for everything to be looked at when events were lost", () => {
  using tree = open();
  tree.events.tell(undefined);
  tree.events.tell({ kind: "directory" });
  assert.deepEqual(tree.told, ["all", "all"]);
});

Deno.test("TreeWatch leaves no timer behind", () => {
  const tree = open();
  tree[Symbol.dispose]();
  assert.equal(tree.clock.waiting, 0);
});

Deno.test.each(
  [
    ["darwin", "Entwürfe".normalize("NFD"), "Entwürfe".normalize("NFC")],
    ["darwin", "work", "Work"],
    ["windows", "work", "Work"],
    ["linux", "work", "work"],
  ] as const,
)(
  "TreeWatch on %s tells of the mailbox %j, whose directory is %j, by its own name",
  (platform, mailbox, directory) => {
    const told: (string | undefined)[] = [];
    let tell: (place: PlaceOf) => void = () => {};
    using _watch = new TreeWatch({
      root: "/m",
      separator: "/",
      platform,
      clock: new FakeClock(),
      mailboxes: () => ["INBOX", mailbox],
      onChange: (name) => told.push(name),
      warn: () => {},
      listen: (onChange) => {
        tell = onChange;
        return { [Symbol.dispose]: () => {} };
      },
    });
    tell(message(directory));
    tell(message("INBOX"));
    assert.deepEqual(told, [mailbox, "INBOX"]);
  },
);

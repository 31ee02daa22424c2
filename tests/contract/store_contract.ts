/**
 * What every store promises, as tests: the sentences of `src/sync/ports.ts` put
 * to the proof through the interface alone. Run it for each implementation.
 */
import assert from "node:assert/strict";
import { MailError } from "../../src/errors.ts";
import { flagsOf, NO_FLAGS } from "../../src/sync/flags.ts";
import type { Mailbox, Message, Store } from "../../src/sync/ports.ts";
import type { Changes, Identity, Ref } from "../../src/sync/types.ts";
import {
  bindIn,
  bytesOf,
  knownOf,
  latin1,
  messageOf,
  NOBODY,
} from "./store_contract_support.ts";

/** A fresh, empty store; disposing of it removes what it left. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: Store;
  /** Lets time pass until a state is old enough to have a token. */
  settle?(): Promise<void> | void;
}

/** In what stores may differ. */
export interface StoreTraits {
  /** Mailbox names that it can hold, with its own separator. */
  readonly oddNames: readonly string[];
  /** Names that it must refuse to create. @default none */
  readonly badNames?: readonly string[];
  /** Keywords that it can hold. @default none */
  readonly keywords?: readonly string[];
  /**
   * What becomes of LF alone. A Maildir holds LF for CRLF and cannot tell.
   * @default "kept"
   */
  readonly bareLf?: "kept" | "crlf";
  /** It refuses messages with NUL (RFC 9051 §4.3.1 forbids it in literals). */
  readonly refusesNul?: boolean;
  /** Corpus entries, and `NUL`, that the server behind the store changes. */
  readonly changes?: readonly string[];
  /** It gives tokens. @default true */
  readonly tokens?: boolean;
  /** It says which ref an appended message has. @default true */
  readonly tellsRefs?: boolean;
}

/** The bytes that any store must give back as it got them. */
const CORPUS: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ["a plain message", latin1("Subject: a\r\nFrom: b@c\r\n\r\nHello\r\n")],
  ["no final line end", latin1("Subject: a\r\n\r\nHello")],
  ["no header", latin1("\r\njust a body\r\n")],
  ["no body", latin1("Subject: a\r\n\r\n")],
  ["no empty line", latin1("Subject: a\r\n")],
  [
    "a header without a colon",
    latin1("Subject: a\r\nwhat is this\r\n\r\nb\r\n"),
  ],
  [
    "a mbox line first",
    latin1("From a@b Mon Jan  1\r\nSubject: a\r\n\r\nb\r\n"),
  ],
  ["no blank after the colon", latin1("Subject:a\r\n\r\nb\r\n")],
  ["CR alone", latin1("Subject: a\r\n\r\nx\ry\r\n\rz\r\n")],
  ["CR at the very end", latin1("Subject: a\r\n\r\nx\r")],
  ["form feeds and tabs", latin1("Subject: a\r\n\r\n\x0b\x0c\t \r\n")],
  ["8-bit header and body", latin1("Subject: \xe9\r\n\r\n\xff\xfe\x80\r\n")],
  ["UTF-8", new TextEncoder().encode("Subject: äöü\r\n\r\n日本語\r\n")],
  ["dots alone", latin1("Subject: a\r\n\r\n.\r\n..\r\n")],
  ["blanks at line ends", latin1("Subject: a \r\n\r\n--b \r\n \r\n")],
  ["a line of 5,000", latin1(`Subject: a\r\n\r\n${"x".repeat(5000)}\r\n`)],
  [
    "an unclosed multipart",
    latin1(
      'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nx\r\n',
    ),
  ],
  [
    "100,000 empty lines",
    latin1(`Subject: a\r\n\r\n${"\r\n".repeat(100_000)}`),
  ],
];

/** Registers the tests of one implementation. */
export function storeContract(
  name: string,
  factory: () => Promise<StoreUnderTest>,
  traits: StoreTraits,
): void {
  const { keywords = [], badNames = [], changes = [], tokens = true } = traits;
  const test = (
    sentence: string,
    body: (under: StoreUnderTest) => Promise<void>,
  ) =>
    Deno.test(`${name} ${sentence}`, async () => {
      await using under = await factory();
      await body(under);
    });
  const inBox = (
    sentence: string,
    body: (box: Mailbox, under: StoreUnderTest) => Promise<void>,
  ) =>
    test(sentence, async (under) => {
      await under.store.create("Box");
      await using box = await under.store.open("Box", { readOnly: false });
      await body(box, under);
    });
  const put = async (box: Mailbox, message: Message): Promise<Ref> => {
    const before = await observe(box, []);
    const ref = await box.append(message, 1);
    if (ref !== undefined) return ref;
    assert.equal(traits.tellsRefs, false, "append() tells the new ref");
    const old = new Set(before.arrived.map((arrival) => arrival.ref));
    const after = await observe(box, []);
    const added = after.arrived.filter((arrival) => !old.has(arrival.ref));
    assert.equal(added.length, 1);
    return added[0]?.ref ?? "";
  };

  test("list() shows what create() made, and only that", async ({ store }) => {
    const before = names(await store.list());
    await store.create("One");
    await store.create("Two");
    await store.create("One");
    const added = names(await store.list()).filter((it) =>
      !before.includes(it)
    );
    assert.deepEqual(added.sort(), ["One", "Two"]);
  });

  test("create() makes what is missing above a mailbox", async ({ store }) => {
    const deep = ["A", "B", "C"].join(store.separator);
    await store.create(deep);
    assert.ok(names(await store.list()).includes(deep));
    await using box = await store.open(deep, { readOnly: false });
    assert.equal(box.name, deep);
  });

  for (const odd of traits.oddNames) {
    test(`holds a mailbox named ${JSON.stringify(odd)}`, async ({ store }) => {
      await store.create(odd);
      assert.ok(names(await store.list()).includes(odd));
      await using box = await store.open(odd, { readOnly: false });
      const ref = await put(box, messageOf("Subject: odd\r\n\r\nx\r\n"));
      assert.deepEqual(await observeRefs(box), [ref]);
    });
  }

  for (const bad of badNames) {
    test(`create() refuses the name ${JSON.stringify(bad)}`, async ({ store }) => {
      await assert.rejects(() => store.create(bad), isMailError("mailbox"));
    });
  }

  test("open() rejects for a mailbox that is not there", async ({ store }) => {
    await assert.rejects(
      () => store.open("Nowhere", { readOnly: true }),
      isMailError("mailbox"),
    );
  });

  inBox("observe() of an empty mailbox finds nothing", async (box) => {
    const { token: _token, arrived, ...rest } = await observe(box, []);
    assert.deepEqual({ arrived: [...arrived], ...rest }, {
      arrived: [],
      reflagged: [],
      gone: [],
      total: 0,
    });
    assert.ok(box.validity > 0);
    assert.equal(box.readOnly, false);
  });

  for (const [what, bytes] of CORPUS) {
    if (changes.includes(what)) continue;
    inBox(`gives back the bytes of a message with ${what}`, async (box) => {
      await roundTrip(box, bytes, bytes);
    });
  }

  inBox("gives back LF alone as its trait says", async (box) => {
    const bytes = latin1("Subject: a\n\nx\r\ny\n");
    const expected = traits.bareLf === "crlf"
      ? latin1("Subject: a\r\n\r\nx\r\ny\r\n")
      : bytes;
    await roundTrip(box, bytes, expected);
  });

  inBox("keeps or refuses NUL, but never changes it", async (box) => {
    if (changes.includes("NUL")) return;
    const bytes = latin1("Subject: a\r\n\r\nx\0y\r\n");
    if (traits.refusesNul !== true) return await roundTrip(box, bytes, bytes);
    await assert.rejects(() => box.append(messageOf(bytes), 1), MailError);
    assert.deepEqual(await observeRefs(box), []);
  });

  inBox("never makes something out of an empty message", async (box) => {
    try {
      await box.append(messageOf(""), 1);
    } catch (error) {
      assert.ok(error instanceof MailError);
      assert.deepEqual(await observeRefs(box), []);
      return;
    }
    for (const ref of await observeRefs(box)) {
      let size = 0;
      await box.fetch([ref], async ({ body }) => {
        size = (await bytesOf(body)).length;
      }, { concurrency: 1 });
      assert.equal(size, 0);
    }
  });

  for (const whole of [true, false]) {
    const how = whole ? "in memory" : "as a stream";
    inBox(`takes a message of 3 MB ${how} and gives it back`, async (box) => {
      const line = `${"0123456789".repeat(7)}\r\n`;
      const text = `Subject: big\r\n\r\n${line.repeat(43_691)}`;
      const message = messageOf(text, { whole, chunkBytes: 10_007 });
      const ref = await put(box, message);
      assert.equal(await fetchText(box, ref), text);
    });
  }

  inBox("refuses a body that is shorter than promised", async (box) => {
    const text = "Subject: short\r\n\r\nx\r\n";
    const message = messageOf(text, { whole: false });
    const lying = { ...message, body: { ...message.body, sizeBytes: 1000 } };
    await assert.rejects(() => box.append(lying, 1));
  });

  inBox("append() keeps the time of receipt to the second", async (box) => {
    const internalDate = Date.UTC(2011, 2, 4, 5, 6, 7);
    const ref = await put(
      box,
      messageOf("Subject: t\r\n\r\n", { internalDate }),
    );
    let read: number | undefined;
    await box.fetch([ref], (message) => {
      read = message.internalDate;
      return Promise.resolve();
    }, { concurrency: 1 });
    assert.equal(read, internalDate);
  });

  inBox(
    "append() keeps flags, observe() and fetch() tell them",
    async (box) => {
      const flags = flagsOf(["\\Flagged", "\\Seen", ...keywords]);
      for (const flag of flags.split(" ")) assert.ok(box.canHold(flag));
      const ref = await put(box, messageOf("Subject: f\r\n\r\n", { flags }));
      const { arrived } = await observe(box, []);
      assert.deepEqual(arrived.map((arrival) => arrival.flags), [flags]);
      await box.fetch([ref], (message) => {
        assert.equal(message.flags, flags);
        assert.equal(message.ref, ref);
        return Promise.resolve();
      }, { concurrency: 1 });
    },
  );

  inBox(
    "changeFlags() adds and removes, and leaves the others",
    async (box) => {
      const ref = await put(
        box,
        messageOf("Subject: f\r\n\r\n", {
          flags: flagsOf(["\\Draft", "\\Seen"]),
        }),
      );
      const add = flagsOf(["\\Answered", "\\Flagged", ...keywords]);
      const failures = await box.changeFlags([
        { ref, delta: { add, remove: flagsOf(["\\Seen"]) } },
      ]);
      assert.deepEqual(failures, []);
      const after = flagsOf([
        "\\Draft",
        "\\Answered",
        "\\Flagged",
        ...keywords,
      ]);
      const { arrived } = await observe(box, []);
      assert.deepEqual(arrived.map(({ ref, flags }) => ({ ref, flags })), [
        { ref, flags: after },
      ]);
      await box.changeFlags([
        { ref, delta: { add: NO_FLAGS, remove: after } },
      ]);
      const [last] = (await observe(box, [])).arrived;
      assert.equal(last?.flags, NO_FLAGS);
    },
  );

  inBox("changeFlags() changes many and only these", async (box) => {
    const refs: Ref[] = [];
    for (let count = 0; count < 20; count++) {
      refs.push(await put(box, messageOf(`Subject: ${count}\r\n\r\n`)));
    }
    const some = refs.filter((_, at) => at % 3 === 0);
    const delta = { add: flagsOf(["\\Seen"]), remove: NO_FLAGS };
    assert.deepEqual(
      await box.changeFlags(some.map((ref) => ({ ref, delta }))),
      [],
    );
    const { reflagged } = await observe(box, refs);
    assert.deepEqual(
      new Set(reflagged.map(({ pair }) => pair.local)),
      new Set(some),
    );
  });

  inBox("observe() tells arrived, reflagged and gone apart", async (box) => {
    const [same, flagged, removed] = [
      await put(box, messageOf("Subject: 1\r\n\r\n")),
      await put(box, messageOf("Subject: 2\r\n\r\n")),
      await put(box, messageOf("Subject: 3\r\n\r\n")),
    ];
    const known = [same, flagged, removed];
    const quiet = await observe(box, known);
    assert.deepEqual(
      [[...quiet.arrived], quiet.reflagged, quiet.gone, quiet.total],
      [[], [], [], 3],
    );
    await box.changeFlags([{
      ref: flagged,
      delta: { add: flagsOf(["\\Seen"]), remove: NO_FLAGS },
    }]);
    await box.remove([removed]);
    const added = await put(box, messageOf("Subject: 4\r\n\r\n"));
    const { arrived, reflagged, gone, total } = await observe(box, known);
    assert.deepEqual(arrived.map(({ ref }) => ref), [added]);
    assert.deepEqual(
      reflagged.map(({ pair, flags }) => [pair.local, flags]),
      [[flagged, "\\Seen"]],
    );
    assert.deepEqual(gone.map(({ local }) => local), [removed]);
    assert.equal(total, 3);
  });

  inBox("remove() removes exactly what it is told", async (box) => {
    const refs: Ref[] = [];
    for (let count = 0; count < 10; count++) {
      refs.push(await put(box, messageOf(`Subject: ${count}\r\n\r\n`)));
    }
    const some = refs.filter((_, at) => at % 2 === 0);
    const { removed, marked } = await box.remove(some);
    assert.deepEqual(new Set([...removed, ...marked]), new Set(some));
    assert.deepEqual(marked, []);
    const rest = refs.filter((ref) => !some.includes(ref));
    assert.deepEqual(new Set(await observeRefs(box)), new Set(rest));
  });

  inBox("remove() of what is gone already is no error", async (box) => {
    const ref = await put(box, messageOf("Subject: 1\r\n\r\n"));
    await box.remove([ref]);
    await box.remove([ref]);
    assert.deepEqual(await observeRefs(box), []);
  });

  inBox("confirmAbsent() returns only what is truly gone", async (box) => {
    const here = await put(box, messageOf("Subject: 1\r\n\r\n"));
    const gone = await put(box, messageOf("Subject: 2\r\n\r\n"));
    await box.remove([gone]);
    const absent = await box.confirmAbsent([here, gone]);
    assert.deepEqual(absent, new Set([gone]));
    assert.deepEqual(await box.confirmAbsent([]), new Set());
  });

  inBox("fetch() reports what is gone and goes on", async (box) => {
    const here = await put(box, messageOf("Subject: 1\r\n\r\n"));
    const gone = await put(box, messageOf("Subject: 2\r\n\r\n"));
    await box.remove([gone]);
    const got: Ref[] = [];
    const failures = await box.fetch([gone, here], ({ ref }) => {
      got.push(ref);
      return Promise.resolve();
    }, { concurrency: 2 });
    assert.deepEqual(got, [here]);
    assert.deepEqual(failures.map(({ ref }) => ref), [gone]);
  });

  inBox("fetch() reports a consumer that rejects and goes on", async (box) => {
    const refs = [
      await put(box, messageOf("Subject: 1\r\n\r\n")),
      await put(box, messageOf("Subject: 2\r\n\r\n")),
      await put(box, messageOf("Subject: 3\r\n\r\n")),
    ];
    const done: Ref[] = [];
    const failures = await box.fetch(refs, async ({ ref, body }) => {
      await bytesOf(body);
      if (ref === refs[1]) throw new Error("no thanks");
      done.push(ref);
    }, { concurrency: 2 });
    assert.deepEqual(new Set(done), new Set([refs[0], refs[2]]));
    assert.deepEqual(failures.map(({ ref }) => ref), [refs[1]]);
    assert.match(failures[0]?.error.message ?? "", /no thanks/);
  });

  inBox("fetch() hands a body that can be read twice", async (box) => {
    const text = "Subject: twice\r\n\r\nx\r\n";
    const ref = await put(box, messageOf(text));
    await box.fetch([ref], async ({ body }) => {
      assert.equal(body.sizeBytes, text.length);
      assert.deepEqual(await bytesOf(body), await bytesOf(body));
    }, { concurrency: 1 });
  });

  inBox("fetch() keeps to its concurrency", async (box) => {
    const refs: Ref[] = [];
    for (let count = 0; count < 12; count++) {
      refs.push(await put(box, messageOf(`Subject: ${count}\r\n\r\n`)));
    }
    let running = 0;
    let most = 0;
    await box.fetch(refs, async ({ body }) => {
      most = Math.max(most, ++running);
      await bytesOf(body);
      await Promise.resolve();
      running--;
    }, { concurrency: 3 });
    assert.ok(most <= 3, `${most} at once`);
  });

  inBox("fetch() begins nothing once its signal is aborted", async (box) => {
    const ref = await put(box, messageOf("Subject: 1\r\n\r\n"));
    let calls = 0;
    await box.fetch([ref], () => {
      calls++;
      return Promise.resolve();
    }, { concurrency: 1, signal: AbortSignal.abort() }).catch(() => {});
    assert.equal(calls, 0);
  });

  inBox("identify() tells Message-ID, size and time", async (box) => {
    const internalDate = Date.UTC(2020, 1, 2, 3, 4, 5);
    const text = "Subject: id\r\nmessage-id:\r\n\t<a@b> \r\n\r\nx\r\n";
    const ref = await put(box, messageOf(text, { internalDate }));
    assert.deepEqual(await identities(box, [ref]), [
      { ref, key: "<a@b>", sizeBytes: text.length, internalDate },
    ]);
  });

  inBox(
    "identify() tells messages without Message-ID by header",
    async (box) => {
      const refs = [
        await put(box, messageOf("Subject: 1\r\n\r\nx\r\n")),
        await put(box, messageOf("Subject: 1\r\n\r\nother\r\n")),
        await put(box, messageOf("Subject: 2\r\nMessage-ID:\r\n\r\nx\r\n")),
      ];
      const keys = new Map(
        (await identities(box, refs)).map(({ ref, key }) => [ref, key]),
      );
      const [first, twin, other] = refs.map((ref) => keys.get(ref));
      // The digest of "Subject: 1": without the line end that ends the header.
      assert.equal(
        first,
        "sha256:" +
          "4527c90379c93d01430fce41a661571000ed20186c01b449fa7517bcb6af11de",
      );
      assert.equal(first, twin);
      assert.match(other ?? "", /^sha256:[0-9a-f]{64}$/);
      assert.notEqual(first, other);
    },
  );

  inBox("identify() leaves out what is gone", async (box) => {
    const ref = await put(box, messageOf("Subject: 1\r\n\r\n"));
    await box.remove([ref]);
    assert.deepEqual(await identities(box, [ref]), []);
  });

  inBox("bind() returns the ref that the message then has", async (box) => {
    const ref = await put(box, messageOf("Subject: 1\r\n\r\n"));
    const bound = await bindIn(box, ref, 4711);
    assert.deepEqual(await observeRefs(box), [bound]);
    assert.equal(await fetchText(box, bound), "Subject: 1\r\n\r\n");
  });

  inBox("move(), where there is one, moves to another mailbox", async (
    box,
    { store },
  ) => {
    if (box.move === undefined) return;
    await store.create("Other");
    const text = "Subject: moved\r\n\r\nx\r\n";
    const flags = flagsOf(["\\Flagged"]);
    const ref = await put(box, messageOf(text, { flags }));
    const stays = await put(box, messageOf("Subject: stays\r\n\r\n"));
    const there = (await box.move([ref], "Other")).get(ref);
    assert.deepEqual(await observeRefs(box), [stays]);
    await using other = await store.open("Other", { readOnly: false });
    const { arrived } = await observe(other, []);
    assert.deepEqual(arrived.map((arrival) => arrival.flags), [flags]);
    const [arrival] = arrived;
    if (there !== undefined) assert.equal(arrival?.ref, there);
    assert.equal(await fetchText(other, arrival?.ref ?? ""), text);
  });

  test("a mailbox opened for reading can be read", async ({ store }) => {
    await store.create("Box");
    const text = "Subject: 1\r\n\r\nx\r\n";
    let ref: Ref;
    {
      await using box = await store.open("Box", { readOnly: false });
      ref = await put(box, messageOf(text));
    }
    await using box = await store.open("Box", { readOnly: true });
    assert.deepEqual(await observeRefs(box), [ref]);
    assert.equal(await fetchText(box, ref), text);
  });

  if (tokens) {
    test("equal tokens mean that nothing changed", async ({ store, settle }) => {
      await store.create("Box");
      const refs: Ref[] = [];
      {
        await using box = await store.open("Box", { readOnly: false });
        refs.push(await put(box, messageOf("Subject: 1\r\n\r\n")));
      }
      await settle?.();
      const token = await tokenOf(store, refs);
      assert.ok(token !== undefined, "a settled mailbox has a token");
      assert.equal(await listedToken(store), token);
      await using box = await store.open("Box", { readOnly: false });
      const quiet = await box.observe(knownOf(refs), token);
      assert.deepEqual(
        [[...quiet.arrived], quiet.reflagged, quiet.gone, quiet.token],
        [[], [], [], token],
      );

      await box.changeFlags([{
        ref: refs[0] ?? NOBODY,
        delta: { add: flagsOf(["\\Seen"]), remove: NO_FLAGS },
      }]);
      await settle?.();
      assert.notEqual(await listedToken(store), token);
      const flagged = await box.observe(knownOf(refs), token);
      assert.equal(flagged.reflagged.length, 1);

      const added = await put(box, messageOf("Subject: 2\r\n\r\n"));
      await settle?.();
      const more = await box.observe(knownOf(refs), token);
      assert.deepEqual(more.arrived.map(({ ref }) => ref), [added]);

      await box.remove(refs);
      await settle?.();
      const less = await box.observe(knownOf(refs), token);
      assert.deepEqual(less.gone.map(({ local }) => local), refs);
    });
  }
}

function names(list: readonly { readonly name: string }[]): string[] {
  return list.map(({ name }) => name);
}

function isMailError(scope: string): (error: unknown) => boolean {
  return (error) => error instanceof MailError && error.scope === scope;
}

function observe(box: Mailbox, refs: readonly Ref[]): Promise<Changes> {
  return box.observe(knownOf(refs), undefined);
}

async function observeRefs(box: Mailbox): Promise<Ref[]> {
  return (await observe(box, [])).arrived.map(({ ref }) => ref);
}

async function fetchText(box: Mailbox, ref: Ref): Promise<string> {
  let text = "";
  const failures = await box.fetch([ref], async ({ body }) => {
    text = latin1Text(await bytesOf(body));
  }, { concurrency: 1 });
  assert.deepEqual(failures, []);
  return text;
}

function latin1Text(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

async function roundTrip(
  box: Mailbox,
  bytes: Uint8Array,
  expected: Uint8Array,
): Promise<void> {
  for (const chunkBytes of [1, 7, undefined]) {
    const options = chunkBytes === undefined
      ? {}
      : { whole: false, chunkBytes };
    // A hundred thousand chunks prove no more than a thousand.
    if (chunkBytes !== undefined && bytes.length > 10_000) continue;
    const before = new Set(await observeRefs(box));
    await box.append(messageOf(bytes, options), 1);
    const ref = (await observeRefs(box)).find((it) => !before.has(it));
    assert.ok(ref !== undefined, "the message arrived");
    assert.equal(await fetchText(box, ref), latin1Text(expected));
    const [identity] = await identities(box, [ref]);
    assert.equal(identity?.sizeBytes, expected.length);
  }
}

async function identities(
  box: Mailbox,
  refs: readonly Ref[],
): Promise<Identity[]> {
  return await Array.fromAsync(box.identify(refs));
}

async function tokenOf(
  store: Store,
  refs: readonly Ref[],
): Promise<string | undefined> {
  await using box = await store.open("Box", { readOnly: true });
  return (await box.observe(knownOf(refs), undefined)).token;
}

async function listedToken(store: Store): Promise<string | undefined> {
  return (await store.list()).find(({ name }) => name === "Box")?.token;
}

import assert from "node:assert/strict";
import type { BodySink } from "../../../../src/imap/command/command.ts";
import {
  fetch,
  type FetchOptions,
  type FetchResult,
} from "../../../../src/imap/command/fetch.ts";
import { ResponseError } from "../../../../src/imap/connection_error.ts";
import type { FetchRow } from "../../../../src/imap/wire/fetch_row.ts";
import type { UntaggedResponse } from "../../../../src/imap/wire/response.ts";
import { UidSet } from "../../../../src/imap/wire/uid_set.ts";
import { MemorySink } from "../body_sink.ts";
import { FakeServer } from "../fake_server.ts";

/** What came of one FETCH against a server that says `lines`. */
interface Run {
  readonly result: FetchResult;
  readonly rows: FetchRow[];
  readonly taken: { row: FetchRow; sink: MemorySink | undefined }[];
  readonly sinks: MemorySink[];
  readonly news: UntaggedResponse[];
  readonly sent: string;
}

async function run(
  options: Partial<FetchOptions<MemorySink>>,
  lines: string[],
  end = "TAG OK done",
  enabled: string[] = [],
): Promise<Run> {
  const rows: FetchRow[] = [];
  const taken: Run["taken"] = [];
  const sinks: MemorySink[] = [];
  const news: UntaggedResponse[] = [];
  const server = new FakeServer(
    ({ tag }) =>
      [...lines, end].map((line) => line.replaceAll("TAG", tag) + "\r\n").join(
        "",
      ),
    { enabled, onUntagged: (response) => news.push(response) },
  );
  try {
    const { openBody } = options;
    const result = await server.connection.execute(fetch<MemorySink>({
      uids: UidSet.range(1, 3),
      items: ["FLAGS"],
      onRow: (row, sink) => {
        rows.push(row);
        taken.push({ row, sink });
      },
      ...options,
      ...(openBody === undefined ? {} : {
        openBody: (row, size) => {
          const sink = openBody(row, size);
          if (sink !== undefined) sinks.push(sink);
          return sink;
        },
      }),
    }));
    const sent = server.received[0]?.text ?? "";
    return { result, rows, taken, sinks, news, sent };
  } finally {
    server.connection.destroy();
  }
}

const openBody = (_row: FetchRow, size: number) => new MemorySink(size);
const BODIES = { items: ["BODY.PEEK[]"], openBody } as const;

Deno.test("fetch() asks for UID and the items", async () => {
  const { sent } = await run({
    uids: UidSet.parse("1:3,7"),
    items: ["FLAGS", "RFC822.SIZE", "BODY.PEEK[HEADER.FIELDS (Message-ID)]"],
  }, []);
  assert.equal(
    sent,
    "UID FETCH 1:3,7 (UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (Message-ID)])",
  );
});

Deno.test("fetch() hands rows over and tells which UIDs did not come", async () => {
  const { result, rows } = await run({}, [
    "* 1 FETCH (UID 1 FLAGS (\\Seen))",
    "* 3 FETCH (FLAGS () UID 3)",
  ]);
  assert.deepEqual(rows.map(({ uid, flags }) => [uid, flags]), [
    [1, "\\Seen"],
    [3, ""],
  ]);
  assert.equal(String(result.received), "1,3");
  assert.equal(String(result.missing), "2");
  assert.equal(result.refusal, undefined);
});

Deno.test("fetch() does not miss anything of an open range", async () => {
  const { result } = await run({ uids: UidSet.parse("2,5:*") }, [
    "* 1 FETCH (UID 9 FLAGS ())",
  ]);
  assert.equal(String(result.received), "9");
  assert.equal(String(result.missing), "2");
});

Deno.test("fetch() leaves rows to others that were not asked for", async () => {
  const { rows, news } = await run({ uids: UidSet.since(5) }, [
    // What servers answer to 5:* when the last message has UID 3.
    "* 1 FETCH (UID 3 FLAGS ())",
    "* 2 FETCH (FLAGS (\\Seen))",
    "* 9 EXISTS",
  ]);
  assert.deepEqual(rows, []);
  assert.deepEqual(news.map(({ kind }) => kind), ["fetch", "fetch", "exists"]);
});

Deno.test("fetch() takes a later row of a UID for the truth", async () => {
  const { result, rows } = await run({}, [
    "* 1 FETCH (UID 1 FLAGS ())",
    "* 1 FETCH (UID 1 FLAGS (\\Seen))",
  ]);
  assert.deepEqual(rows.map(({ flags }) => flags), ["", "\\Seen"]);
  assert.equal(result.received.size, 1);
});

Deno.test("fetch() joins rows that come in parts", async () => {
  const { result, rows, news } = await run(
    { items: ["FLAGS", "RFC822.SIZE"] },
    [
      "* 1 FETCH (UID 1 FLAGS (\\Seen))",
      "* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 5)",
      "* 1 FETCH (UID 1 RFC822.SIZE 7)",
    ],
  );
  assert.deepEqual(
    rows.map(({ uid, flags, sizeBytes }) => [uid, flags, sizeBytes]),
    [[2, "", 5], [1, "\\Seen", 7]],
  );
  assert.equal(String(result.missing), "3");
  // A part without a body may have been news as well.
  assert.equal(news.length, 1);
});

Deno.test("fetch() does not take news about flags for a message", async () => {
  const { result, news } = await run(BODIES, [
    "* 1 FETCH (UID 1 FLAGS (\\Seen))",
  ]);
  assert.equal(String(result.missing), "1:3");
  assert.equal(news.length, 1);
});

Deno.test("fetch() reports lines that cannot be read and goes on", async () => {
  const { result, rows } = await run({}, [
    "* 1 FETCH (UID 1 FLAGS ())",
    "* 2 FETCH (UID 2 FLAGS (",
    "* 3 FETCH (UID 3 FLAGS ())",
  ]);
  assert.equal(rows.length, 2);
  assert.equal(String(result.missing), "2");
  assert.equal(result.malformed.length, 1);
});

Deno.test("fetch() takes a NO after rows as partial success", async () => {
  const { result } = await run(
    {},
    ["* 1 FETCH (UID 1 FLAGS ())"],
    "TAG NO Some of the requested messages no longer exist",
  );
  assert.equal(String(result.missing), "2:3");
  assert.equal(result.refusal?.status, "NO");
});

Deno.test("fetch() rejects after a NO without rows, and after BAD", async () => {
  await assert.rejects(run({}, [], "TAG NO none"), ResponseError);
  await assert.rejects(
    run({}, ["* 1 FETCH (UID 1 FLAGS ())"], "TAG BAD throttled"),
    ResponseError,
  );
});

Deno.test("fetch() with changedSince misses nothing and takes VANISHED", async () => {
  const { result, rows, sent, news } = await run(
    {
      uids: UidSet.range(1, 500),
      items: ["FLAGS", "MODSEQ"],
      changedSince: 12345n,
      vanished: true,
    },
    [
      "* VANISHED (EARLIER) 1:2,41",
      "* VANISHED 7",
      "* 1 FETCH (UID 4 MODSEQ (65402) FLAGS (\\Seen))",
    ],
    "TAG OK",
    ["QRESYNC"],
  );
  assert.equal(
    sent,
    "UID FETCH 1:500 (UID FLAGS MODSEQ) (CHANGEDSINCE 12345 VANISHED)",
  );
  assert.equal(String(result.vanished), "1:2,41");
  assert.deepEqual(rows.map(({ modSeq }) => modSeq), [65402n]);
  assert.equal(result.missing.isEmpty, true);
  assert.deepEqual(news.map(({ kind }) => kind), ["vanished"]);
});

Deno.test("fetch() refuses VANISHED where QRESYNC is not enabled", async () => {
  await assert.rejects(
    run({ changedSince: 1n, vanished: true }, []),
    { code: "imap.argument" },
  );
});

Deno.test("fetch() streams bodies into sinks and ends them before the row", async () => {
  const seen: unknown[] = [];
  const { taken, sinks } = await run({
    ...BODIES,
    openBody: (row, size) => {
      seen.push([row.uid, size]);
      return new MemorySink(size);
    },
    onRow: (row, sink) => {
      seen.push([row.uid, sink?.state, sink?.text]);
    },
  }, [
    "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)",
    "* 2 FETCH (UID 2 BODY[] {0}\r\n)",
  ]);
  assert.deepEqual(seen, [
    [1, 3],
    [1, "ended", "abc"],
    [2, 0],
    [2, "ended", ""],
  ]);
  assert.deepEqual(taken, []);
  assert.equal(sinks.length, 2);
});

Deno.test("fetch() takes a UID that comes after the body", async () => {
  const { result, taken } = await run(BODIES, [
    "* 2 FETCH (BODY[] {3}\r\nabc UID 2)",
  ]);
  assert.equal(taken[0]?.row.uid, 2);
  assert.equal(taken[0]?.sink?.text, "abc");
  assert.equal(taken[0]?.sink?.state, "ended");
  assert.equal(String(result.received), "2");
});

Deno.test("fetch() aborts the sink of a body that turns out not to be asked for", async () => {
  const { sinks, taken, news } = await run(BODIES, [
    "* 9 FETCH (BODY[] {3}\r\nabc UID 9)",
  ]);
  assert.deepEqual(sinks.map(({ state }) => state), ["aborted"]);
  assert.deepEqual(taken, []);
  assert.equal(news.length, 1);
});

Deno.test("fetch() aborts the sink of a row that breaks after its body", async () => {
  const { sinks, result } = await run(BODIES, [
    "* 1 FETCH (UID 1 BODY[] {3}\r\nabc FLAGS )",
  ]);
  assert.deepEqual(sinks.map(({ state }) => state), ["aborted"]);
  assert.equal(String(result.missing), "1:3");
  assert.equal(result.malformed.length, 1);
});

Deno.test("fetch() reads a second copy of a body over", async () => {
  const { sinks, taken } = await run(BODIES, [
    "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)",
    "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)",
    "* 1 FETCH (BODY[] {3}\r\nabc UID 1)",
  ]);
  assert.equal(taken.length, 1);
  assert.deepEqual(sinks.map(({ state }) => state), ["ended", "aborted"]);
});

Deno.test("fetch() keeps a body until the rest of its row has come", async () => {
  const { sinks, taken, result } = await run(
    { ...BODIES, items: ["FLAGS", "BODY.PEEK[]"] },
    [
      "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)",
      "* 2 FETCH (UID 2 BODY[] {3}\r\ndef)",
      "* 1 FETCH (UID 1 FLAGS (\\Seen))",
    ],
  );
  assert.deepEqual(
    taken.map(({ row, sink }) => [row.uid, row.flags, sink?.text]),
    [[1, "\\Seen", "abc"]],
  );
  assert.deepEqual(sinks.map(({ state }) => state), ["ended", "aborted"]);
  assert.equal(String(result.missing), "2:3");
});

Deno.test("fetch() gives quoted bodies to the sink and tells their form", async () => {
  const { taken } = await run(BODIES, ['* 1 FETCH (UID 1 BODY[] "a\xe9\\"b")']);
  assert.equal(taken[0]?.sink?.text, 'a\xe9"b');
  assert.equal(taken[0]?.sink?.state, "ended");
  assert.equal(taken[0]?.row.bodies[0]?.form, "quoted");
});

Deno.test("fetch() hands a message over that has no body, without a sink", async () => {
  const { taken, sinks } = await run(BODIES, ["* 1 FETCH (UID 1 BODY[] NIL)"]);
  assert.equal(taken[0]?.sink, undefined);
  assert.equal(taken[0]?.row.bodies[0]?.form, "nil");
  assert.deepEqual(sinks, []);
});

Deno.test("fetch() skips a body when no sink is opened for it", async () => {
  const { taken } = await run({
    ...BODIES,
    openBody: (row, size) => row.uid === 1 ? undefined : new MemorySink(size),
  }, [
    "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)",
    "* 2 FETCH (UID 2 BODY[] {3}\r\ndef)",
  ]);
  assert.deepEqual(taken.map(({ sink }) => sink?.text), [undefined, "def"]);
});

Deno.test("fetch() keeps bodies in the row without openBody, headers always", async () => {
  const items = ["BODY.PEEK[]", "BODY.PEEK[HEADER]"] as const;
  const lines = ["* 1 FETCH (UID 1 BODY[HEADER] {1}\r\nh BODY[] {3}\r\nabc)"];
  const held = await run({ items }, lines);
  assert.deepEqual(
    held.rows[0]?.bodies.map(({ bytes }) => bytes?.length),
    [1, 3],
  );
  const streamed = await run({ items, openBody }, lines);
  assert.equal(streamed.taken[0]?.sink?.text, "abc");
  assert.equal(streamed.rows[0]?.bodies[0]?.bytes?.length, 1);
});

/** Sinks that break in each of their methods, at once and later. */
class BrokenSink extends MemorySink {
  readonly #method: string;
  readonly #later: boolean;

  constructor(method: string, later: boolean) {
    super(0);
    this.#method = method;
    this.#later = later;
  }

  override write(chunk: Uint8Array): void | Promise<void> {
    return this.#break("write") ?? super.write(chunk);
  }

  override end(): void | Promise<void> {
    return this.#break("end") ?? super.end();
  }

  #break(method: string): Promise<void> | undefined {
    if (method !== this.#method) return undefined;
    if (!this.#later) throw new Error("disk full");
    return new Promise((_, reject) =>
      setTimeout(() => reject(new Error("disk full")), 1)
    );
  }
}

for (const method of ["write", "end"]) {
  for (const later of [false, true]) {
    Deno.test(`fetch() goes on when a sink's ${method} ${later ? "rejects" : "throws"}`, async () => {
      const { result, taken, sinks } = await run({
        ...BODIES,
        openBody: (row, size) =>
          row.uid === 1 ? new BrokenSink(method, later) : new MemorySink(size),
      }, [
        "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)",
        "* 2 FETCH (UID 2 BODY[] {3}\r\ndef)",
      ]);
      assert.deepEqual(
        result.failures.map(({ uid, error }) => [uid, String(error)]),
        [[1, "Error: disk full"]],
      );
      assert.deepEqual(taken.map(({ row }) => row.uid), [2]);
      assert.equal(String(result.received), "2");
      assert.equal(String(result.missing), "3");
      if (method === "write") assert.equal(sinks[0]?.state, "aborted");
    });
  }
}

for (const later of [false, true]) {
  Deno.test(`fetch() goes on when onRow ${later ? "rejects" : "throws"}`, async () => {
    const { result } = await run({
      onRow: ({ uid }) => {
        if (uid !== 2) return;
        const error = new Error("no");
        if (later) return Promise.reject(error);
        throw error;
      },
    }, [
      "* 1 FETCH (UID 1 FLAGS ())",
      "* 2 FETCH (UID 2 FLAGS ())",
      "* 3 FETCH (UID 3 FLAGS ())",
    ]);
    assert.equal(String(result.received), "1,3");
    assert.deepEqual(result.failures.map(({ uid }) => uid), [2]);
    assert.equal(result.missing.isEmpty, true);
  });
}

Deno.test("fetch() refuses a set of UIDs that must be split", async () => {
  const odd = Array.from({ length: 5000 }, (_, at) => 2 * at + 1);
  await assert.rejects(run({ uids: UidSet.from(odd) }, []), {
    code: "imap.argument",
  });
});

Deno.test("fetch() of two sets at once gives each its rows", async () => {
  const server = new FakeServer(({ tag, text }) =>
    text.includes("FETCH 1 ")
      ? undefined
      : `* 2 FETCH (UID 2 BODY[] {1}\r\nb)\r\n* 1 FETCH (UID 1 BODY[] {1}\r\na)\r\n${tag} OK\r\nA1 OK\r\n`
  );
  const bodies: string[] = [];
  const one = (uid: number) =>
    fetch<BodySink & MemorySink>({
      uids: UidSet.of(uid),
      items: ["BODY.PEEK[]"],
      openBody: (_, size) => new MemorySink(size),
      onRow: (row, sink) => void bodies.push(`${row.uid} ${sink?.text}`),
    });
  const results = await server.connection.executeAll([one(1), one(2)]);
  assert.deepEqual(bodies, ["2 b", "1 a"]);
  assert.deepEqual(results.map(({ received }) => String(received)), ["1", "2"]);
  server.connection.destroy();
});

Deno.test("fetch() asks EMAILID and waits for no THREADID", async () => {
  const { rows, result } = await run({ items: ["EMAILID", "THREADID"] }, [
    "* 1 FETCH (UID 1 EMAILID (M1) THREADID NIL)",
  ]);
  assert.equal(rows[0]?.emailId, "M1");
  assert.equal(result.received.size, 1);
});

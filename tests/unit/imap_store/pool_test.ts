import assert from "node:assert/strict";
import fc from "fast-check";
import { MailError } from "../../../src/errors.ts";
import type { ImapConnection } from "../../../src/imap/connection.ts";
import { ConnectionPool, type Lease } from "../../../src/imap/store/pool.ts";
import { FakeServer, saying, until } from "../imap/fake_server.ts";

/** A pool whose connections are counted. */
function counted(limit: number) {
  const servers: FakeServer[] = [];
  const pool = new ConnectionPool(limit, () => {
    const server = new FakeServer(saying());
    servers.push(server);
    return Promise.resolve(server.connection);
  });
  return { pool, servers };
}

function give(lease: Lease): void {
  lease[Symbol.dispose]();
}

function select(lease: Lease, name: string): void {
  lease.pooled.selected = { name, readOnly: false };
}

Deno.test("ConnectionPool opens connections only when they are needed", async () => {
  const { pool, servers } = counted(3);
  const first = await pool.acquire("a");
  assert.equal(first.used, false);
  give(first);
  const second = await pool.acquire("b");
  assert.equal(second.used, true);
  assert.equal(servers.length, 1);
  await pool.acquire("c");
  assert.equal(servers.length, 2);
  await pool.close();
});

Deno.test("ConnectionPool gives a connection where the mailbox is open, or nothing is", async () => {
  const { pool } = counted(3);
  const leases = [
    await pool.acquire("a"),
    await pool.acquire("b"),
    await pool.acquire(),
  ];
  const [a, b, none] = leases.map(({ pooled }) => pooled);
  leases.slice(0, 2).forEach((lease, at) => select(lease, "ab"[at] ?? ""));
  leases.forEach(give);
  const again = await pool.acquire("a");
  assert.equal(again.pooled, a);
  const free = await pool.acquire(undefined);
  assert.equal(free.pooled, none);
  assert.equal((await pool.acquire("z")).pooled, b);
  await pool.close();
});

Deno.test("ConnectionPool serves those who wait in order", async () => {
  const { pool, servers } = counted(1);
  const first = await pool.acquire();
  const order: number[] = [];
  const waiting = [1, 2, 3].map(async (number) => {
    const lease = await pool.acquire();
    order.push(number);
    give(lease);
  });
  give(first);
  await Promise.all(waiting);
  assert.deepEqual(order, [1, 2, 3]);
  assert.equal(servers.length, 1);
  await pool.close();
});

Deno.test("ConnectionPool forgets a connection that ended, on loan or idle", async () => {
  const { pool, servers } = counted(1);
  const first = await pool.acquire();
  const waiting = pool.acquire();
  servers[0]?.fail(new Error("cut"));
  await first.pooled.connection.closed;
  give(first);
  const second = await waiting;
  assert.equal(second.used, false);
  give(second);
  servers[1]?.hangUp();
  await second.pooled.connection.closed;
  const third = await pool.acquire();
  assert.equal(third.used, false);
  assert.equal(servers.length, 3);
  await pool.close();
});

Deno.test("ConnectionPool takes a lease back once", async () => {
  const { pool } = counted(1);
  const first = await pool.acquire();
  give(first);
  const second = await pool.acquire();
  give(first);
  let third: Lease | undefined;
  const waiting = pool.acquire().then((lease) => third = lease);
  await Promise.resolve();
  assert.equal(third, undefined);
  give(second);
  await waiting;
  await pool.close();
});

Deno.test("ConnectionPool tells each who waits why no connection can be opened", async () => {
  let attempts = 0;
  const pool = new ConnectionPool(1, () => {
    attempts++;
    return Promise.reject(new Error(`attempt ${attempts}`));
  });
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map(() => pool.acquire()),
  );
  const reasons = outcomes.map((outcome) =>
    outcome.status === "rejected" ? outcome.reason.message : "opened"
  );
  assert.deepEqual(reasons, ["attempt 1", "attempt 2", "attempt 3"]);
  await pool.close();
});

Deno.test("ConnectionPool keeps a connection that came for one who has gone", async () => {
  const opening: ((connection: ImapConnection) => void)[] = [];
  const pool = new ConnectionPool(
    1,
    () => new Promise((resolve) => void opening.push(resolve)),
  );
  const stop = new AbortController();
  const first = pool.acquire("a", stop.signal);
  const second = pool.acquire("b", stop.signal);
  const third = pool.acquire("c");
  stop.abort(new Error("enough"));
  await assert.rejects(second, /enough/);
  opening[0]?.(new FakeServer(saying()).connection);
  await assert.rejects(first, /enough/);
  const lease = await third;
  assert.equal(opening.length, 1);
  give(lease);
  await pool.close();
});

Deno.test("ConnectionPool keeps a connection that was opened for one who waited and went", async () => {
  const { pool, servers } = counted(1);
  const first = await pool.acquire();
  const stop = new AbortController();
  const waiting = pool.acquire("x", stop.signal);
  servers[0]?.hangUp();
  await first.pooled.connection.closed;
  // Now one is opened for who waits, and aborted before it is there.
  give(first);
  stop.abort(new Error("enough"));
  await assert.rejects(waiting, /enough/);
  const next = await pool.acquire();
  assert.equal(servers.length, 2);
  give(next);
  await pool.close();
});

Deno.test("ConnectionPool.close() ends all, also what is on loan, waited for or being opened", async () => {
  const server = new FakeServer(saying());
  const late = new FakeServer(saying());
  const opening: ((connection: ImapConnection) => void)[] = [];
  const pool = new ConnectionPool(
    2,
    () => new Promise((resolve) => void opening.push(resolve)),
  );
  const held = pool.acquire();
  opening[0]?.(server.connection);
  const lease = await held;
  const coming = pool.acquire();
  const waiting = pool.acquire();
  const rejections = Promise.allSettled([coming, waiting]);
  await pool.close();
  opening[1]?.(late.connection);
  for (const outcome of await rejections) {
    assert(outcome.status === "rejected");
    assert(outcome.reason instanceof MailError);
    assert.equal(outcome.reason.code, "imap.store-closed");
  }
  assert(server.destroyed && late.destroyed);
  give(lease);
  await assert.rejects(pool.acquire(), { code: "imap.store-closed" });
});

Deno.test("ConnectionPool.close() says goodbye where nothing is under way", async () => {
  const { pool, servers } = counted(2);
  give(await pool.acquire());
  await pool.close();
  const [server] = servers;
  assert.deepEqual(server?.received.map(({ text }) => text), ["LOGOUT"]);
  assert.equal(server.destroyed, true);
});

/** What may happen to a pool. */
const events = fc.array(
  fc.tuple(fc.constantFrom("acquire", "give", "die", "abort"), fc.boolean()),
  { maxLength: 60 },
);

Deno.test("ConnectionPool never lends one connection to two, nor more than it may, and serves all", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      events,
      async (limit, list) => {
        const { pool, servers } = counted(limit);
        const held: Lease[] = [];
        const waiting = new Map<AbortController, Promise<void>>();
        for (const [event, pauses] of list) {
          const [lease] = held;
          if (event === "acquire") {
            const stop = new AbortController();
            const job = pool.acquire("x", stop.signal).then((got) => {
              assert(!held.some(({ pooled }) => pooled === got.pooled));
              held.push(got);
              assert(held.length <= limit);
            }, () => {}).finally(() => waiting.delete(stop));
            waiting.set(stop, job);
          } else if (event === "give" && lease !== undefined) {
            held.shift();
            give(lease);
          } else if (event === "die" && lease !== undefined) {
            lease.pooled.connection.destroy();
          } else if (event === "abort") {
            [...waiting.keys()].at(-1)?.abort();
          }
          if (pauses) await Promise.resolve();
          const open = servers.filter(({ destroyed }) => !destroyed).length;
          assert(open <= limit, `${open} connections`);
        }
        while (waiting.size > 0) {
          const lease = held.shift();
          if (lease !== undefined) give(lease);
          await Promise.resolve();
        }
        for (const lease of held) give(lease);
        await pool.close();
        assert(servers.every(({ destroyed }) => destroyed));
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("ConnectionPool.close() does not wait for an answer to LOGOUT", async () => {
  const server = new FakeServer(() => undefined);
  const pool = new ConnectionPool(1, () => Promise.resolve(server.connection));
  give(await pool.acquire());
  const closing = pool.close();
  await until(() => server.received.length === 1);
  await closing;
  assert.equal(server.destroyed, true);
});

Deno.test("ConnectionPool tells what is lent, given back and waited for", async () => {
  const told: string[] = [];
  const pool = new ConnectionPool(
    1,
    () => Promise.resolve(new FakeServer(saying()).connection),
    undefined,
    (text) => told.push(text),
  );
  const first = await pool.acquire();
  const waiting = pool.acquire("a");
  give(first);
  give(await waiting);
  await pool.close();
  assert.deepEqual(told, [
    "connection 1 of at most 1 is opened for the list of folders",
    "connection #1 is taken for the list of folders",
    'folder "a" waits for a connection: all 1 are taken, 1 wait',
    "connection #1 is given back",
    'connection #1 is taken for folder "a"',
    "connection #1 is given back",
  ]);
});

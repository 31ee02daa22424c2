import assert from "node:assert/strict";
import { connectFailure } from "../../../src/imap/session/connect_failure.ts";
import { ConnectFailure } from "../../../src/imap/session/connect.ts";
import type { LookupAddress } from "node:dns";
import {
  byTurns,
  NO_FAMILY,
  type Query,
  type Way,
  waysTo,
} from "../../../src/imap/session/lookup.ts";

const SETTINGS = {
  repository: "R",
  host: "mail.test",
  tls: "implicit",
} as const;

function failed(code: string, address: string): Error {
  return Object.assign(new Error(`connect ${code} ${address}`), {
    code,
    address,
  });
}

Deno.test("connectFailure() tells what came of each address", () => {
  const cause = new AggregateError([
    failed("ENETUNREACH", "2001:db8::1"),
    failed("ECONNREFUSED", "192.0.2.1"),
  ]);
  const error = connectFailure(
    new ConnectFailure(cause, "", ["2001:db8::1", "192.0.2.1"]),
    SETTINGS,
  );
  // The one that could be reached at all tells most.
  assert.equal(error.code, "connect.refused");
  assert.match(
    error.message,
    /nothing listens there \(tried 2001:db8::1: there is no way to it from here, 192\.0\.2\.1: nothing listens there\)$/,
  );
});

Deno.test("connectFailure() names addresses with one fate together", () => {
  const tried = ["2001:db8::1", "192.0.2.1"];
  const cause = new AggregateError(
    tried.map((address) => failed("ENETUNREACH", address)),
  );
  const error = connectFailure(new ConnectFailure(cause, "", tried), SETTINGS);
  assert.equal(error.code, "connect.network");
  assert.match(error.message, /\(tried 2001:db8::1, 192\.0\.2\.1\)$/);
});

Deno.test("connectFailure() tells that only the other family would do", () => {
  const cause = Object.assign(new Error("only 192.0.2.1"), { code: NO_FAMILY });
  const error = connectFailure(new ConnectFailure(cause, "", []), {
    ...SETTINGS,
    ipv6: true,
  });
  assert.match(error.message, /it has no IPv6 address, only 192\.0\.2\.1$/);
  assert.equal(error.hint, "Remove ipv6 = yes");
});

function found(...addresses: string[]): LookupAddress[] {
  return addresses.map((address) => ({
    address,
    family: address.includes(":") ? 6 : 4,
  }));
}

const { signal } = new AbortController();
const NAMED = { host: "mail.test", port: 993, family: undefined, signal };

/** Where a way leads to. */
function target({ lookup }: Way): Promise<string> {
  return new Promise((resolve, reject) =>
    lookup?.(
      "mail.test",
      {},
      (error, address) => error ? reject(error) : resolve(`${address}`),
    )
  );
}

Deno.test("byTurns() begins with the system's first family and keeps its order", () => {
  const rows: [string[], string[]][] = [
    [[], []],
    [["192.0.2.1"], ["192.0.2.1"]],
    [["::1", "::2", "192.0.2.1"], ["::1", "192.0.2.1", "::2"]],
    [["192.0.2.1", "192.0.2.2", "::1", "::2", "::3"], [
      ...["192.0.2.1", "::1", "192.0.2.2", "::2", "::3"],
    ]],
  ];
  for (const [given, wanted] of rows) {
    assert.deepEqual(byTurns(found(...given)), found(...wanted));
  }
});

Deno.test("waysTo() gives one way for each address and remembers them", async () => {
  const tried: string[] = [];
  const lookup = () => Promise.resolve(found("::1", "::2", "192.0.2.1"));
  const ways = await waysTo({ ...NAMED, tried, lookup });
  const targets = await Promise.all(ways.map(target));
  assert.deepEqual(targets, ["::1", "192.0.2.1", "::2"]);
  assert.deepEqual(tried, targets);
});

Deno.test({
  name: "waysTo() leaves a name to the runtime that may connect to it alone",
  permissions: { net: ["mail.test:993"] },
  fn: async () => {
    const tried: string[] = [];
    const lookup = () => Promise.resolve(found("::1", "::2", "192.0.2.1"));
    const ways = await waysTo({ ...NAMED, tried, lookup });
    assert.deepEqual(ways.map(({ family }) => family), [6, 4]);
    assert(ways.every((way) => way.lookup === undefined));
    assert.deepEqual(tried, ["::1", "192.0.2.1", "::2"]);
  },
});

Deno.test("waysTo() looks no address up", async () => {
  const lookup = () => Promise.reject(new Error("It was asked"));
  for (const host of ["127.0.0.1", "::1"]) {
    const ways = await waysTo({ ...NAMED, host, tried: [], lookup });
    assert.equal(ways.length, 1);
  }
});

Deno.test("waysTo() asks for the wanted family only", async () => {
  const lookup = ({ family }: Query) =>
    family === undefined
      ? Promise.resolve(found("192.0.2.1"))
      : Promise.reject(Object.assign(new Error(), { code: "ENOTFOUND" }));
  await assert.rejects(
    waysTo({ ...NAMED, family: 6, tried: [], lookup }),
    { code: NO_FAMILY, message: "only 192.0.2.1" },
  );
});

Deno.test("waysTo() fails for a name that nobody knows", async () => {
  const host = "no-such-host.invalid";
  for (const family of [undefined, 6] as const) {
    await assert.rejects(
      waysTo({ ...NAMED, host, family, tried: [] }),
      { code: "ENOTFOUND" },
    );
  }
});

Deno.test("waysTo() does not wait for names when it is told to stop", async () => {
  const stopper = new AbortController();
  const lookup = () => {
    stopper.abort(new Error("Told to stop"));
    return new Promise<never>(() => {});
  };
  await assert.rejects(
    waysTo({ ...NAMED, signal: stopper.signal, tried: [], lookup }),
    /Told to stop/,
  );
});

/** maxage, startdate and maxsize: which messages are copied, which deletions count. */
import assert from "node:assert/strict";
import {
  isCopied,
  isWithin,
  type Limits,
  limitsOf,
  needDetails,
} from "../../../src/account/limits.ts";
import { usableAccounts } from "../../../src/config/load.ts";
import { NO_FLAGS } from "../../../src/sync/flags.ts";
import type { Arrival } from "../../../src/sync/types.ts";
import { load, type Parts } from "../config/support.ts";

/** A quarter past noon, so that whole days show. */
const NOW = Date.parse("2026-05-20T12:15:00Z");

function limits(parts: Parts): Limits {
  const [account] = usableAccounts(load(parts));
  assert.ok(account !== undefined);
  return limitsOf(account, NOW);
}

function arrival(rest: Partial<Arrival> = {}): Arrival {
  return { ref: 7, flags: NO_FLAGS, ...rest };
}

const at = (day: string) => Date.parse(`${day}T00:00:00Z`);

Deno.test.each([
  { parts: {}, oldest: undefined, largest: undefined },
  // OfflineIMAP asks for SINCE (now - days + 24 h), by date alone.
  { parts: { account: "maxage = 1" }, oldest: at("2026-05-20") },
  { parts: { account: "maxage = 10" }, oldest: at("2026-05-11") },
  { parts: { account: "maxage = 2026-04-03" }, oldest: at("2026-04-03") },
  { parts: { local: "startdate = 2026-04-03" }, oldest: at("2026-04-03") },
  { parts: { remote: "startdate = 2026-4-3" }, oldest: at("2026-04-03") },
  { parts: { account: "maxsize = 1000" }, largest: 1000 },
  { parts: { account: "maxsize = 2K" }, largest: 2048 },
])("limitsOf() takes $parts", ({ parts, oldest, largest }) => {
  const found = limits(parts);
  assert.equal(found.oldest, oldest);
  assert.equal(found.largest, largest);
  assert.equal(needDetails(found), (oldest ?? largest) !== undefined);
});

Deno.test.each([
  { date: "2026-05-10T23:59:59Z", within: false },
  { date: "2026-05-11T00:00:00Z", within: true },
  { date: "2026-06-01T00:00:00Z", within: true },
])("isWithin() with maxage = 10 says $within to $date", ({ date, within }) => {
  const message = arrival({ internalDate: Date.parse(date) });
  const found = limits({ account: "maxage = 10" });
  assert.equal(isWithin(found, "remote", message), within);
  assert.equal(isWithin(found, "local", message), within);
});

Deno.test("isWithin() takes what a limit cannot judge", () => {
  const found = limits({ account: "maxage = 10\nmaxsize = 10" });
  assert.equal(isWithin(found, "remote", arrival()), true);
});

Deno.test.each([
  { sizeBytes: 999, remote: true, local: true },
  // SMALLER on the server, "not larger" for a file, as in OfflineIMAP.
  { sizeBytes: 1000, remote: false, local: true },
  { sizeBytes: 1001, remote: false, local: false },
])("isWithin() with maxsize = 1000 judges $sizeBytes bytes", (row) => {
  const found = limits({ account: "maxsize = 1000" });
  const message = arrival({ sizeBytes: row.sizeBytes });
  assert.equal(isWithin(found, "remote", message), row.remote);
  assert.equal(isWithin(found, "local", message), row.local);
});

const OLD = Date.parse("2020-01-01T00:00:00Z");
const HERE = { uid: 3, here: true, origin: "" };
const ELSEWHERE = { uid: 3, here: false, origin: "x" };

Deno.test.each(
  [
    { what: "a new file", side: "local", ref: "a", copied: true },
    {
      what: "a moved file",
      side: "local",
      ref: "a",
      hint: ELSEWHERE,
      copied: true,
    },
    {
      what: "a file of old",
      side: "local",
      ref: "a",
      hint: HERE,
      copied: false,
    },
    { what: "a server's message", side: "local", ref: 7, copied: false },
    { what: "a remote message", side: "remote", ref: 7, copied: false },
  ] as const,
)(
  "isCopied() with maxage says $copied to $what of long ago",
  ({ side, ref, copied, ...rest }) => {
    const hint = "hint" in rest ? { hint: rest.hint } : {};
    const old = arrival({ ref, internalDate: OLD, ...hint });
    assert.equal(
      isCopied(limits({ account: "maxage = 9" }), side, old),
      copied,
    );
    // What startdate leaves alone must not be sent by the first run.
    for (
      const parts of [{ local: "startdate = 2026-01-01" }, {
        remote: "startdate = 2026-01-01",
      }]
    ) {
      assert.equal(isCopied(limits(parts), side, old), false);
    }
  },
);

Deno.test("isCopied() with maxage keeps large files back all the same", () => {
  const found = limits({ account: "maxage = 9\nmaxsize = 10" });
  const large = arrival({ ref: "a", internalDate: OLD, sizeBytes: 11 });
  assert.equal(isCopied(found, "local", large), false);
});

for (
  const value of ["0", "-1", "x", "1899-12-31", "2099-01-01", "2026-02-30"]
) {
  Deno.test(`maxage = ${value} keeps the account from running`, () => {
    const config = load({ account: `maxage = ${value}` });
    assert.equal(usableAccounts(config).length, 0);
  });
}

Deno.test("maxage and the startdates exclude each other", () => {
  for (
    const parts of [
      { account: "maxage = 9", local: "startdate = 2026-01-01" },
      { account: "maxage = 9", remote: "startdate = 2026-01-01" },
      { local: "startdate = 2026-01-01", remote: "startdate = 2026-01-01" },
    ]
  ) assert.equal(usableAccounts(load(parts)).length, 0);
});

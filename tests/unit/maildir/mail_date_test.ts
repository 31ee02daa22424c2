import assert from "node:assert/strict";
import fc from "fast-check";
import { parseMailDate } from "../../../src/maildir/mail_date.ts";

const TIME = Date.UTC(1995, 10, 20, 19, 12, 8);

Deno.test.each([
  ["Mon, 20 Nov 1995 19:12:08 +0000", TIME],
  ["Mon, 20 Nov 1995 14:12:08 -0500", TIME],
  ["20 Nov 1995 19:12:08 GMT", TIME],
  ["Mon, 20 Nov 95 19:12:08 UT", TIME],
  ["Mon, 20 Nov 1995 14:12:08 EST", TIME],
  ["Mon, 20 Nov 1995 11:12:08 PST (Pacific Standard Time)", TIME],
  ["mon, 20 november 1995 19:12:08", TIME],
  ["Mon,20 Nov 1995 19:12:08 +0000", TIME],
  ["Monday, 20-Nov-95 19:12:08 GMT", TIME],
  ["Mon Nov 20 19:12:08 1995", TIME],
  ["Mon Nov 20 14:12:08 EST 1995", TIME],
  ["Mon Nov 20 14:12:08 1995 -0500", TIME],
  ["Mon, 20 Nov 1995 19:12:08.123 +0000", TIME],
  ["Mon, 20 Nov 1995 19.12.08 +0000", TIME],
  ["Mon, 20 Nov 1995 19:12 +0000", TIME - 8000],
  // West of Greenwich by three and a half hours: the sign holds for both parts.
  ["Mon, 20 Nov 1995 15:42:08 -0330", TIME],
  ["Tue, 21 Nov 1995 00:42:08 +0530", TIME],
  ["Mon, 20 Nov 1995 20:12:08 +01:00", TIME],
  ["Mon, 20 Nov 1995 20:12:08 GMT+0100", TIME],
  ["Mon, 20 Nov 1995 19:12:08 -0000", TIME],
  ["Mon, 20 Nov 1995 19:12:08 XYZ", TIME],
  ["Mon, 20 (a comment) Nov 1995 19:12:08 +0000", TIME],
  ["  Mon,  20  Nov  1995  19:12:08  +0000 ", TIME],
  ["Sat, 1 Jan 2000 00:00:00 +0000", Date.UTC(2000, 0, 1)],
  ["Sat, 1 Jan 00 00:00:00 +0000", Date.UTC(2000, 0, 1)],
  ["1 Jan 100 00:00:00 +0000", Date.UTC(2000, 0, 1)],
])("parseMailDate() reads %j", (text, time) => {
  assert.equal(parseMailDate(text as string), time);
});

Deno.test.each([
  "",
  "yesterday",
  "Mon, 20 Foo 1995 19:12:08 +0000",
  "Mon, 20 Nov 1995",
  "19:12:08",
  "Mon, 99 Nov 1995 19:12:08 +0000",
  "Mon, 20 Nov 1995 29:12:08 +0000",
  "Mon, 20 Nov 1995 19:99:08 +0000",
  "\0\xff",
])("parseMailDate() does not guess at %j", (text) => {
  assert.equal(parseMailDate(text), undefined);
});

Deno.test("parseMailDate() reads every date that a Date header can hold", () => {
  const zones = fc.integer({ min: -14 * 60, max: 14 * 60 });
  const times = fc.date({
    min: new Date("1970-01-02"),
    max: new Date("9998-01-01"),
    noInvalidDate: true,
  });
  fc.assert(fc.property(times, zones, (date, zone) => {
    const seconds = Math.floor(date.getTime() / 1000) * 1000;
    const there = new Date(seconds + zone * 60_000).toUTCString();
    const minutes = Math.abs(zone);
    const offset = (zone < 0 ? "-" : "+") +
      String(Math.floor(minutes / 60) * 100 + minutes % 60).padStart(4, "0");
    assert.equal(parseMailDate(there.replace("GMT", offset)), seconds);
  }));
});

Deno.test("parseMailDate() never throws and never hangs", () => {
  const odd = fc.oneof(
    fc.string(),
    fc.string({
      unit: fc.constantFrom(..."0123456789 :,()+-NovMonjan"),
      maxLength: 300,
    }),
  );
  fc.assert(fc.property(odd, (text) => {
    const time = parseMailDate(text);
    assert.ok(time === undefined || Number.isFinite(time));
  }));
  parseMailDate("(".repeat(100_000));
  parseMailDate("1 ".repeat(100_000));
  parseMailDate("a".repeat(100_000) + "19:12");
});

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  calendarDateOf,
  formatInternalDate,
  formatSearchDate,
  parseInternalDate,
} from "../../../../src/imap/wire/date_time.ts";

for (
  const [text, iso, zoneMinutes] of [
    ["17-Jul-1996 02:44:25 -0700", "1996-07-17T09:44:25Z", -420],
    ["25-Oct-2006 12:13:14 +0000", "2006-10-25T12:13:14Z", 0],
    [" 1-Jan-2026 00:00:00 +0530", "2025-12-31T18:30:00Z", 330],
    // Newfoundland: both parts of the zone are negative.
    [" 1-Jan-2026 00:00:00 -0330", "2026-01-01T03:30:00Z", -210],
    ["01-Jan-2026 00:00:00 -0030", "2026-01-01T00:30:00Z", -30],
    ["1-Jan-2026 00:00:00 +1400", "2025-12-31T10:00:00Z", 840],
    ["29-feb-2024 23:59:59 +0000", "2024-02-29T23:59:59Z", 0],
    // A leap second.
    ["31-Dec-2016 23:59:60 +0000", "2017-01-01T00:00:00Z", 0],
    ["01-Jan-0042 00:00:00 +0000", "0042-01-01T00:00:00Z", 0],
    ["01-Jan-1970 00:00:00 -0000", "1970-01-01T00:00:00Z", 0],
  ] as const
) {
  Deno.test(`parseInternalDate() reads "${text}"`, () => {
    assert.deepEqual(parseInternalDate(text), {
      epochMs: Date.parse(iso),
      zoneMinutes,
    });
  });
}

for (
  const text of [
    "",
    "00-Jan-2026 00:00:00 +0000",
    "32-Jan-2026 00:00:00 +0000",
    "29-Feb-2026 00:00:00 +0000",
    "17-Foo-1996 02:44:25 -0700",
    "17-Jul-96 02:44:25 -0700",
    "17-Jul-1996 24:00:00 -0700",
    "17-Jul-1996 02:60:25 -0700",
    "17-Jul-1996 02:44:61 -0700",
    "17-Jul-1996 02:44:25",
    "17-Jul-1996 02:44:25 -2400",
    "17-Jul-1996 02:44:25 -0060",
    "17-Jul-1996  2:44:25 -0700",
    "Wed, 17 Jul 1996 02:44:25 -0700",
  ]
) {
  Deno.test(`parseInternalDate() refuses "${text}"`, () => {
    assert.equal(parseInternalDate(text), undefined);
  });
}

Deno.test("formatInternalDate() pads the day with a blank", () => {
  const epochMs = Date.parse("2026-02-05T03:04:05.999Z");
  assert.equal(
    formatInternalDate({ epochMs, zoneMinutes: -210 }),
    " 4-Feb-2026 23:34:05 -0330",
  );
});

Deno.test("formatInternalDate() refuses what has no four-digit year", () => {
  for (const epochMs of [NaN, Date.UTC(10000, 0, 1), Date.UTC(-1, 0, 1)]) {
    assert.throws(
      () => formatInternalDate({ epochMs, zoneMinutes: 0 }),
      RangeError,
    );
  }
});

Deno.test("parseInternalDate() undoes formatInternalDate()", () => {
  const seconds = fc.integer({ min: -60_000_000_000, max: 250_000_000_000 });
  const zone = fc.integer({ min: -1439, max: 1439 });
  fc.assert(fc.property(seconds, zone, (second, zoneMinutes) => {
    const date = { epochMs: second * 1000, zoneMinutes };
    assert.deepEqual(parseInternalDate(formatInternalDate(date)), date);
  }));
});

Deno.test("formatSearchDate() writes no leading zero", () => {
  assert.equal(
    formatSearchDate({ year: 1994, month: 2, day: 1 }),
    "1-Feb-1994",
  );
});

Deno.test("formatSearchDate() refuses days that do not exist", () => {
  for (
    const [year, month, day] of [[2026, 2, 29], [2026, 13, 1], [2026, 1, 0]]
  ) {
    assert.throws(
      () =>
        formatSearchDate({
          year: year ?? 0,
          month: month ?? 0,
          day: day ?? 0,
        }),
      RangeError,
    );
  }
});

Deno.test("calendarDateOf() takes the day in UTC", () => {
  assert.deepEqual(calendarDateOf(Date.parse("2026-02-28T23:59:59Z")), {
    year: 2026,
    month: 2,
    day: 28,
  });
});

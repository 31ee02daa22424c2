import assert from "node:assert/strict";
import fc from "fast-check";
import { formatToken, parseToken } from "../../../src/imap/store/token.ts";

Deno.test("parseToken() undoes formatToken()", () => {
  const number = fc.integer({ min: 1, max: 0xffffffff });
  const marks = fc.record({
    uidValidity: number,
    uidNext: number,
    messages: fc.integer({ min: 0, max: 0xffffffff }),
    highestModSeq: fc.option(fc.bigInt({ min: 1n, max: (1n << 63n) - 1n }), {
      nil: undefined,
    }),
  });
  fc.assert(
    fc.property(marks, (mark) => {
      assert.deepEqual(parseToken(formatToken(mark)), { ...mark });
    }),
  );
});

for (
  const text of [
    undefined,
    "",
    "nonsense",
    "1:2:3",
    "1:2:3:4:5",
    "1:2:3:",
    "-1:2:3:4",
    "1:0:3:4",
    "1:4294967296:3:4",
    "1:2:3:4 ",
    "a:b:c:d",
  ]
) {
  Deno.test(`parseToken() refuses ${JSON.stringify(text)}`, () => {
    assert.equal(parseToken(text), undefined);
  });
}

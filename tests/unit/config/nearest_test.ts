import assert from "node:assert/strict";
import fc from "fast-check";
import {
  didYouMean,
  editDistance,
  nearest,
} from "../../../src/config/nearest.ts";

const KNOWN = ["autorefresh", "accounts", "quick", "ssl", "sep", "remotehost"];
const ROWS: [string, string | undefined][] = [
  ["autorefesh", "autorefresh"],
  ["AutoRefresh", "autorefresh"],
  ["acounts", "accounts"],
  ["qiuck", "quick"],
  ["sll", "ssl"],
  ["remote_host", "remotehost"],
  ["nothing", undefined],
  ["", undefined],
  ["x", undefined],
];
for (const [name, expected] of ROWS) {
  Deno.test(`nearest() finds ${expected} for "${name}"`, () => {
    assert.equal(nearest(name, KNOWN), expected);
  });
}

Deno.test("didYouMean() is a clause to append, or nothing", () => {
  assert.equal(didYouMean("quikc", KNOWN), '; did you mean "quick"?');
  assert.equal(didYouMean("something else", KNOWN), "");
});

Deno.test("editDistance() is a symmetric distance that is zero for equals only", () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(fc.property(word, word, (a, b) => {
    const distance = editDistance(a, b);
    assert.equal(distance, editDistance(b, a));
    assert.equal(distance === 0, a === b);
    assert.ok(distance <= Math.max(a.length, b.length));
    assert.ok(distance >= Math.abs(a.length - b.length));
  }));
});

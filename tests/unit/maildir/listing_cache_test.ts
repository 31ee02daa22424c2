import assert from "node:assert/strict";
import {
  formatDirectories,
  parseDirectories,
} from "../../../src/maildir/listing_cache.ts";

const DIRECTORIES = new Map([
  ["", { time: 5, mailbox: false, children: ["a", "__proto__"] }],
  ["__proto__", { time: 6, mailbox: true, children: [] }],
  ["a", { time: 0, mailbox: true, children: ["é\n"] }],
]);

Deno.test("parseDirectories() reads what formatDirectories() wrote", () => {
  const text = formatDirectories(DIRECTORIES, ". /mail");
  assert.deepEqual(parseDirectories(text, ". /mail"), DIRECTORIES);
  assert.equal(
    formatDirectories(parseDirectories(text, ". /mail"), ". /mail"),
    text,
  );
});

Deno.test("parseDirectories() believes nothing of another tree or version", () => {
  const text = formatDirectories(DIRECTORIES, ". /mail");
  assert.equal(parseDirectories(text, "/ /mail").size, 0);
  assert.equal(
    parseDirectories(text.replace('"version":1', '"version":2'), ". /mail")
      .size,
    0,
  );
});

Deno.test.each([
  undefined,
  "",
  "{",
  "null",
  "[]",
  "1",
  '{"version":1,"tree":"t"}',
  '{"version":1,"tree":"t","directories":null}',
  '{"version":1,"tree":"t","directories":{"a":null,"b":1,"c":{"time":"1"}}}',
  '{"version":1,"tree":"t","directories":{"a":{"time":1,"mailbox":true,"children":[1]}}}',
])("parseDirectories() makes nothing of %j", (text) => {
  assert.equal(parseDirectories(text, "t").size, 0);
});

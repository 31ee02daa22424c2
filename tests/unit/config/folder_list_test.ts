import assert from "node:assert/strict";
import { foldersOf } from "../../../src/config/folder_list.ts";

const ROWS: [string, string[] | undefined][] = [
  ["INBOX", ["INBOX"]],
  ["INBOX,Sent Mail", ["INBOX", "Sent Mail"]],
  ["a , b", ["a ", " b"]],
  ["100%", ["100%"]],
  ["a\\,b,c", ["a,b", "c"]],
  ["a\\b", ["a\\b"]],
  ["a\\\\,b", ["a\\", "b"]],
  ["A:INBOX", ["INBOX"]],
  ["B:INBOX", undefined],
  ["B:INBOX,Sent", ["Sent"]],
  ["A:x:y", ["x:y"]],
  ["C:INBOX", ["C:INBOX"]],
  ["A\\:INBOX", ["A:INBOX"]],
  ["x:A:y", ["x:A:y"]],
];
for (const [text, expected] of ROWS) {
  Deno.test(`foldersOf() reads -f ${text} for A as ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(foldersOf(text, "A", ["A", "B"]), expected);
  });
}

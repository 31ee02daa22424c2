import assert from "node:assert/strict";
import {
  type LegacyFile,
  missingRef,
  pairLegacy,
} from "../../../../src/state/mod.ts";
import { contents, flags, Place } from "../support.ts";

const ROWS = [
  { uid: 1, flags: flags("\\Seen") },
  { uid: 2, flags: flags("") },
  { uid: 3, flags: flags("\\Flagged") },
];

function file(ref: string, uid?: number, here = true): LegacyFile {
  return uid === undefined
    ? { ref }
    : { ref, hint: { uid, here, origin: here ? "a1" : "b2" } };
}

function pairs(files: LegacyFile[]) {
  return [...pairLegacy(ROWS, files)]
    .map(({ remote, local }) => `${remote} ${local}`);
}

Deno.test("pairLegacy() pairs rows with the files that bear their UID", () => {
  assert.deepEqual(pairs([file("c", 3), file("a", 1), file("b", 2)]), [
    "1 a",
    "2 b",
    "3 c",
  ]);
});

Deno.test("pairLegacy() gives a row whose file is gone a name that no file has", () => {
  assert.deepEqual(pairs([file("a", 1), file("c", 3)]), [
    "1 a",
    "2 .missing,U=2",
    "3 c",
  ]);
});

Deno.test("pairLegacy() takes the first of two files and leaves the second unknown", () => {
  assert.deepEqual(pairs([file("a", 1), file("copy", 1), file("b", 2)]), [
    "1 a",
    "2 b",
    "3 .missing,U=3",
  ]);
});

Deno.test("pairLegacy() does not believe files of another folder, or without a UID", () => {
  assert.deepEqual(
    pairs([file("moved", 1, false), file("new"), file("b", 2)]),
    [
      "1 .missing,U=1",
      "2 b",
      "3 .missing,U=3",
    ],
  );
});

Deno.test("pairLegacy() leaves files that no row knows", () => {
  assert.deepEqual(pairs([file("z", 9)]).map((text) => text.split(" ")[1]), [
    missingRef(1),
    missingRef(2),
    missingRef(3),
  ]);
});

Deno.test("pairLegacy() yields what a state can commit", () => {
  using place = new Place();
  using state = place.open();
  const inbox = state.mailbox("INBOX", "INBOX");
  inbox.commit(pairLegacy(ROWS, [file("a", 1), file("a2", 1)]));
  const base = inbox.load();
  assert.deepEqual(contents(base).map(({ local, flags }) => [local, flags]), [
    ["a", "\\Seen"],
    [".missing,U=2", ""],
    [".missing,U=3", "\\Flagged"],
  ]);
  assert.equal(base.local.find("a2"), undefined);
});

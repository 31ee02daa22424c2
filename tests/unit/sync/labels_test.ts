import assert from "node:assert/strict";
import fc from "fast-check";
import { flagList, flagsOf, mergeFlags } from "../../../src/sync/flags.ts";
import {
  labelFlag,
  labelOf,
  labelsIn,
  onlyLabels,
  withLabels,
  withoutLabels,
} from "../../../src/sync/labels.ts";

Deno.test("labelOf() undoes labelFlag(), which is one member of a set", () => {
  fc.assert(fc.property(fc.string(), (label) => {
    const flag = labelFlag(label);
    assert.equal(labelOf(flag), label);
    assert.deepEqual(flagList(flagsOf([flag])), [flag]);
  }));
});

Deno.test("labelOf() knows no flag and no keyword", () => {
  for (const flag of ["\\Seen", "$Label1", "label"]) {
    assert.equal(labelOf(flag), undefined);
  }
});

Deno.test("withoutLabels() and onlyLabels() part what withLabels() joined", () => {
  const flags = flagsOf(["\\Seen", "$Work"]);
  const both = withLabels(flags, ["Muy Importante", "\\Inbox", "100 %"]);
  assert.equal(withoutLabels(both), flags);
  assert.deepEqual(labelsIn(both), ["100 %", "Muy Importante", "\\Inbox"]);
  assert.deepEqual(labelsIn(onlyLabels(both)), labelsIn(both));
  assert.equal(withoutLabels(onlyLabels(both)), "");
});

Deno.test("labelsIn() sorts by code point, as Python does", () => {
  const set = withLabels(flagsOf([]), ["\u{1f600}", "\uffee", "b", "B"]);
  assert.deepEqual(labelsIn(set), ["B", "b", "\uffee", "\u{1f600}"]);
});

Deno.test("mergeFlags() lets each label follow the side that changed it", () => {
  const of = (...labels: string[]) => withLabels(flagsOf([]), labels);
  assert.deepEqual(
    labelsIn(mergeFlags(of("a", "b"), of("b", "mine"), of("a", "theirs"))),
    ["mine", "theirs"],
  );
});

import * as fc from "fast-check";
import assert from "node:assert/strict";
import { compareAnswers } from "./differential.ts";
import { expressions, folderNames, type Text } from "./expressions.ts";
import { expressions as formats } from "./formats.ts";
import { expressions as regexes } from "./regexes.ts";
import { WHY_SKIPPED, WITHOUT_PYTHON } from "./support_python.ts";

/** Questions per kind; OFFLINEIMAP_TEST_QUESTIONS asks for more. */
const COUNT = Number(Deno.env.get("OFFLINEIMAP_TEST_QUESTIONS") ?? 400);

/**
 * Where the random numbers start. Fixed, so that a run tells about this program
 * and not about a rare fault of one CPython; OFFLINEIMAP_TEST_SEED explores.
 */
const SEED = Number(Deno.env.get("OFFLINEIMAP_TEST_SEED") ?? 20251028);

/** Compares random expressions of one kind. */
async function compare(kind: Text): Promise<void> {
  const questions = fc.sample(
    fc.record({
      text: kind,
      names: fc.array(folderNames, { minLength: 2, maxLength: 3 }),
    }),
    { numRuns: COUNT, seed: SEED },
  );
  const { differences, answered, refused } = await compareAnswers(questions);
  assert.deepEqual(differences, [], `OFFLINEIMAP_TEST_SEED=${SEED}`);
  // A few ask for texts of a size that is refused here, and nothing else is.
  assert.ok(refused.every((text) => text.includes("stopped")), refused[0]);
  assert.ok(answered > COUNT);
}

for (const [name, kind] of Object.entries({ expressions, formats, regexes })) {
  Deno.test({
    name: `LocalEngine agrees with CPython about random ${name}` + WHY_SKIPPED,
    ignore: WITHOUT_PYTHON,
    fn: () => compare(kind),
  });
}

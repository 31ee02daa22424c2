import assert from "node:assert/strict";
import { MailError } from "../../../src/errors.ts";
import {
  chooseTargets,
  compileArguments,
  embeds,
  outputOf,
  TARGETS,
} from "../../../scripts/compile.ts";
import { PERMISSIONS } from "../../../src/permissions.ts";

const LINUX = "x86_64-unknown-linux-gnu";

Deno.test("TARGETS are Linux and macOS on both processors, and Windows", () => {
  assert.deepEqual([...TARGETS].sort(), [
    "aarch64-apple-darwin",
    "aarch64-unknown-linux-gnu",
    "x86_64-apple-darwin",
    "x86_64-pc-windows-msvc",
    LINUX,
  ]);
});

Deno.test("outputOf() names the target, and ends as Windows wants it", () => {
  assert.equal(outputOf(LINUX), `dist/offlineimap-${LINUX}`);
  assert.equal(
    outputOf("x86_64-pc-windows-msvc"),
    "dist/offlineimap-x86_64-pc-windows-msvc.exe",
  );
  assert.equal(new Set(TARGETS.map(outputOf)).size, TARGETS.length);
});

for (const target of TARGETS) {
  Deno.test(`compileArguments() of ${target} grant a list and never ask`, () => {
    const words = compileArguments(target, {
      entry: "bundle/main.js",
      worker: "bundle/sandbox/worker.js",
    });
    assert.equal(words[0], "compile");
    assert.equal(words.at(-1), "bundle/main.js");
    assert.equal(words[words.indexOf("--target") + 1], target);
    assert.equal(words[words.indexOf("--output") + 1], outputOf(target));
    assert.ok(words.includes("--no-prompt"));
    // The flags before the entry; what follows it would go to the program.
    assert.deepEqual(
      words.filter((word) => /^--(allow|deny|no-prompt|unstable)/.test(word)),
      PERMISSIONS,
    );
  });
}

Deno.test("chooseTargets() takes all targets unless some are named", () => {
  const own = LINUX;
  assert.deepEqual(
    chooseTargets({ targets: [], runtime: undefined, own }),
    TARGETS,
  );
  const named = ["aarch64-apple-darwin", LINUX];
  assert.deepEqual(
    chooseTargets({ targets: named, runtime: undefined, own }),
    named,
  );
});

Deno.test("chooseTargets() embeds a given runtime in one target only", () => {
  const runtime = "/denort";
  const own = LINUX;
  assert.deepEqual(chooseTargets({ targets: [], runtime, own }), [own]);
  const mac = "aarch64-apple-darwin";
  assert.deepEqual(chooseTargets({ targets: [mac], runtime, own }), [mac]);
  assert.throws(
    () => chooseTargets({ targets: [mac, own], runtime, own }),
    /DENORT_BIN is the runtime of one target/,
  );
});

Deno.test("chooseTargets() refuses what it does not know", () => {
  assert.throws(
    () => chooseTargets({ targets: ["sparc"], runtime: undefined, own: LINUX }),
    (error) => {
      assert(error instanceof MailError);
      assert.match(error.message, /^Unknown target sparc; known: /);
      for (const target of TARGETS) assert.ok(error.message.includes(target));
      return true;
    },
  );
});

for (
  const [said, good] of [
    ["offlineimap v9.0.0, imapflow v2.1.2, Deno v2.9.6, V8 v15.0, linux", true],
    ["offlineimap v9.0.0, imapflow v2.1.2, Deno v2.9.60, V8 v15.0", false],
    ["offlineimap v9.0.0, imapflow v2.1.2, Deno v2.4.2, V8 v13.7", false],
    ["", false],
  ] as const
) {
  Deno.test(`embeds() takes "${said}" for ${good ? "" : "not "}2.9.6`, () => {
    assert.equal(embeds(said, "2.9.6"), good);
  });
}

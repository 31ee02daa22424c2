import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { formatManPage } from "../../../scripts/man_page.ts";
import { FLAG_LIST } from "../../../src/cli/flags.ts";
import { OPTION_GROUPS } from "../../../src/config/options.ts";

const page = formatManPage();

Deno.test("formatManPage() explains every flag and option", () => {
  const plain = page.replaceAll("\\-", "-");
  for (const [, { short, long }] of FLAG_LIST) {
    if (long !== undefined) assert.ok(plain.includes(`--${long}`), long);
    if (short !== undefined) assert.ok(plain.includes(`-${short}`), short);
  }
  for (const { table } of OPTION_GROUPS) {
    for (const { name } of Object.values(table)) {
      assert.ok(
        plain.includes(`\n\\fB${name.replace("…", "...")}\\fR\n`),
        name,
      );
    }
  }
});

const missing = spawnSync("groff", ["--version"]).error !== undefined;

Deno.test({
  name: "groff finds nothing wrong with the manual page" +
    (missing ? " (groff is not installed)" : ""),
  ignore: missing && Deno.env.get("OFFLINEIMAP_TEST_REQUIRE") !== "1",
  fn: () => {
    const { stdout, stderr, status } = spawnSync(
      "groff",
      ["-ww", "-man", "-Tutf8", "-Kutf8", "-P-cbou"],
      { input: page, encoding: "utf8" },
    );
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assert.match(stdout, /keep IMAP accounts and local Maildirs in step/);
    // What would be commands of the typesetter came out as text.
    assert.match(stdout, /~\/\.offlineimaprc/);
  },
});

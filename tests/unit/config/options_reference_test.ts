import assert from "node:assert/strict";
import {
  EXAMPLE_FILE,
  formatMarkdown,
  REFERENCE_FILE,
  renderExample,
  renderReference,
} from "../../../scripts/options_reference.ts";
import { findOption, OPTION_GROUPS } from "../../../src/config/options.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { classifySection } from "../../../src/config/sections.ts";
import { load, maildirOf, testHost } from "./support.ts";

const ROOT = new URL("../../../", import.meta.url);
const HINT = "run: deno run -A scripts/options_reference.ts";

/** The text of a file; a checkout on Windows may have changed its line ends. */
async function read(file: string): Promise<string> {
  const text = await Deno.readTextFile(new URL(file, ROOT));
  return text.replaceAll("\r\n", "\n");
}

Deno.test("docs/options.md is what the option table says", async () => {
  const expected = await formatMarkdown(renderReference());
  assert.ok(await read(REFERENCE_FILE) === expected, HINT);
});

Deno.test("offlineimaprc.example is what the option table says", async () => {
  assert.ok(await read(EXAMPLE_FILE) === renderExample(), HINT);
});

Deno.test("docs/options.md has every option", () => {
  const text = renderReference();
  for (const { table } of OPTION_GROUPS) {
    for (const { name } of Object.values(table)) {
      assert.ok(text.includes(`### \`${name}\`\n`), name);
    }
  }
});

Deno.test("offlineimaprc.example works as it is", () => {
  const config = load(renderExample());
  assert.deepEqual(config.warnings, []);
  const [account] = config.accounts;
  assert.ok(account !== undefined && !("error" in account));
  assert.equal(account.name, "Personal");
  assert.equal(maildirOf(account).localFolders, "/home/u/Mail");
  assert.equal(account.remote.remotePassFile, "/home/u/.mail-password");
});

/** The commented options of the sample, as a configuration of their own. */
function uncommented(): string {
  const lines = renderExample().split("\n");
  const start = lines.indexOf("#[general]");
  const options = lines.slice(start).filter((line) => /^#\S/.test(line));
  return options.map((line) => line.slice(1)).join("\n");
}

Deno.test("offlineimaprc.example holds known options only, each readable", () => {
  const config = parseConfig(uncommented(), EXAMPLE_FILE);
  for (const { name: header, options } of config.sections.values()) {
    const kind = classifySection(header)?.kind;
    assert.ok(kind !== undefined, header);
    for (const entry of options.values()) {
      const spec = findOption(entry.name, kind);
      assert.equal(spec?.since, "now", entry.name);
      spec?.read(entry.value, {
        host: testHost(),
        section: header,
        entry,
        warn: (text) => assert.fail(`${entry.name}: ${text}`),
      });
    }
  }
});

Deno.test("offlineimaprc.example holds every option that has an effect", () => {
  const config = parseConfig(uncommented(), EXAMPLE_FILE);
  const shown = new Set(
    [...config.sections.values()].flatMap(({ options }) => [...options.keys()]),
  );
  for (const { table } of OPTION_GROUPS) {
    for (const { since, names } of Object.values(table)) {
      if (since === "now") assert.ok(names.some((name) => shown.has(name)));
    }
  }
});

Deno.test("offlineimaprc.example keeps its explanations to eighty columns", () => {
  for (const line of renderExample().split("\n")) {
    assert.ok(line.length <= 80 || !line.startsWith("# "), line);
  }
});

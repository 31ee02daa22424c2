/** `offlineimap permissions`: what the work on each account needs. */
import { isUsable } from "../../config/config.ts";
import { currentHost } from "../../config/host.ts";
import { readConfig } from "../../config/load.ts";
import { permissionFlags, shellWord } from "../../sandbox/flags.ts";
import { accountNeeds, type Needs } from "../../sandbox/needs.ts";
import { escapeText } from "../../ui/escape.ts";
import type { Terminal } from "../../ui/terminal.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import { readFlags } from "../read_flags.ts";

/** How needs are called, in the order in which they are shown. */
const TITLES: readonly (readonly [keyof Needs, string])[] = [
  ["net", "connects to"],
  ["read", "reads"],
  ["write", "writes"],
  ["env", "variables"],
  ["run", "starts"],
  ["sys", "system"],
];

/** Shows a list for each account, and the flags that grant it. */
export async function runPermissions(
  words: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const { values } = readFlags(words);
  const accounts = values.get("accounts")?.at(-1);
  const config = await readConfig(
    accounts === undefined ? {} : { accounts },
    values.get("configFile")?.at(-1),
  );
  const host = currentHost();
  let failed = false;
  for (const account of config.accounts) {
    if (!isUsable(account)) {
      failed = true;
      terminal.err.write(`ERROR: ${account.error.message}\n`);
      continue;
    }
    const needs = accountNeeds(account, config.general, host);
    const flags = permissionFlags({
      ...needs,
      read: [config.file, ...needs.read],
    });
    const rows = TITLES.map(([name, title]) => {
      const list = needs[name];
      const text = list === undefined ? "any" : list.join("\n               ");
      return `  ${title.padEnd(12)} ${text === "" ? "none" : escapeRow(text)}`;
    });
    terminal.out.write(
      `Account ${escapeText(account.name)}\n${rows.join("\n")}\n` +
        `  as flags of "deno run", with the configuration itself:\n` +
        `    ${flags.map(shellWord).join(" \\\n    ")}\n\n`,
    );
  }
  return failed ? EXIT.failed : EXIT.ok;
}

/** Line ends between values stay. */
function escapeRow(text: string): string {
  return text.split("\n").map(escapeText).join("\n");
}

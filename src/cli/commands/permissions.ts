/** `offlineimap permissions`: what the worker of each account may do. */
import { isUsable } from "../../config/config.ts";
import { currentHost } from "../../config/host.ts";
import { readConfig } from "../../config/load.ts";
import { permissionFlags, shellWord } from "../../sandbox/flags.ts";
import { commandNeeds } from "../../sandbox/command_needs.ts";
import { accountNeeds, type Needs } from "../../sandbox/needs.ts";
import { withServers } from "../../sandbox/with_servers.ts";
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
    const { metadata, pythonFile } = config.general;
    const known = await withServers(account, pythonFile, (text) => {
      terminal.err.write(`${escapeText(text)}\n`);
    });
    const needs = accountNeeds(known, metadata, host);
    const command = commandNeeds(known, config.general, host);
    const own = { ...command, read: [config.file, ...command.read] };
    const rows = [
      ...TITLES.map(([name, title]) => row(title, needs[name])),
      row("starts", []),
      "  the command does for it, outside:",
      row("reads", command.read),
      row("writes", command.write),
      row(
        "starts",
        command.start.length === 0
          ? command.run
          : command.start.map(([option, line]) => `${option}: ${line}`),
      ),
    ];
    terminal.out.write(
      `Account ${escapeText(account.name)}\n${rows.join("\n")}\n` +
        `  as flags of "deno run", for its worker:\n` +
        `${formatFlags(permissionFlags(needs))}\n` +
        `  and for all of it in one process, with "-k general:sandbox=no":\n` +
        `${formatFlags(permissionFlags(needs, own))}\n\n`,
    );
  }
  return failed ? EXIT.failed : EXIT.ok;
}

function row(title: string, values: readonly string[]): string {
  const text = values.join("\n               ");
  return `  ${title.padEnd(12)} ${text === "" ? "none" : escapeRow(text)}`;
}

function formatFlags(flags: readonly string[]): string {
  return `    ${flags.map(shellWord).join(" \\\n    ")}`;
}

/** Line ends between values stay. */
function escapeRow(text: string): string {
  return text.split("\n").map(escapeText).join("\n");
}

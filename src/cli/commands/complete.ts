/**
 * `offlineimap complete WORD… CURRENT|`: what the completion scripts ask. The bar
 * keeps shells from dropping an empty word.
 *
 * Answers with a line for each candidate, its description behind a tab; or with
 * `:files`.
 */
import { readConfig } from "../../config/load.ts";
import { knownMailboxes } from "../../state/mailbox_names.ts";
import type { Terminal } from "../../ui/terminal.ts";
import {
  candidatesFor,
  FILES,
  type NameSource,
} from "../completion/candidates.ts";
import { COMMANDS } from "../commands.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import { readFlags } from "../read_flags.ts";

/** Answers a completion script. */
export async function runComplete(
  given: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const words = given.slice(0, -1);
  const current = (given.at(-1) ?? "").replace(/\|$/, "");
  const found = await candidatesFor(words, current, namesOf(words));
  if (found === FILES) terminal.out.write(":files\n");
  else {
    const lines = found.map(({ word, about }) =>
      about === undefined ? word : `${word}\t${about}`
    );
    // A name with a line end could only be typed wrongly.
    const whole = lines.filter((line) => !line.includes("\n"));
    terminal.out.write(whole.map((line) => `${line}\n`).join(""));
  }
  return EXIT.ok;
}

/** Names of the configuration that the words before tell of. */
function namesOf(words: readonly string[]): NameSource {
  // Of a command the flags follow its name.
  const given = COMMANDS[words[0] ?? ""] === undefined ? words : words.slice(1);
  const flag = (name: "configFile" | "accounts") => {
    try {
      // The last word is the flag whose argument is being typed.
      return readFlags(given.slice(0, -1)).values.get(name)?.at(-1);
    } catch {
      return undefined;
    }
  };
  return {
    accounts: async () => {
      const { accounts } = await readConfig({}, flag("configFile"));
      return accounts.map(({ name }) => name);
    },
    folders: async () => {
      const accounts = flag("accounts");
      const config = await readConfig(
        accounts === undefined ? {} : { accounts },
        flag("configFile"),
      );
      const { metadata } = config.general;
      const names = config.accounts.flatMap(({ name }) =>
        knownMailboxes(metadata, name)
      );
      // As -f wants them: a comma ends a name, a colon an account's.
      return [...new Set(names)].sort()
        .map((name) => name.replace(/[\\,:]/g, "\\$&"));
    },
  };
}

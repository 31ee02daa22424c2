/** The completion scripts, in the shells that they are for. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startImapServer } from "../support/imap_server/mod.ts";
import { openProgram } from "../support/program.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** A folder of a program `offlineimap` and of all that it needs to be asked. */
async function makeHome(): Promise<{ home: string } & AsyncDisposable> {
  const home = Deno.makeTempDirSync({ prefix: "offlineimap-shell-" });
  await using server = startImapServer({
    mailboxes: [{ name: "INBOX" }, { name: "In two words" }],
  });
  await using program = openProgram({ server });
  await program.sync();
  // What the completion needs outlives the run: configuration and metadata.
  const config = Deno.readTextFileSync(program.configFile)
    .replace(/^metadata *=.*$/m, `metadata = ${home}/meta`);
  Deno.writeTextFileSync(`${home}/.offlineimaprc`, config);
  copyTree(program.metadata, `${home}/meta`);
  Deno.writeTextFileSync(
    `${home}/offlineimap`,
    `#!/bin/sh\nexec "${Deno.execPath()}" run -A --quiet "${MAIN}" "$@"\n`,
    { mode: 0o755 },
  );
  return {
    home,
    [Symbol.asyncDispose]: () => Deno.remove(home, { recursive: true }),
  };
}

function copyTree(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) copyTree(`${from}/${name}`, `${to}/${name}`);
    else Deno.copyFileSync(`${from}/${name}`, `${to}/${name}`);
  }
}

/** How a shell is asked for what could follow these words, one a line. */
const SHELLS: Record<string, (words: readonly string[]) => string> = {
  bash: (words) => `
    source <(offlineimap completions bash)
    compopt() { :; }
    COMP_WORDS=(offlineimap ${words.map(quote).join(" ")})
    COMP_CWORD=${words.length}
    _offlineimap
    printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (words) => `
    compdef() { : }
    _describe() { print -l -- \${found%%:*} }
    _files() { print -l -- *(N) }
    source <(offlineimap completions zsh)
    words=(offlineimap ${words.map(quote).join(" ")})
    CURRENT=${words.length + 1}
    _offlineimap`,
  fish: (words) => `
    offlineimap completions fish | source
    complete -C ${quote(["offlineimap", ...words].join(" "))} |
      string split -f1 \\t`,
};

function quote(word: string): string {
  return `'${word}'`;
}

/** What a shell offers, in the order of its own. */
function offered(shell: string, home: string, words: readonly string[]) {
  const { stdout, stderr, error } = spawnSync(
    shell,
    ["-c", SHELLS[shell]?.(words) ?? ""],
    {
      cwd: home,
      encoding: "utf8",
      env: {
        HOME: home,
        PATH: `${home}:${Deno.env.get("PATH")}`,
        DENO_DIR: Deno.env.get("DENO_DIR") ??
          `${Deno.env.get("HOME")}/.cache/deno`,
      },
    },
  );
  assert.equal(error, undefined);
  assert.equal(stderr, "");
  return stdout.split("\n").filter((line) => line !== "").sort();
}

const required = Deno.env.get("OFFLINEIMAP_TEST_REQUIRE") === "1";

for (const shell of Object.keys(SHELLS)) {
  const missing = spawnSync(shell, ["-c", ":"]).error !== undefined;
  Deno.test({
    name: `${shell} completes flags, accounts, folders and files` +
      (missing ? ` (${shell} is not installed)` : ""),
    ignore: missing && !required,
    fn: async () => {
      await using place = await makeHome();
      const ask = (...words: string[]) => offered(shell, place.home, words);
      assert.deepEqual(ask("--dry"), ["--dry-run"]);
      assert.deepEqual(ask("-o", "-a", ""), ["test"]);
      assert.deepEqual(ask("service", "st"), ["status"]);
      const [inTwoWords, inbox] = ask("-f", "In").concat(ask("-f", "IN"));
      assert.match(inTwoWords ?? "", /^In(\\| ).*words$/);
      assert.equal(inbox, "INBOX");
      assert.ok(ask("-c", "").includes("offlineimap"));
    },
  });
}

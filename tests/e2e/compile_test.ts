/**
 * The program as one file: compiled here, run where nothing else is.
 *
 * Needs a runtime to embed: DENORT_BIN names one, or an earlier `deno compile`
 * has left one in Deno's cache. Nothing is downloaded. If DENORT_BIN is of
 * another version of Deno than this one, OFFLINEIMAP_TEST_COMPILER names the
 * `deno` of that version; older ones than the program may run on are good
 * enough for trying its compiled form.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../../deno.json" with { type: "json" };
import { bundle } from "../../scripts/bundle.ts";
import { compileArguments } from "../../scripts/compile.ts";
import { MailError } from "../../src/errors.ts";
import { checkRuntime } from "../../src/runtime.ts";
import { assertInStep, serverContents } from "../support/contents.ts";
import {
  sampleMailboxes,
  startImapServer,
} from "../support/imap_server/mod.ts";
import { MaildirTree } from "../support/maildir_tree.ts";
import { formatConfig } from "../support/program_config.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OLD = "tests/e2e/old_runtime";
const TARGET = Deno.build.target;

const compiler = Deno.env.get("OFFLINEIMAP_TEST_COMPILER") ?? Deno.execPath();
const found = Deno.env.get("DENORT_BIN") !== undefined || await isCached();

Deno.test({
  name: "deno compile makes one file that syncs where nothing else is" +
    (found ? "" : " (there is no runtime to embed: set DENORT_BIN)"),
  ignore: !found,
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "oi-compile-" });
    try {
      const program = await compile(folder);
      await tellsItsVersion(program, folder);
      await syncs(program, folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

async function isCached(): Promise<boolean> {
  const { stdout } = await command(Deno.execPath(), ["info", "--json"]);
  const { denoDir } = JSON.parse(stdout);
  const version = `v${Deno.version.deno}`;
  return existsSync(
    join(denoDir, "dl", "release", version, `denort-${TARGET}.zip`),
  );
}

/** @returns the executable, in `folder`. */
async function compile(folder: string): Promise<string> {
  const ending = Deno.build.os === "windows" ? ".exe" : "";
  const program = join(folder, `offlineimap${ending}`);
  const { stdout } = await command(compiler, ["--version"]);
  const old = isTooOld(/^deno (\S+)/.exec(stdout)?.[1] ?? "");
  const parts = join(folder, "parts");
  const main = old ? join(OLD, "main.ts") : "src/main.ts";
  const words = compileArguments(
    TARGET,
    await bundle(parts, join(ROOT, main)),
  );
  words[words.indexOf("--output") + 1] = program;
  if (old) useOldRuntime(words, parts);
  words.splice(1, 0, "--quiet", "--cached-only");
  const { code, stderr } = await command(compiler, words, { cwd: folder });
  assert.equal(code, 0, stderr);
  // What the executable is made of: afterwards it must not be needed.
  await Deno.remove(parts, { recursive: true });
  return program;
}

function isTooOld(version: string): boolean {
  try {
    checkRuntime({ version, standalone: false });
    return false;
  } catch (error) {
    if (error instanceof MailError) return true;
    throw error;
  }
}

/** For a Deno that lacks what the program uses. */
function useOldRuntime(words: string[], parts: string): void {
  Deno.copyFileSync(join(ROOT, OLD, "tls.ts"), join(parts, "tls.ts"));
  const map = join(parts, "import_map.json");
  Deno.writeTextFileSync(
    map,
    JSON.stringify({
      imports: {},
      scopes: {
        "./": { "node:tls": "./tls.ts" },
        "./tls.ts": { "node:tls": "node:tls" },
      },
    }),
  );
  words.splice(1, 0, "--import-map", map);
}

async function tellsItsVersion(program: string, home: string): Promise<void> {
  const { code, stdout, stderr } = await alone(program, home, ["--version"]);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, `${manifest.version}\n`);
  assert.equal((await alone(program, home, ["--help"])).code, 0);
}

/** From an empty folder to a Maildir, and then both ways. */
async function syncs(program: string, home: string): Promise<void> {
  await using server = startImapServer({
    mailboxes: sampleMailboxes({ messages: 40 }),
  });
  const places = {
    mail: join(home, "Mail"),
    metadata: join(home, "metadata"),
  };
  const config = join(home, "offlineimaprc");
  await Deno.writeTextFile(
    config,
    formatConfig(places, server, {
      // Evaluated inside: there is no Python either.
      remote: { folderfilter: "lambda name: not name.startswith('Trash')" },
    }),
  );
  const tree = new MaildirTree(places.mail);
  const sync = async () => {
    const { code, stdout, stderr } = await alone(program, home, ["-c", config]);
    assert.equal(code, 0, stdout + stderr);
    const remote = new Map(serverContents(server));
    assert.ok(remote.delete("Trash"));
    assertInStep(tree.contents(), remote, {
      // Keywords have no letters here.
      ignoredFlags: ["$Forwarded", "todo"],
    });
  };
  await sync();
  tree.deliver(
    "Sent",
    "Subject: up\nMessage-ID: <up@example.org>\n\nUp\n",
    "S",
  );
  server.mailbox("INBOX").append(
    "Subject: down\r\nMessage-ID: <down@example.org>\r\n\r\nDown\r\n",
  );
  server.mailbox("INBOX").expunge(1);
  await sync();
  tree.find("up", "Sent");
  tree.find("down", "INBOX");
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program with no Deno, Node, cache or variables in its reach. */
function alone(
  program: string,
  home: string,
  args: readonly string[],
): Promise<Ended> {
  const env = { HOME: home, USERPROFILE: home, PATH: home };
  return command(program, args, { cwd: home, env, clearEnv: true });
}

async function command(
  program: string,
  args: readonly string[],
  options: Deno.CommandOptions = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    ...options,
    args: [...args],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

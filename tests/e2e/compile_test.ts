/**
 * The program as one file, run where nothing else is: from a folder that holds
 * only it, with no variables and nothing to start.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import manifest from "../../deno.json" with { type: "json" };
import { certificates } from "../support/certificates.ts";
import {
  command,
  compileProgram,
  whyNotCompiled,
} from "../support/compiled.ts";
import {
  assertInStep,
  dovecotContents,
  serverContents,
} from "../support/contents.ts";
import { findDovecot, startDovecot } from "../support/dovecot.ts";
import {
  sampleMailboxes,
  startImapServer,
} from "../support/imap_server/mod.ts";
import { MaildirTree } from "../support/maildir_tree.ts";
import type { Ended } from "../support/program.ts";
import { formatConfig } from "../support/program_config.ts";
import { hasStrace, reached, traced } from "../support/reached.ts";

const UP = "Subject: up\nMessage-ID: <up@example.org>\n\nUp\n";
const DOWN = "Subject: down\r\nMessage-ID: <down@example.org>\r\n\r\nDown\r\n";
const SANDBOX = { sandbox: true };

const missing = await whyNotCompiled();

Deno.test({
  name: "deno compile makes one file that syncs where nothing else is" +
    (missing === undefined ? "" : ` (${missing})`),
  ignore: missing !== undefined,
  fn: async (t) => {
    const folder = await Deno.makeTempDir({ prefix: "oi-compile-" });
    try {
      const program = await compileProgram(folder);
      const fresh = () => {
        const home = join(folder, `home-${crypto.randomUUID()}`);
        Deno.mkdirSync(home);
        return new Home(home, program);
      };
      await t.step("It tells its version", () => tellsItsVersion(fresh()));
      await t.step(
        "It syncs both ways, from nothing",
        () => syncs(fresh()),
      );
      await t.step({
        name:
          "It syncs a Dovecot over TLS both ways, and reaches nothing else" +
          (findDovecot() === undefined ? " (Dovecot is not installed)" : ""),
        ignore: findDovecot() === undefined,
        fn: () => syncsDovecot(fresh()),
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** An empty folder in which the program runs. */
class Home {
  readonly mail: string;
  readonly metadata: string;
  readonly config: string;
  readonly tree: MaildirTree;

  constructor(readonly path: string, readonly program: string) {
    this.mail = join(path, "Mail");
    this.metadata = join(path, "metadata");
    this.config = join(path, "offlineimaprc");
    this.tree = new MaildirTree(this.mail);
  }

  configure(text: string): void {
    Deno.writeTextFileSync(this.config, text, { mode: 0o600 });
  }

  /** With no Deno, Node, cache or variables in its reach. */
  run(
    args: readonly string[],
    [first, ...before]: readonly string[] = [],
  ): Promise<Ended> {
    const { path, program } = this;
    const env = { HOME: path, USERPROFILE: path, PATH: path };
    const words = first === undefined ? args : [...before, program, ...args];
    return command(first ?? program, words, { cwd: path, env, clearEnv: true });
  }

  /** @param before A program and its arguments that run ours. */
  async sync(before: readonly string[] = []): Promise<void> {
    const { code, stdout, stderr } = await this.run(
      ["-o", "-u", "basic", "-c", this.config],
      before,
    );
    assert.equal(code, 0, stdout + stderr);
    assert.doesNotMatch(stdout + stderr, /WARNING|ERROR/);
  }
}

async function tellsItsVersion(home: Home): Promise<void> {
  const { code, stdout, stderr } = await home.run(["--version"]);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, `${manifest.version}\n`);
  const { stdout: all } = await home.run(["-V"]);
  assert.match(all, /^offlineimap v\S+, imapflow v\S+, Deno v\S+, /);
  assert.equal((await home.run(["--help"])).code, 0);
  assert.deepEqual([...Deno.readDirSync(home.path)], []);
}

/** From an empty folder to a Maildir, and then both ways. */
async function syncs(home: Home): Promise<void> {
  await using server = startImapServer({
    mailboxes: sampleMailboxes({ messages: 40 }),
  });
  home.configure(formatConfig(home, server, {
    general: SANDBOX,
    // Evaluated inside: there is no Python either.
    remote: { folderfilter: "lambda name: not name.startswith('Trash')" },
  }));
  const sync = async () => {
    await home.sync();
    const remote = new Map(serverContents(server));
    assert.ok(remote.delete("Trash"));
    assertInStep(home.tree.contents(), remote, {
      // Keywords have no letters here.
      ignoredFlags: ["$Forwarded", "todo"],
    });
  };
  await sync();
  home.tree.deliver("Sent", UP, "S");
  server.mailbox("INBOX").append(DOWN);
  server.mailbox("INBOX").expunge(1);
  await sync();
  home.tree.find("up", "Sent");
  home.tree.find("down", "INBOX");
}

async function syncsDovecot(home: Home): Promise<void> {
  const made = await certificates();
  await using server = await startDovecot({ tls: true });
  await server.seed("INBOX", [
    { body: "Subject: first\n\nFirst\n", flags: "S" },
    "Subject: second\n\nSecond\n",
  ]);
  await server.seed("Work/Über", ["Subject: third\n\nThird\n"]);
  const configure = (authority: string) =>
    home.configure(formatConfig(
      home,
      { ...server, port: server.tlsPort },
      {
        general: SANDBOX,
        remote: {
          remotehost: "localhost",
          ssl: true,
          sslcacertfile: authority,
        },
      },
    ));

  configure(made.strangerCa);
  const { code } = await home.run(["-o", "-c", home.config]);
  assert.equal(code, 1);
  assert.deepEqual(home.tree.contents(), new Map());

  configure(made.ca);
  const log = join(home.path, "trace");
  await home.sync(hasStrace() ? traced(log) : []);
  if (hasStrace()) {
    assert.deepEqual(reached(Deno.readTextFileSync(log)), {
      addresses: [`127.0.0.1:${server.tlsPort}`],
      programs: [home.program],
    });
  }
  const inStep = async () =>
    assertInStep(home.tree.contents(), await dovecotContents(server));
  await inStep();

  home.tree.deliver("Work/Über", UP, "S");
  await server.seed("INBOX", [DOWN]);
  const first = ["-u", server.user, "\\Flagged", "mailbox", "INBOX", "1"];
  await server.doveadm("flags", "add", ...first);
  Deno.removeSync(home.tree.find("second").path);
  await home.sync();
  await inStep();
  home.tree.find("up", "Work/Über");
  assert.match(home.tree.find("first", "INBOX").name, /[:!]2,FS$/);
  assert.throws(() => home.tree.find("second"));

  const before = home.tree.snapshot();
  await home.sync();
  assert.deepEqual(home.tree.snapshot(), before);
}

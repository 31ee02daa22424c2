/** Accounts between two Dovecots: the real OfflineIMAP and ours end the same. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { dovecotContents, labelOf } from "../support/contents.ts";
import { type Dovecot, startDovecot } from "../support/dovecot.ts";
import { openProgram, type Program } from "../support/program.ts";
import type { ConfigOptions } from "../support/program_config.ts";
import { mail } from "../support/two_servers.ts";
import { differentialTest } from "./support.ts";

/** Two servers with mail, and a home. */
interface Play {
  readonly there: Dovecot;
  readonly here: Dovecot;
  readonly program: Program;
}

type Step = "theirs" | "ours" | ((play: Play) => Promise<unknown>);

async function offlineimap({ program }: Play): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command("offlineimap", {
    args: ["-c", program.configFile, "-o", "-u", "basic"],
    env: { HOME: dirname(program.configFile) },
  }).output();
  const text = new TextDecoder();
  assert.ok(success, text.decode(stdout) + text.decode(stderr));
}

async function ours({ program }: Play): Promise<void> {
  const { code, output } = await program.sync();
  assert.equal(code, 0, output);
}

/** What a server holds, as `label flags` by mailbox. */
async function wordsOf(server: Dovecot): Promise<Record<string, string[]>> {
  return Object.fromEntries(
    [...await dovecotContents(server)].map(([name, mails]) =>
      [
        name,
        mails.map(({ body, flags }) => [labelOf(body), ...flags].join(" "))
          .sort(),
      ] as const
    ).sort(),
  );
}

/** Plays steps from the same beginning. */
async function outcome(config: ConfigOptions, steps: readonly Step[]) {
  await using there = await startDovecot();
  await using here = await startDovecot();
  await there.seed("INBOX", [
    { body: mail("a"), flags: "S" },
    ...["b", "c", "d", "e"].map((label) => ({ body: mail(label) })),
  ]);
  await there.seed("Work", [{ body: mail("w"), flags: "F" }]);
  await here.seed("INBOX", [{ body: mail("l") }]);
  await here.seed("Private", [{ body: mail("p"), flags: "S" }]);
  await using program = openProgram({
    server: there,
    localServer: here,
    ...config,
    account: { utf8foldernames: false, ...config.account },
    remote: { auth_mechanisms: "PLAIN", ...config.remote },
    local: { auth_mechanisms: "PLAIN", ...config.local },
  });
  const play = { there, here, program };
  for (const step of steps) {
    if (step === "theirs") await offlineimap(play);
    else if (step === "ours") await ours(play);
    else await step(play);
  }
  return { there: await wordsOf(there), here: await wordsOf(here) };
}

async function edit({ there, here }: Play): Promise<void> {
  const on = (server: Dovecot, command: string[], label: string) =>
    server.doveadm(
      ...[...command.slice(0, 1), "-u", server.user, ...command.slice(1)],
      ...["mailbox", "INBOX", "HEADER", "Subject", label],
    );
  await on(there, ["expunge"], "b");
  await on(here, ["expunge"], "c");
  await there.doveadm(
    ...["flags", "add", "-u", there.user, "\\Flagged"],
    ...["mailbox", "INBOX", "HEADER", "Subject", "a"],
  );
  await here.doveadm(
    ...["flags", "add", "-u", here.user, "\\Seen"],
    ...["mailbox", "INBOX", "HEADER", "Subject", "d"],
  );
  await there.seed("INBOX", [{ body: mail("new-there") }]);
  await here.seed("INBOX", [{ body: mail("new-here"), flags: "S" }]);
}

const CONFIGS: readonly [string, ConfigOptions][] = [
  ["nothing said", {}],
  ["nametrans on both sides", {
    remote: { nametrans: "lambda f: f if f == 'INBOX' else 'far-' + f" },
    local: {
      nametrans: "lambda f: re.sub('^far-', '', f)",
      // It would come back as far-Private.
      folderfilter: "lambda f: f != 'Private'",
    },
  }],
  ["folderfilter", { remote: { folderfilter: "lambda f: f == 'INBOX'" } }],
  ["sync_deletes = no on the local side", { local: { sync_deletes: false } }],
  ["a read-only remote side", { remote: { readonly: true } }],
];

for (const [name, config] of CONFIGS) {
  differentialTest(
    `Between two servers OfflineIMAP, ours, and ours after OfflineIMAP end the same: ${name}`,
    async () => {
      const theirs = await outcome(config, ["theirs", edit, "theirs"]);
      const alone = await outcome(config, ["ours", edit, "ours"]);
      const after = await outcome(config, ["theirs", edit, "ours", "ours"]);
      assert.deepEqual(alone, theirs);
      assert.deepEqual(after, theirs);
    },
  );
}

differentialTest(
  "Nothing is copied again between two servers after OfflineIMAP",
  async () => {
    const files = new Map<string, string[]>();
    await outcome({}, ["theirs", ({ program }) => {
      for (const path of mapsOf(program)) {
        files.set(path, linesOf(path));
      }
      return Promise.resolve();
    }, async ({ program }) => {
      const { code, events, output } = await program.sync();
      assert.equal(code, 0, output);
      assert.equal(
        events.filter(({ type }) => type === "message.copied").length,
        0,
      );
    }, () => {
      for (const [path, lines] of files) {
        assert.deepEqual(linesOf(path), lines);
      }
      return Promise.resolve();
    }]);
    assert.ok(files.size > 0);
  },
);

/** OfflineIMAP's threads write them in whatever order they end. */
function linesOf(path: string): string[] {
  return Deno.readTextFileSync(path).split("\n").sort();
}

function mapsOf({ metadata }: Program): string[] {
  const folder = join(metadata, "Repository-here", "UIDMapping");
  return [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name));
}

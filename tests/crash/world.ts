/** A scenario's two sides, as often as they are wanted. */
import assert from "node:assert/strict";
import { statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Contents, serverContents } from "../support/contents.ts";
import {
  type ImapServer,
  startImapServer,
} from "../support/imap_server/mod.ts";
import {
  ACCOUNT,
  openProgram,
  type Program,
  stateFolder,
  type Synced,
} from "../support/program.ts";
import {
  describe,
  editServer,
  editTree,
  flagsOf,
  messageOf,
  parseMessage,
  type Scenario,
  sorted,
} from "./scenario.ts";

/** A server and the program's home, ready for the run. */
export interface World extends AsyncDisposable {
  readonly scenario: Scenario;
  readonly server: ImapServer;
  readonly program: Program;
}

/** Where homes are made: a disk that is none makes syncing it free of charge. */
const WITHIN = memoryDisk(32 * 2 ** 20);

/** A disk in memory with that much room, where there is one. */
export function memoryDisk(neededBytes: number): string | undefined {
  const path = "/dev/shm";
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize >= neededBytes ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Everything up to the run, done once; {@link open} gives a copy of it. */
export class Prepared implements AsyncDisposable {
  constructor(readonly scenario: Scenario, readonly original: Program) {}

  /** A copy of the files, and a server with the same history. */
  async open(): Promise<World> {
    const { scenario, original } = this;
    const server = startServer(scenario);
    for (const edit of scenario.server ?? []) editServer(server, edit);
    const program = homeOf(scenario, server);
    for (const part of ["mail", "metadata"]) {
      await copyTree(join(original.home, part), join(program.home, part));
    }
    return worldOf(scenario, server, program);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.original[Symbol.asyncDispose]();
  }
}

/** Brings both sides to where the scenario begins. */
export async function prepare(scenario: Scenario): Promise<Prepared> {
  await using server = startServer(scenario);
  const program = homeOf(scenario, server);
  try {
    if (scenario.base !== undefined) await agree(scenario, server, program);
    Deno.mkdirSync(program.mail, { recursive: true });
    for (const edit of scenario.local ?? []) editTree(program.tree, edit);
    return new Prepared(scenario, program);
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

function startServer({ profile, base = {} }: Scenario): ImapServer {
  return startImapServer({
    ...(profile === undefined ? {} : { profile }),
    mailboxes: Object.entries({ INBOX: [], ...base }).map(
      ([name, texts]) => ({
        name,
        messages: texts.map((text) => {
          const { label, letters } = parseMessage(text);
          return {
            source: messageOf(label),
            flags: flagsOf(letters),
            internalDate: new Date("2026-11-02T09:00:00Z"),
          };
        }),
      }),
    ),
  });
}

function homeOf({ config }: Scenario, server: ImapServer): Program {
  return openProgram({
    server,
    ...(WITHIN === undefined ? {} : { within: WITHIN }),
    ...config,
  });
}

function worldOf(
  scenario: Scenario,
  server: ImapServer,
  program: Program,
): World {
  return {
    scenario,
    server,
    program,
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Both sides hold the same and the status knows it, since long. */
async function agree(
  scenario: Scenario,
  server: ImapServer,
  program: Program,
): Promise<void> {
  // Filters are for the run to come.
  const { config = {} } = scenario;
  const { local = {} } = config;
  program.configure({ general: {}, account: {}, remote: {}, local });
  assert.equal((await program.sync()).code, 0);
  // Directories that changed just now would be looked at again anyway.
  age(program.mail);
  program.configure();
  assert.equal((await program.sync()).code, 0);
  if (scenario.legacy === true) becomeLegacy(program, server);
}

/** Sets the times of all directories back by an hour. */
export function age(path: string): void {
  for (const { name, isDirectory } of Deno.readDirSync(path)) {
    if (isDirectory) age(join(path, name));
  }
  const then = Date.now() / 1000 - 3600;
  Deno.utimeSync(path, then, then);
}

/** Puts OfflineIMAP's metadata in the place of ours. */
function becomeLegacy(program: Program, server: ImapServer): void {
  Deno.removeSync(stateFolder(program), { recursive: true });
  Deno.removeSync(join(program.mail, ".offlineimap-maildir"));
  const write = (path: string, text: string) => {
    const file = join(program.metadata, path);
    Deno.mkdirSync(dirname(file), { recursive: true });
    Deno.writeTextFileSync(file, text);
  };
  for (const name of server.mailboxNames()) {
    const mailbox = server.mailbox(name);
    const file = name.replaceAll("/", ".");
    const rows = program.tree.files(name).map(({ name }) => {
      const uid = /,U=(\d+)/.exec(name)?.[1] ?? "";
      const letters = /[:!]2,(\w*)/.exec(name)?.[1] ?? "";
      return `${uid}|${letters}|0|\n`;
    });
    write(
      `Account-${ACCOUNT}/LocalStatus/${file}`,
      "OFFLINEIMAP LocalStatus CACHE DATA - DO NOT MODIFY - FORMAT 2\n" +
        rows.join(""),
    );
    write(
      `Repository-there/FolderValidity/${file}`,
      `${mailbox.uidValidity}\n`,
    );
    write(`Repository-here/FolderValidity/${file}`, "42\n");
  }
}

/** A copy with all times, which tokens are made of. */
async function copyTree(from: string, to: string): Promise<void> {
  try {
    await Deno.lstat(from);
  } catch {
    return;
  }
  const { success } = await new Deno.Command("cp", {
    args: ["-a", from, to],
  }).output();
  if (!success) throw new Error(`Cannot copy ${from}`);
}

/** Both sides are what the scenario says, byte by byte. */
export function assertOutcome({ scenario, server, program }: World): void {
  const remote = serverContents(server);
  const local = program.tree.contents();
  const { after } = scenario;
  const [onServer, inMaildir] = isApart(after)
    ? [after.onServer, after.inMaildir]
    : [after, after];
  assert.deepEqual(
    { onServer: describe(remote), inMaildir: describe(local) },
    { onServer: sorted(onServer), inMaildir: sorted(inMaildir) },
  );
  for (const side of [remote, local]) assertBytes(side);
}

function isApart(
  after: Scenario["after"],
): after is Extract<Scenario["after"], { readonly onServer: unknown }> {
  return "onServer" in after;
}

/** Every message is what its label says. */
function assertBytes(contents: Contents): void {
  for (const { body } of [...contents.values()].flat()) {
    const subject = /Subject: (\S+)/.exec(new TextDecoder().decode(body))?.[1];
    assert.deepEqual([...body], [...messageOf(subject ?? "")], subject);
  }
}

/** What tells of a transfer or change. */
const DEEDS: ReadonlySet<string> = new Set([
  "message.copied",
  "messages.flagged",
  "messages.deleted",
  "messages.moved",
  "mailbox.created",
]);

const WRITES =
  /^file (create|write|rename|remove|mkdir|copy|utime)|^imap (APPEND|CREATE|UID (STORE|EXPUNGE|MOVE|COPY)|EXPUNGE)/;

/** What a run transferred or changed; empty for a run that found nothing to do. */
export function deedsOf({ events, steps }: Synced): string[] {
  return [
    ...events.filter(({ type }) => DEEDS.has(type)).map((event) =>
      JSON.stringify(event)
    ),
    ...steps.filter((step) => WRITES.test(step)),
  ];
}

/** One more run changes nothing on either side. */
export async function assertIdle(world: World): Promise<void> {
  const { program, server, scenario } = world;
  const marks = () => [
    ...program.tree.snapshot(),
    ...server.mailboxNames().map((name) =>
      `${name} ${server.mailbox(name).highestModSeq}`
    ),
  ];
  const before = marks();
  const idle = await program.sync({ args: scenario.args ?? [] });
  assert.equal(idle.code, 0, idle.output);
  assert.deepEqual(deedsOf(idle), [], "a second run has nothing to do");
  assert.deepEqual(marks(), before);
}

/** One copy of everything: a user's mail on the server, a Maildir, metadata. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Dovecot } from "../support/dovecot.ts";
import {
  readMaildir,
  seedMaildir,
  type SeedMessage,
} from "../support/dovecot_maildir.ts";
import { labelOf } from "../support/contents.ts";
import { ACCOUNT, type Ended, Program } from "../support/program.ts";
import type { ConfigOptions } from "../support/program_config.ts";
import { textOf } from "./mail.ts";
import { localLines, serverLines, type TreeOptions } from "./lines.ts";

/**
 * A configuration: options by section, and more sections as text. In both
 * `{user}`, `{home}` and `{port}` are replaced; an empty option is left out.
 */
export interface Options extends ConfigOptions {
  /** Added at the end. */
  readonly more?: string;
}

/** Commands by which a program changes a mailbox or fetches mail. */
const MOVING =
  /^(?:UID )?(?:APPEND|STORE|EXPUNGE|COPY|MOVE|CREATE|DELETE|RENAME)\b|BODY(?:\.PEEK)?\[\]/i;

/** OfflineIMAP can wait for its own threads for ever, deaf to SIGTERM. */
const THEIR_LIMIT_MS = 60_000;

/** A user's world. */
export class World {
  #program: Program;

  private constructor(
    readonly server: Dovecot,
    readonly user: string,
    readonly home: string,
    options: Options,
  ) {
    this.#program = this.#programOf(options);
  }

  static async open(
    server: Dovecot,
    user: string,
    home: string,
    options: Options,
  ): Promise<World> {
    const world = new World(server, user, home, options);
    await Deno.mkdir(world.#rawLogs, { recursive: true });
    await server.own(dirname(world.#rawLogs));
    return world;
  }

  get mail(): string {
    return this.#program.mail;
  }

  get metadata(): string {
    return this.#program.metadata;
  }

  /** The Maildir as a mail program sees it. */
  get tree() {
    return this.#program.tree;
  }

  get #rawLogs(): string {
    return join(dirname(this.server.mailRootOf(this.user)), "rawlog");
  }

  /** Writes another configuration. */
  configure(options: Options): void {
    this.#program = this.#programOf(options);
  }

  #programOf(options: Options): Program {
    const { server, user, home } = this;
    const program = new Program(home, {
      ...options,
      server: { port: server.port, user, password: server.password },
      account: { utf8foldernames: false, ...options.account },
      local: { sep: ".", ...options.local },
    });
    const places: Record<string, string> = {
      user,
      home,
      port: String(server.port),
    };
    const text = Deno.readTextFileSync(program.configFile)
      .replaceAll(/^\w+ = \n/gm, "") + (options.more ?? "");
    Deno.writeTextFileSync(
      program.configFile,
      text.replaceAll(/\{(user|home|port)\}/g, (_, name) => places[name] ?? ""),
    );
    return program;
  }

  /** One run of the real OfflineIMAP. */
  async theirs(...args: string[]): Promise<Ended> {
    const child = new Deno.Command("offlineimap", {
      args: ["-c", this.#program.configFile, ...args],
      env: { HOME: this.home },
      cwd: this.home,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const limit = AbortSignal.timeout(THEIR_LIMIT_MS);
    const kill = () => child.kill("SIGKILL");
    limit.addEventListener("abort", kill);
    const { code, signal, stdout, stderr } = await child.output();
    limit.removeEventListener("abort", kill);
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    const ended = { code, signal, stdout: text(stdout), stderr: text(stderr) };
    if (limit.aborted) {
      throw new Error(`OfflineIMAP hung: ${ended.stdout}${ended.stderr}`);
    }
    return ended;
  }

  /** One run of ours. */
  async ours(...args: string[]): Promise<Ended> {
    return await this.#program.run({ args });
  }

  /** One run of ours by another entry: one that is killed, or that is traced. */
  async oursBy(url: string, ...args: string[]): Promise<Ended> {
    return await this.#program.run({ entry: { url, args } });
  }

  /** Makes this world equal to `other`, except for the configuration. */
  async become(other: World): Promise<void> {
    const mailRoot = this.server.mailRootOf(this.user);
    await copyTree(other.server.mailRootOf(other.user), mailRoot);
    for (const name of ["mail", "metadata"]) {
      await copyTree(join(other.home, name), join(this.home, name));
    }
  }

  /** Puts a message into the Maildir as a mail program does, see {@link deliveredName}. */
  deliver(folder: string, label: string, letters = "", text?: string): void {
    const where = letters === "" ? "new" : "cur";
    const path = join(this.mail, folder, where, deliveredName(label, letters));
    Deno.writeTextFileSync(path, textOf(label, text));
    Deno.utimeSync(path, DELIVERED_S, DELIVERED_S);
  }

  /** Puts messages into a folder of the server, which is made if it is not there. */
  async seed(
    folder: string,
    messages: readonly SeedMessage[],
  ): Promise<void> {
    const root = this.server.mailRootOf(this.user);
    await seedMaildir(root, folder, messages);
    await this.server.own(root);
  }

  /** `doveadm` for this user: `COMMAND -u USER REST…`. */
  async doveadm(command: string, ...rest: string[]): Promise<string> {
    return await this.server.doveadm(
      ...command.split(" "),
      "-u",
      this.user,
      ...rest,
    );
  }

  /** Adds or removes flags on the server, as another client would. */
  async mark(
    how: "add" | "remove",
    flags: string,
    folder: string,
    label: string,
  ): Promise<void> {
    await this.doveadm(`flags ${how}`, flags, ...searchFor(folder, label));
  }

  /** Deletes a message on the server for good. */
  async expunge(folder: string, label: string): Promise<void> {
    await this.doveadm("expunge", ...searchFor(folder, label));
  }

  /** The UIDs and bytes of a mailbox as the server has them. */
  async stored(folder: string) {
    const root = this.server.mailRootOf(this.user);
    const messages = await readMaildir(root, folder);
    return messages.map(({ uid, body }) => ({
      uid,
      body,
      label: labelOf(body),
    }));
  }

  /** All that is to be compared: Maildir and server. */
  async lines(options: TreeOptions = {}): Promise<string[]> {
    return [
      ...localLines(this.tree, options),
      ...await serverLines(this.server, this.user, options),
    ];
  }

  /** Forgets the commands of sessions so far. */
  async clearCommands(): Promise<void> {
    for await (const { name } of Deno.readDir(this.#rawLogs)) {
      await Deno.remove(join(this.#rawLogs, name));
    }
  }

  /** Commands of all IMAP sessions, without their tags. */
  async commands(): Promise<string[]> {
    const commands: string[] = [];
    for await (const { name } of Deno.readDir(this.#rawLogs)) {
      if (!name.endsWith(".in")) continue;
      const text = await Deno.readTextFile(join(this.#rawLogs, name));
      for (const line of text.split("\n")) {
        const command = /^\d+\.\d+ \w+ (.*?)\r?$/.exec(line)?.[1];
        if (command !== undefined) commands.push(command);
      }
    }
    return commands;
  }

  /** Commands that fetched a message or changed anything. */
  async transfers(): Promise<string[]> {
    return (await this.commands()).filter((command) => MOVING.test(command));
  }

  /** OfflineIMAP's status database of a folder. */
  statusFile(name: string): string {
    return join(
      this.metadata,
      `Account-${ACCOUNT}`,
      "LocalStatus-sqlite",
      name,
    );
  }

  /** Where OfflineIMAP keeps a folder's UIDVALIDITY. */
  validityFile(name: string): string {
    return join(this.metadata, "Repository-there", "FolderValidity", name);
  }
}

/** When mail programs deliver, in seconds since the epoch. */
const DELIVERED_S = 1_777_000_000;

/** The file name of a message that a mail program delivered. */
export function deliveredName(label: string, letters = ""): string {
  const unique = `${DELIVERED_S}.${label}.mua`;
  return letters === "" ? unique : `${unique}:2,${letters}`;
}

function searchFor(folder: string, label: string): string[] {
  return ["mailbox", folder, "header", "subject", label];
}

/** Copies a folder with all that belongs to its files (owner, times, mode), if it is there. */
async function copyTree(from: string, to: string): Promise<void> {
  await Deno.remove(to, { recursive: true }).catch(() => {});
  if (!existsSync(from)) return;
  const { success, stderr } = await new Deno.Command("cp", {
    args: ["-a", from, to],
    stdout: "null",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

/** Two scripted servers and the program between them. */
import assert from "node:assert/strict";
import { labelOf, serverContents } from "./contents.ts";
import {
  type ImapServer,
  type ImapServerOptions,
  startImapServer,
} from "./imap_server/mod.ts";
import { openProgram, type Program, type Synced } from "./program.ts";
import type { ConfigOptions } from "./program_config.ts";

/** Messages by mailbox as `label flags`, sorted. */
export type Words = Record<string, string[]>;

/** When all messages of {@link seed} were received. */
export const DATE = new Date("2019-03-04T05:06:07Z");

/** The remote server, the local one, and a home for the program. */
export class TwoServers implements AsyncDisposable {
  readonly there: ImapServer;
  readonly here: ImapServer;
  readonly program: Program;

  constructor(
    there: ImapServerOptions = {},
    here: ImapServerOptions = {},
    config: ConfigOptions & { readonly within?: string } = {},
  ) {
    this.there = startImapServer(there);
    // UIDs of the two sides that mean the same would hide a mistake.
    this.here = startImapServer({
      ...here,
      mailboxes: (here.mailboxes ?? [{ name: "INBOX" }]).map((mailbox) => ({
        ...mailbox,
        ...mailbox.messages === undefined ? { uidNext: 101 } : {},
      })),
    });
    this.program = openProgram({
      server: this.there,
      localServer: this.here,
      ...config,
    });
  }

  /** Both servers. */
  get servers(): readonly ImapServer[] {
    return [this.there, this.here];
  }

  /** A sync that must end well. */
  async sync(...args: string[]): Promise<Synced> {
    const synced = await this.program.sync({ args });
    assert.equal(synced.code, 0, synced.output);
    return synced;
  }

  /** What both hold. */
  get both(): { there: Words; here: Words } {
    return { there: wordsOf(this.there), here: wordsOf(this.here) };
  }

  /** Both hold this and one more sync changes nothing. */
  async settledAs(words: Words): Promise<void> {
    assert.deepEqual(this.both, { there: words, here: words });
    const marks = () =>
      this.servers.map((server) =>
        server.mailboxNames().map((name) => server.mailbox(name).highestModSeq)
      );
    const before = marks();
    await this.sync();
    assert.deepEqual(marks(), before, "nothing was left to do");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    for (const server of this.servers) await server[Symbol.asyncDispose]();
  }
}

/** What a server holds. */
export function wordsOf(server: ImapServer): Words {
  return Object.fromEntries(
    [...serverContents(server)].map(([name, mails]): [string, string[]] => [
      name,
      mails.map(({ body, flags }) => [labelOf(body), ...flags].join(" "))
        .sort(),
    ]).sort(),
  );
}

/** The message of a label, always the same. */
export function mail(label: string): string {
  return `From: ada@example.org\r\nMessage-ID: <${label}@example.org>\r\n` +
    `Subject: ${label}\r\n\r\nText of ${label}.\r\n`;
}

/** A message to start with. */
export function seed(label: string, ...flags: string[]) {
  return { source: mail(label), flags, internalDate: DATE };
}

/** The UID of a message. */
export function uidOf(
  server: ImapServer,
  mailbox: string,
  label: string,
): number {
  const found = server.mailbox(mailbox).messages()
    .find(({ source }) => labelOf(source) === label);
  assert.ok(found !== undefined, `${label} in ${mailbox}`);
  return found.uid;
}

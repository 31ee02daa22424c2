/** A scripted server with some mail and the program beside it. */
import {
  type ImapServer,
  type ImapServerOptions,
  type MessageSeed,
  startImapServer,
} from "../support/imap_server/mod.ts";
import {
  openProgram,
  type Program,
  type ProgramOptions,
} from "../support/program.ts";
import { assertInStep, serverContents } from "../support/contents.ts";

/** A message by its subject. */
export function mail(label: string, body = "Hello.\n"): string {
  return `From: ada@example.org\nTo: bob@example.org\nSubject: ${label}\n` +
    `Message-ID: <${label}@example.org>\n\n${body}`;
}

/** The same with CRLF, as a server has it. */
export function wire(label: string, body?: string): string {
  return mail(label, body).replaceAll("\n", "\r\n");
}

/** `count` messages called `prefix-0` and so on. */
export function mails(
  count: number,
  prefix = "m",
  flags: readonly string[] = ["\\Seen"],
): MessageSeed[] {
  return Array.from({ length: count }, (_, at) => ({
    source: wire(`${prefix}-${at}`),
    flags,
  }));
}

/** Both sides of a test; stops and removes everything when disposed of. */
export interface Pair extends AsyncDisposable {
  readonly server: ImapServer;
  readonly program: Program;
}

/** Starts a server and makes a home for the program. */
export function openPair(
  server: ImapServerOptions = {},
  program: Partial<ProgramOptions> = {},
): Pair {
  const started = startImapServer({
    mailboxes: [{ name: "INBOX", messages: mails(3) }],
    ...server,
  });
  const opened = openProgram({ server: started, ...program });
  return {
    server: started,
    program: opened,
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await started.stop();
    },
  };
}

/** Both sides are equal and hold exactly these messages, once each. */
export function assertBoth(
  { server, program }: Pair,
  exactly?: Iterable<string>,
): void {
  assertInStep(
    program.tree.contents(),
    serverContents(server),
    exactly === undefined ? {} : { exactly },
  );
}

/** Commands that change the server, in their order. */
export function writes(server: ImapServer): string[] {
  return server.log.names().filter((name) =>
    /^(UID )?(APPEND|STORE|EXPUNGE|COPY|MOVE|CREATE|DELETE|RENAME)$/.test(name)
  );
}

/** The power is back: the next sync, and what it must have led to. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  type Contents,
  labelOf,
  linesOf,
  serverContents,
  withCrlf,
} from "../support/contents.ts";
import type { ImapServer, MailImage } from "../support/imap_server/mod.ts";
import type { MailFile } from "../support/maildir_tree.ts";
import type { Program } from "../support/program.ts";
import { contentsOf, type Deed, shows, type View, viewOf } from "./deeds.ts";
import { textOf } from "./mail.ts";

/** What was so before the run, and what the run was to carry over. */
export interface Expectation {
  /** Where every message was when both sides were last in step. */
  readonly base: View;
  /** The server's mail when the run began. */
  readonly mail: MailImage;
  readonly deeds: readonly Deed[];
}

/**
 * Syncs after a power cut and checks that nothing is lost, torn, doubled or
 * undone: every message is on both sides, whole, where it was or where a user
 * had put it. A deed that neither disk nor server show any more did not happen.
 *
 * @throws {Error} Whatever is not as it must be.
 */
export async function recover(
  program: Program,
  server: ImapServer,
  expectation: Expectation,
): Promise<void> {
  const there = viewOf(serverContents(server));
  forgetTorn(program, there, expectation.deeds);
  const here = viewOf(localContents(program));
  const expected = new Map(expectation.base);
  for (const deed of expectation.deeds) {
    const happened = deed.on === "remote" || shows(here, deed) ||
      shows(there, deed);
    const place = happened ? deed.after : deed.before;
    expected.set(deed.label, place === undefined ? [] : [place]);
  }

  await sync(program);

  const lines = linesOf(contentsOf(expected));
  assert.deepEqual(
    linesOf(withoutEmpty(localContents(program))),
    lines,
    "Maildir",
  );
  assert.deepEqual(
    linesOf(withoutEmpty(serverContents(server))),
    lines,
    "server",
  );
  checkUntouched(server, expectation);
  checkTimes(program, server, expectation.deeds);
  await checkIdle(program, server);
}

async function sync(program: Program): Promise<void> {
  const { code, output } = await program.sync();
  assert.equal(code, 0, output);
}

function localContents(program: Program): Contents {
  return program.tree.contents();
}

function withoutEmpty(contents: Contents): Contents {
  return new Map([...contents].filter(([, mails]) => mails.length > 0));
}

/**
 * A mail program that does not sync what it writes may lose it, or half of it:
 * such a file is the user's loss and goes away, unless the server got it.
 *
 * @throws {Error} A file is torn that the sync wrote or sent.
 */
function forgetTorn(
  { tree }: Program,
  there: View,
  deeds: readonly Deed[],
): void {
  const torn = tree.folders().flatMap((name) => tree.files(name)).filter(
    ({ path }) => {
      const bytes = Deno.readFileSync(path);
      const whole = new TextEncoder().encode(textOf(labelOf(bytes)));
      return Buffer.compare(withCrlf(bytes), withCrlf(whole)) !== 0;
    },
  );
  for (const file of torn) {
    const deed = deedOf(file, deeds);
    assert.ok(deed !== undefined, `Torn: ${file.path}`);
    assert.ok(!there.has(deed.label), `Torn after its upload: ${file.path}`);
    Deno.removeSync(file.path);
  }
}

function deedOf({ name }: MailFile, deeds: readonly Deed[]): Deed | undefined {
  return deeds.find(({ unique }) =>
    unique !== undefined && name.startsWith(unique)
  );
}

/** Messages that nobody touched are the very same ones on the server. */
function checkUntouched(
  server: ImapServer,
  { mail, deeds }: Expectation,
): void {
  const touched = new Set(deeds.map(({ label }) => label));
  for (const { name, messages, uidValidity } of mail.mailboxes) {
    const mailbox = server.mailbox(name);
    assert.equal(mailbox.uidValidity, uidValidity);
    for (const { uid, modSeq, source } of messages) {
      const label = labelOf(source);
      if (touched.has(label)) continue;
      assert.equal(mailbox.message(uid)?.modSeq, modSeq, `${label} on server`);
    }
  }
  if (deeds.length > 0) return;
  assert.deepEqual(
    server.mailboxNames(),
    mail.mailboxes.map(({ name }) => name).sort(),
  );
}

/** A file's time is when the server received the message. */
function checkTimes(
  { tree }: Program,
  server: ImapServer,
  deeds: readonly Deed[],
): void {
  const mine = new Set(
    deeds.filter(({ on }) => on === "local").map(({ label }) => label),
  );
  for (const name of tree.folders()) {
    const dates = new Map(
      server.mailbox(name).messages().map((
        { source, internalDate },
      ) => [labelOf(source), internalDate]),
    );
    for (const { path } of tree.files(name)) {
      const label = labelOf(Deno.readFileSync(path));
      if (mine.has(label)) continue;
      const seconds = (date?: Date | null) =>
        Math.floor((date?.getTime() ?? 0) / 1000);
      assert.equal(
        seconds(Deno.statSync(path).mtime),
        seconds(dates.get(label)),
        `Time of ${label}`,
      );
    }
  }
}

/** One more run finds nothing to do. */
async function checkIdle(program: Program, server: ImapServer): Promise<void> {
  const numbers = () =>
    server.mailboxNames().map((name) =>
      `${name} ${server.mailbox(name).highestModSeq}`
    );
  const before = [numbers(), program.tree.snapshot()];

  await sync(program);

  assert.deepEqual([numbers(), program.tree.snapshot()], before, "not idle");
}

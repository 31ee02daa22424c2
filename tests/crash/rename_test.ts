/** A mail program renames and removes files that a run is just busy with. */
import assert from "node:assert/strict";
import { assertInStep, serverContents } from "../support/contents.ts";
import { startImapServer } from "../support/imap_server/mod.ts";
import { openProgram } from "../support/program.ts";
import { fileOf, messageOf } from "./scenario.ts";
import { deedsOf } from "./world.ts";

const LABELS = ["a", "b", "c"];

/** The rename comes before the effect itself, or at the next turn of the loop. */
const MOMENTS = {
  "before": (rename: () => void) => rename(),
  "right after": (rename: () => void) => void setTimeout(rename, 0),
} as const;

/**
 * Both sides hold the same and nothing tells the program so, as after a crash;
 * at the k-th effect a file moves from `new/` to `cur/`.
 *
 * @returns false when the run had fewer effects.
 */
async function renameAt(
  k: number,
  moment: keyof typeof MOMENTS,
  profile: "dovecot" | "bare",
): Promise<boolean> {
  await using server = startImapServer({
    profile,
    mailboxes: [{ name: "INBOX", messages: LABELS.map(messageOf) }],
  });
  await using program = openProgram({ server });
  await program.sync();
  Deno.removeSync(program.metadata, { recursive: true });
  let steps = 0;
  await program.sync({
    step: () => {
      if (++steps !== k) return;
      MOMENTS[moment](() =>
        program.tree.setLetters(program.tree.find("b"), "FR")
      );
    },
  });
  if (steps < k) return false;
  const { code, output } = await program.sync();
  assert.equal(code, 0, output);
  assertInStep(program.tree.contents(), serverContents(server), {
    exactly: LABELS,
    message: `at effect ${k}`,
  });
  assert.deepEqual(deedsOf(await program.sync()), []);
  return true;
}

for (const profile of ["dovecot", "bare"] as const) {
  for (const moment of ["before", "right after"] as const) {
    Deno.test(`The program recognises a file that is renamed ${moment} any effect, on a server like ${profile}`, async () => {
      let k = 1;
      while (await renameAt(k, moment, profile)) k++;
      assert.ok(k > 5, "there are effects");
    });
  }
}

Deno.test("The program notes all uploads but that of a file which is gone before it is found again", async () => {
  await using server = startImapServer({
    profile: "bare",
    mailboxes: [{ name: "INBOX" }],
  });
  await using program = openProgram({ server });
  program.tree.create("INBOX");
  for (const label of LABELS) program.tree.deliver("INBOX", fileOf(label));
  const inbox = server.mailbox("INBOX");
  let gone = false;
  const first = await program.sync({
    step: (_, name) => {
      // All are sent, the files were read: now it asks for the messages.
      if (gone || inbox.count < LABELS.length || name !== "UID FETCH") return;
      gone = true;
      program.tree.remove(program.tree.find("a"));
    },
  });
  assert.ok(gone);
  assert.equal(first.code, 1);
  assert.equal(first.output.split("Copy message").length - 1, 2);
  // It is on the server by now, so it comes back; the others are known.
  const second = await program.sync();
  assert.equal(second.code, 0, second.output);
  assert.equal(second.output.split("Copy message").length - 1, 1);
  assertInStep(program.tree.contents(), serverContents(server), {
    exactly: LABELS,
  });
  assert.deepEqual(deedsOf(await program.sync()), []);
});

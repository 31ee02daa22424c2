import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openState } from "../../../src/state/mod.ts";
import { contents, Place } from "./support.ts";

const LOOP = new URL("./commit_loop.ts", import.meta.url);
const ROUNDS = 6;

/** Runs the loop until it acknowledged `count` commits more, then kills it. */
async function killAfter(file: string, count: number): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", LOOP.pathname, file],
    stdout: "piped",
  }).spawn();
  let text = "";
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  while (text.split("\n").length <= count) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The loop ended by itself after: ${text}`);
    text += value;
  }
  child.kill("SIGKILL");
  // What it said before it died counts too.
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  await child.status;
  return Number(text.slice(0, text.lastIndexOf("\n")).split("\n").at(-1));
}

Deno.test({
  name:
    "MailboxState.commit() has kept every acknowledged commit, whole, when the process is killed",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    using place = new Place();
    for (let round = 0; round < ROUNDS; round++) {
      const acknowledged = await killAfter(place.file, 7 + 13 * round);
      using state = openState({ file: place.file, fsync: true });
      const inbox = state.mailbox("INBOX", "INBOX");
      const made = inbox.status().size;
      assert.ok(made >= acknowledged, `${made} of ${acknowledged}`);
      const pairs = contents(inbox.load());
      assert.deepEqual(
        pairs.map(({ remote }) => remote),
        Array.from({ length: made }, (_, i) => i + 1),
      );
      assert.equal(pairs[0]?.flags, `made${made}`);
      assert.deepEqual(inbox.intents().map(({ ref }) => ref), [made]);
      state.close();
      using database = new DatabaseSync(place.file);
      const row = database.prepare("PRAGMA integrity_check").get();
      assert.deepEqual({ ...row }, { integrity_check: "ok" });
    }
  },
});

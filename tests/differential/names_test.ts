/** File names and modes of a first copy, beside those of the real OfflineIMAP. */
import assert from "node:assert/strict";
import { hostname } from "node:os";
import { MAIL, mail } from "./mail.ts";
import { differentialTest, Site } from "./support.ts";
import type { World } from "./world.ts";

const NAME = /^(\d+)_(\d+)\.(\d+)\.(.*),U=(\d+),FMD5=([0-9a-f]{32}):2,(\w*)$/;

/** What a name is made of. */
interface Parts {
  readonly time: string;
  readonly sequence: number;
  readonly pid: string;
  readonly host: string;
  readonly folder: string;
  readonly uid: number;
}

function partsOf(world: World): Parts[] {
  return world.tree.folders().flatMap((folder) =>
    world.tree.files(folder).map(({ name }) => {
      const [, time = "", sequence, pid = "", host = "", uid] =
        NAME.exec(name) ?? assert.fail(name);
      return {
        time,
        sequence: Number(sequence),
        pid,
        host,
        folder,
        uid: Number(uid),
      };
    })
  );
}

/** What holds of the names of one process, whatever the clock says. */
function assertCounted(parts: readonly Parts[]): void {
  const sequences = new Map<string, number[]>();
  for (const { time, sequence } of parts) {
    sequences.set(time, [...sequences.get(time) ?? [], sequence]);
  }
  for (const [time, found] of sequences) {
    assert.deepEqual(
      found.sort((a, b) => a - b),
      found.map((_, index) => index),
      `SEQ within ${time} counts from 0 over all folders`,
    );
  }
  assert.equal(new Set(parts.map(({ pid }) => pid)).size, 1);
  assert.deepEqual([...new Set(parts.map(({ host }) => host))], [hostname()]);
}

/** UIDs of a folder in the order of its files' names. */
function uidsByName(parts: readonly Parts[], folder: string): number[] {
  return parts.filter((part) => part.folder === folder)
    .sort((a, b) => Number(a.time) - Number(b.time) || a.sequence - b.sequence)
    .map(({ uid }) => uid);
}

/** Modes of all folders and files below the Maildir's folders. */
function modes(world: World): string[] {
  const mode = (path: string) => (Deno.statSync(path).mode ?? 0) & 0o777;
  return world.tree.folders().flatMap((folder) => [
    ...["", "/new", "/cur", "/tmp"].map((part) =>
      `${folder}${part} ${mode(`${world.mail}/${folder}${part}`).toString(8)}`
    ),
    ...world.tree.files(folder).map(({ path }) =>
      `${folder} file ${mode(path).toString(8)}`
    ),
  ]);
}

differentialTest(
  "offlineimap counts and names files as OfflineIMAP does, with the same modes",
  async () => {
    await using site = await Site.open();
    const theirs = await site.world("theirs");
    const ours = await site.world("ours");
    for (const world of [theirs, ours]) {
      for (const [folder, messages] of Object.entries(MAIL)) {
        await world.seed(folder, messages);
      }
      await world.seed(
        "Many",
        Array.from({ length: 30 }, (_, i) => mail(`m${i}`)),
      );
    }
    assert.equal((await theirs.theirs()).code, 0);
    assert.equal((await ours.ours()).code, 0);
    const parts = { theirs: partsOf(theirs), ours: partsOf(ours) };
    assert.equal(parts.ours.length, parts.theirs.length);
    assertCounted(parts.theirs);
    assertCounted(parts.ours);
    // Mail programs that sort by file name show mail as it arrived.
    assert.deepEqual(
      uidsByName(parts.ours, "Many"),
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
    assert.deepEqual(modes(ours), modes(theirs));
  },
);

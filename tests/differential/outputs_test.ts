/** What other programs read: the same from OfflineIMAP and from us. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { DovecotOptions } from "../support/dovecot.ts";
import { MAIL } from "./mail.ts";
import { differentialTest, Site } from "./support.ts";
import type { Options, World } from "./world.ts";

/** Two worlds with the same mail, each with this configuration. */
async function twins(
  options: Options,
  server: DovecotOptions = {},
): Promise<AsyncDisposable & { site: Site; theirs: World; ours: World }> {
  const site = await Site.open(server);
  const base = await site.world("base");
  for (const [folder, messages] of Object.entries(MAIL)) {
    await base.seed(folder, messages);
  }
  await base.doveadm("mailbox status", "uidvalidity", "*");
  const theirs = await site.world("theirs", options);
  const ours = await site.world("ours", options);
  await Promise.all([theirs.become(base), ours.become(base)]);
  return {
    site,
    theirs,
    ours,
    [Symbol.asyncDispose]: () => site[Symbol.asyncDispose](),
  };
}

/** A file of a world, without what differs by nature: its home. */
function read({ home }: World, path: string): string {
  return Deno.readTextFileSync(join(home, path)).replaceAll(home, "~");
}

const MBNAMES = `
[mbnames]
enabled = yes
filename = {home}/list
header = "# \\"all\\" of %%s\\t\\u00e9\\n"
peritem = "%(localfolders)s" +%(accountname)s/%(foldername)-12s|100%%
sep = "\\n"
footer = "\\n# end\\n"
folderfilter = lambda account, folder: not re.match("Dra", folder)
sort_keyfunc = lambda d: (len(d['foldername']), d['foldername'])
`;

differentialTest(
  "[mbnames] is written as OfflineIMAP writes it, byte for byte",
  async () => {
    await using both = await twins({ more: MBNAMES });
    const { theirs, ours } = both;
    for (const incremental of ["no", "yes"]) {
      const options = { more: `${MBNAMES}incremental = ${incremental}\n` };
      for (const world of [theirs, ours]) world.configure(options);
      await Promise.all([theirs.theirs("-u", "basic"), ours.ours()]);
      for (const path of ["list", "metadata/mbnames/test.json"]) {
        assert.equal(read(ours, path), read(theirs, path));
        assert.match(read(ours, path), /INBOX/);
      }
    }
  },
);

/** The lines of machineui, decoded, by their thread. */
function threadsOf(output: string): Map<string, string[]> {
  const threads = new Map<string, string[]>();
  for (const line of output.split("\n")) {
    const match = /^(msg|warn|error|critical):(\w*):([^:]*):([^:]*)$/.exec(
      line,
    );
    if (match === null) continue;
    const [, severity, command, thread = "", payload = ""] = match;
    const decoded = (text: string) =>
      decodeURIComponent(text.replaceAll("+", " "));
    const name = decoded(thread);
    const lines = threads.get(name) ?? [];
    lines.push(JSON.stringify([severity, command, decoded(payload)]));
    threads.set(name, lines);
  }
  // What ends there comes in the order in which it happened to end.
  threads.get("MainThread")?.sort();
  for (const [thread, lines] of threads) threads.set(thread, inOrder(lines));
  return threads;
}

/** Ours has several messages on their way and tells of each when it is there. */
function inOrder(lines: readonly string[]): string[] {
  const isCopy = (line = "") => line.startsWith('["msg","copyingmessage"');
  const result: string[] = [];
  for (let at = 0; at < lines.length;) {
    const start = at++;
    while (isCopy(lines[start]) && isCopy(lines[at])) at++;
    result.push(...lines.slice(start, at).sort());
  }
  return result;
}

const NAMES = {
  // OfflineIMAP's default is two here and one there.
  remote: {
    nametrans: "lambda f: {'Work': 'Arbeit'}.get(f, f)",
    maxconnections: 1,
  },
  local: { nametrans: "lambda f: {'Arbeit': 'Work'}.get(f, f)" },
};

/** What both programs say of themselves, and of what they were made from. */
function withoutBanner(lines: readonly string[]): string[] {
  return lines.filter((line) =>
    !/^\["msg","(initbanner","OfflineIMAP |","imap)/.test(line)
  );
}

differentialTest(
  "-u machineui tells the same events in each thread as OfflineIMAP",
  async () => {
    await using both = await twins(NAMES);
    const { theirs, ours } = both;
    const run = async (...args: string[]) => {
      const [a, b] = await Promise.all([
        theirs.theirs("-u", "machineui", ...args),
        ours.ours("-u", "machineui", ...args),
      ]);
      assert.equal(b.code, a.code, b.stdout + b.stderr);
      assert.equal(b.stderr, "");
      return [threadsOf(a.stdout), threadsOf(b.stdout)] as const;
    };
    const compare = ([a, b]: Awaited<ReturnType<typeof run>>) => {
      for (const [thread, lines] of b) {
        assert.deepEqual(
          withoutBanner(lines),
          withoutBanner(a.get(thread) ?? []),
          thread,
        );
      }
    };
    const first = await run();
    compare(first);
    assert.deepEqual([...first[1].keys()].sort(), [...first[0].keys()].sort());
    for (const world of [theirs, ours]) {
      world.deliver("INBOX", "up1");
      world.deliver("INBOX", "up2", "S");
      await world.mark("add", "\\Flagged", "INBOX", "bravo");
      await world.mark("add", "\\Flagged \\Answered", "INBOX", "foxtrot");
      await world.mark("remove", "\\Seen", "INBOX", "alpha");
      await world.expunge("INBOX", "delta");
      world.tree.remove(world.tree.find("echo"));
      world.tree.setLetters(world.tree.find("charlie"), "F");
    }
    const second = await run();
    const folder = "Folder INBOX [acc: test]";
    assert.ok((second[1].get(folder)?.length ?? 0) > 10);
    for (const thread of [folder, "Account sync test"]) {
      const [a, b] = second;
      assert.deepEqual(b.get(thread), a.get(thread), thread);
    }
  },
);

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

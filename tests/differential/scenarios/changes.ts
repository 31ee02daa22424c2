/** Changes since a first copy that the real OfflineIMAP made. */
import { mail, textOf } from "../mail.ts";
import type { Scenario } from "../scenario.ts";
import { file, keptNames } from "../wanted.ts";
import type { World } from "../world.ts";

/** Flags on both sides, of the same messages and of others. */
async function flagsOnBothSides(world: World): Promise<void> {
  const { tree } = world;
  await world.mark("add", "\\Seen", "INBOX", "bravo");
  await world.mark("remove", "\\Flagged", "INBOX", "charlie");
  await world.mark("add", "\\Flagged", "INBOX", "delta");
  tree.setLetters(tree.find("alpha"), "FS");
  tree.setLetters(tree.find("charlie"), "FRS");
  tree.setLetters(tree.find("delta"), "S");
  tree.setLetters(tree.find("juliett"), "");
}

/** Deletions on both sides, one of them on both. */
async function deletionsOnBothSides(world: World): Promise<void> {
  const { tree } = world;
  await world.expunge("INBOX", "alpha");
  await world.expunge("INBOX", "bravo");
  tree.remove(tree.find("bravo"));
  tree.remove(tree.find("charlie"));
  tree.remove(tree.find("india"));
}

/** A flag, a deletion and a new message on each side. */
async function ofEverything(world: World): Promise<void> {
  const { tree } = world;
  await world.mark("add", "\\Flagged", "INBOX", "bravo");
  await world.expunge("INBOX", "alpha");
  await world.seed("INBOX", [mail("november", "S")]);
  tree.setLetters(tree.find("delta"), "FRS");
  tree.remove(tree.find("echo"));
  world.deliver("Work", "oscar", "S");
}

export const CHANGES: readonly Scenario[] = [
  { name: "nothing changed", before: {} },
  {
    name: "flags changed on both sides",
    before: {},
    change: flagsOnBothSides,
  },
  {
    name: "deletions on both sides",
    before: {},
    change: deletionsOnBothSides,
  },
  {
    name: "new messages on both sides",
    before: {},
    receivedTimes: true,
    change: async (world) => {
      await world.seed("INBOX", [mail("november"), mail("oscar", "FS")]);
      world.deliver("INBOX", "papa", "S");
      world.deliver("Work", "quebec");
      world.deliver("Work.Projects", "romeo", "DF");
    },
    differences: [keptNames(
      { folder: "INBOX", label: "papa", letters: "S", uid: 9 },
      { folder: "Work", label: "quebec", uid: 3 },
      { folder: "Work.Projects", label: "romeo", letters: "DF", uid: 3 },
    )],
  },
  {
    name: "a deletion here, a change of flags there",
    before: {},
    change: async (world) => {
      const { tree } = world;
      await world.expunge("INBOX", "alpha");
      tree.setLetters(tree.find("alpha"), "FS");
      tree.remove(tree.find("charlie"));
      await world.mark("add", "\\Answered", "INBOX", "charlie");
    },
  },
  {
    name: "marked as deleted on either side",
    before: {},
    change: async (world) => {
      const { tree } = world;
      await world.mark("add", "\\Deleted", "INBOX", "bravo");
      tree.setLetters(tree.find("hotel"), "ST");
    },
  },
  {
    name: "readonly = yes on the server's side",
    before: {},
    options: { remote: { readonly: true } },
    change: ofEverything,
  },
  {
    name: "readonly = yes on the local side",
    before: {},
    options: { local: { readonly: true } },
    change: ofEverything,
    differences: [{
      why: "readonly = yes means that nothing is changed there: an uploaded " +
        "file keeps its name, where OfflineIMAP renames it",
      run: {
        theirs: [
          file({ folder: "Work", label: "oscar", letters: "S", uid: 3 }),
        ],
        ours: [
          file({
            folder: "Work",
            label: "oscar",
            letters: "S",
            unique: "1777000000.oscar.mua",
          }),
        ],
      },
    }],
  },
  {
    name: "sync_deletes = no on the server's side",
    before: {},
    options: { remote: { sync_deletes: false } },
    change: deletionsOnBothSides,
  },
  {
    name: "sync_deletes = no on the local side",
    before: {},
    options: { local: { sync_deletes: false } },
    change: deletionsOnBothSides,
  },
  {
    name: "expunge = no",
    before: {},
    options: { remote: { expunge: false } },
    change: (world) => world.tree.remove(world.tree.find("charlie")),
    differences: [{
      why: "D8: a message that is only marked as deleted on the server does " +
        "not come back",
      again: {
        theirs: [
          file({ folder: "INBOX", label: "charlie", uid: 3, letters: "FST" }),
        ],
      },
    }],
  },
  {
    name: "-q when only flags changed on the server",
    before: {},
    args: ["-q"],
    change: (world) => world.mark("add", "\\Flagged", "INBOX", "alpha"),
    differences: [{
      why:
        "C26: where the server has CONDSTORE, changed flags are seen at no " +
        "cost",
      run: {
        theirs: [
          file({ folder: "INBOX", label: "alpha", uid: 1, letters: "S" }),
        ],
        ours: [
          file({ folder: "INBOX", label: "alpha", uid: 1, letters: "FS" }),
        ],
      },
    }],
  },
  {
    name: "-q when there is new mail",
    before: {},
    args: ["-q"],
    change: async (world) => {
      await world.seed("INBOX", [mail("november")]);
      world.deliver("Work", "oscar");
    },
    differences: [keptNames({ folder: "Work", label: "oscar", uid: 3 })],
  },
  {
    name: "--dry-run when there is much to do",
    before: {},
    args: ["--dry-run"],
    change: ofEverything,
  },
  {
    name: "keywords with customflag_a",
    before: { local: { customflag_a: "$Work" } },
    options: { local: { customflag_a: "$Work" } },
    change: async (world) => {
      await world.mark("add", "$Work", "INBOX", "alpha");
      await world.mark("add", "$Other", "INBOX", "charlie");
    },
  },
  {
    name: "new mail with maildir-windows-compatible",
    before: { account: { "maildir-windows-compatible": true } },
    options: { account: { "maildir-windows-compatible": true } },
    change: async (world) => {
      await world.seed("INBOX", [mail("november", "S")]);
      await world.mark("add", "\\Flagged", "INBOX", "alpha");
    },
  },
  {
    name: "a message moved to another local folder with its name",
    before: {},
    change: (world) => {
      world.tree.move(world.tree.find("alpha"), "Work");
    },
  },
  {
    name: "a message copied to another local folder, flags changed, edited",
    before: {},
    change: (world) => {
      const { tree, mail } = world;
      const alpha = tree.find("alpha");
      Deno.copyFileSync(alpha.path, `${mail}/Work/cur/${alpha.name}`);
      const hotel = tree.move(tree.find("hotel"), "Sent Items");
      tree.setLetters(hotel, "FRS");
      const india = tree.move(tree.find("india"), "Empty");
      Deno.writeTextFileSync(india.path, textOf("india", "Edited.\n"));
    },
  },
  {
    name: "maxage with old and new mail on both sides",
    before: {},
    options: { account: { maxage: 2 } },
    mail: {
      INBOX: [
        mail("alpha", "S", { date: new Date(Date.now() - 20 * 86_400_000) }),
        mail("bravo", "S", { date: new Date() }),
      ],
    },
    change: async (world) => {
      await world.seed("INBOX", [mail("charlie", "", { date: new Date() })]);
      await world.mark("add", "\\Flagged", "INBOX", "bravo");
    },
  },
  {
    name: "maxsize put on an existing copy",
    before: {},
    options: { account: { maxsize: 2_000 } },
    mail: {
      INBOX: [
        mail("alpha"),
        mail("bravo", "S", { text: "A line of text.\n".repeat(200) }),
      ],
    },
  },
  {
    name: "a file that mutt wrote, one that mbsync wrote",
    before: {},
    change: (world) => {
      const { mail } = world;
      Deno.writeTextFileSync(
        `${mail}/INBOX/cur/1777888999.R1234567.mutt:2,S`,
        textOf("november"),
      );
      Deno.writeTextFileSync(
        `${mail}/Work/cur/1777888999.4711_1.mbsync,U=77,S=214:2,FS`,
        textOf("oscar"),
      );
    },
    differences: [{
      why:
        "C5: the unique name and fields of other programs such as S= stay; " +
        "only an old U= gives way to the real one",
      run: {
        theirs: [
          file({ folder: "INBOX", label: "november", letters: "S", uid: 7 }),
          file({ folder: "Work", label: "oscar", letters: "FS", uid: 3 }),
        ],
        ours: [
          file({
            folder: "INBOX",
            label: "november",
            letters: "S",
            uid: 7,
            unique: "1777888999.R1234567.mutt",
          }),
          file({
            folder: "Work",
            label: "oscar",
            letters: "FS",
            uid: 3,
            unique: "1777888999.4711_1.mbsync,S=214",
          }),
        ],
      },
    }],
  },
];

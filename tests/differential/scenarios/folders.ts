/** Folders that are new, gone, renamed or not to be made since a first copy. */
import { mail } from "../mail.ts";
import type { Difference, Scenario } from "../scenario.ts";
import { file, keptNames, message } from "../wanted.ts";

const OSCAR_UPLOADED = keptNames(
  { folder: "Notes/Home", label: "oscar", letters: "S", uid: 1 },
);

const MADE_AGAIN: Difference = {
  why: "OfflineIMAP makes a folder again that is gone from the server, and " +
    "then complains about its UIDVALIDITY; ours takes that of a folder it made",
  run: { theirs: ["exit 2"], ours: ["exit 0"] },
};

const SLASHES = { local: { sep: "/" } };

const RENAMED = {
  local: { nametrans: "lambda n: re.sub('^job', 'Work', n)" },
  remote: { nametrans: "lambda n: re.sub('^Work', 'job', n)" },
};

export const FOLDERS: readonly Scenario[] = [
  {
    name: "a new folder on either side",
    before: SLASHES,
    options: SLASHES,
    change: async (world) => {
      await world.seed("Lists/deno", [mail("november")]);
      world.tree.create("Notes");
      world.deliver("Notes", "oscar", "S");
    },
    differences: [
      keptNames({ folder: "Notes", label: "oscar", letters: "S", uid: 1 }),
    ],
  },
  {
    name: "a new local folder below one that is none",
    before: SLASHES,
    options: SLASHES,
    // With threads OfflineIMAP hangs for ever after its error.
    args: ["-1"],
    change: (world) => {
      world.tree.create("Notes/Home");
      world.deliver("Notes/Home", "oscar", "S");
    },
    differences: [{
      why:
        "OfflineIMAP makes both on the server and then misses the upper one " +
        "in the Maildir",
      run: {
        theirs: [
          "exit 1",
          file({
            folder: "Notes/Home",
            label: "oscar",
            letters: "S",
            unique: "1777000000.oscar.mua",
          }),
        ],
        ours: [
          "exit 0",
          file({
            folder: "Notes/Home",
            label: "oscar",
            letters: "S",
            uid: 1,
            unique: "1777000000.oscar.mua",
          }),
          message("Notes/Home", "oscar", 1, "\\Seen"),
        ],
      },
      again: {
        theirs: ["maildir Notes", ...OSCAR_UPLOADED.run?.theirs ?? []],
        ours: OSCAR_UPLOADED.run?.ours ?? [],
      },
    }],
  },
  {
    name: "a new local folder under nametrans on both sides",
    before: RENAMED,
    options: RENAMED,
    change: (world) => {
      world.tree.create("job.Done");
      world.deliver("job.Done", "november", "S");
      world.deliver("job.Projects", "oscar");
    },
    differences: [keptNames(
      {
        folder: "job.Done",
        named: "Work.Done",
        label: "november",
        letters: "S",
        uid: 1,
      },
      {
        folder: "job.Projects",
        named: "Work.Projects",
        label: "oscar",
        uid: 3,
      },
    )],
  },
  {
    name: "a new local folder that the server's folderfilter does not want",
    before: {},
    options: { remote: { folderfilter: "lambda n: n != 'Notes'" } },
    change: (world) => {
      world.tree.create("Notes");
      world.deliver("Notes", "november", "S");
    },
  },
  {
    name: "createfolders = no on the server's side",
    before: {},
    options: { remote: { createfolders: false } },
    change: (world) => {
      world.tree.create("Notes");
      world.deliver("Notes", "november", "S");
    },
  },
  {
    name: "createfolders = no on the local side",
    before: {},
    options: { local: { createfolders: false } },
    change: async (world) => {
      await world.seed("Lists", [mail("november")]);
      await world.seed("Work", [mail("oscar")]);
    },
    args: ["-1"],
    differences: [{
      why: "C11: a folder that is missing and may not be made stops only " +
        "itself; both say so and end with 1",
      run: { ours: [file({ folder: "Work", label: "oscar", uid: 3 })] },
    }],
  },
  {
    name: "a folder removed from the Maildir",
    before: {},
    change: (world) =>
      Deno.removeSync(`${world.mail}/Work.Projects`, { recursive: true }),
  },
  {
    name: "a folder removed from the server",
    before: {},
    change: async (world) => {
      await world.doveadm("mailbox delete", "Sent Items");
    },
    differences: [MADE_AGAIN],
  },
  {
    name: "a folder renamed on the server",
    before: {},
    change: async (world) => {
      await world.doveadm("mailbox rename", "Sent Items", "Sent");
    },
    differences: [MADE_AGAIN],
  },
  {
    name: "a folder renamed in the Maildir",
    before: {},
    change: (world) =>
      Deno.renameSync(`${world.mail}/Sent Items`, `${world.mail}/Sent`),
  },
];

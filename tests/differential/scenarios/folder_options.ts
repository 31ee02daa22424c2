/** Options that choose folders and messages, and --delete-folder. */
import { mail } from "../mail.ts";
import type { Scenario } from "../scenario.ts";
import { file } from "../wanted.ts";

const DAY_MS = 86_400_000;
const TEN_DAYS_AGO = new Date(Date.now() - 10 * DAY_MS).toISOString()
  .slice(0, 10);

const SMALL = {
  "INBOX": [mail("alpha", "S")],
  "Gäste": [mail("lima", "S")],
};

const CASES = {
  "INBOX": [mail("alpha", "S")],
  "Work": [mail("golf", "S")],
  "work": [mail("hotel", "S")],
};

export const FOLDER_OPTIONS: readonly Scenario[] = [
  {
    name: "subscribedonly = yes",
    options: { remote: { subscribedonly: true } },
    change: async (world) => {
      await world.doveadm("mailbox subscribe", "INBOX", "Work/Projects");
    },
  },
  {
    name: "subscribedonly = no, with subscriptions",
    options: { remote: { subscribedonly: false } },
    change: async (world) => {
      await world.doveadm("mailbox subscribe", "INBOX", "Work/Projects");
    },
  },
  {
    name: "subscribedonly = yes, a folder that is not subscribed any more",
    before: {},
    mail: CASES,
    options: { remote: { subscribedonly: true } },
    change: async (world) => {
      await world.doveadm("mailbox subscribe", "INBOX", "Work");
      await world.expunge("work", "hotel");
      world.tree.remove(world.tree.find("golf"));
      world.deliver("work", "november", "S");
    },
  },
  {
    name: "reference",
    options: { remote: { reference: "Work" } },
  },
  {
    name: "reference with its separator, in quotes",
    options: { remote: { reference: '"Work/"' } },
  },
  {
    name: "decodefoldernames",
    mail: SMALL,
    options: { remote: { decodefoldernames: true } },
    differences: [{
      why:
        "C14: OfflineIMAP ends with an error in Python 3; ours decodes the " +
        "names after nametrans",
      run: {
        theirs: ["exit 1"],
        ours: [
          "exit 0",
          "maildir Gäste",
          "maildir INBOX",
          file({ folder: "INBOX", label: "alpha", letters: "S", uid: 1 }),
          file({ folder: "Gäste", label: "lima", letters: "S", uid: 1 }),
        ],
      },
    }],
  },
  {
    name: "dynamic_folderfilter = yes",
    options: {
      remote: {
        dynamic_folderfilter: true,
        folderfilter: "lambda n: not n.startswith('Work')",
      },
    },
  },
  {
    name: "dynamic_folderfilter = no",
    options: {
      remote: {
        dynamic_folderfilter: false,
        folderfilter: "lambda n: not n.startswith('Work')",
      },
    },
  },
  {
    name: "copy_ignore_eval for one folder, by its name after nametrans",
    options: {
      remote: {
        nametrans: "lambda n: 'job' if n == 'Work' else n",
        copy_ignore_eval: "lambda n: {'INBOX': [2, 3], 'job': (1,)}.get(n)",
        createfolders: false,
      },
    },
  },
  {
    name: "copy_ignore_eval, what was copied before stays in step",
    before: {},
    options: { remote: { copy_ignore_eval: "lambda n: [1, 2]" } },
    change: async (world) => {
      await world.mark("add", "\\Flagged", "INBOX", "bravo");
      await world.expunge("INBOX", "alpha");
      world.tree.remove(world.tree.find("golf"));
    },
  },
  {
    name: "singlethreadperfolder = yes with new mail on both sides",
    before: {},
    options: { remote: { singlethreadperfolder: true } },
    change: async (world) => {
      await world.seed("INBOX", [mail("november"), mail("oscar", "S")]);
    },
  },
  {
    name: "names that differ in letter case only",
    mail: CASES,
  },
  {
    name: "maxage as a day, first copy",
    mail: {
      INBOX: [
        mail("alpha", "S", { date: new Date(Date.now() - 40 * DAY_MS) }),
        mail("bravo", "S", { date: new Date(Date.now() - 2 * DAY_MS) }),
      ],
    },
    options: { account: { maxage: TEN_DAYS_AGO } },
  },
  {
    name: "--delete-folder",
    before: {},
    args: ["--delete-folder", "Empty"],
    once: true,
  },
  {
    name: "--delete-folder with --dry-run",
    before: {},
    args: ["--delete-folder", "Empty", "--dry-run"],
    once: true,
  },
  {
    name: "--delete-folder of a name with letters beyond ASCII and blanks",
    before: { account: { utf8foldernames: true } },
    mail: { "INBOX": [mail("alpha", "S")], "Zu früh": [] },
    options: { account: { utf8foldernames: true } },
    args: ["--delete-folder", "Zu früh"],
    once: true,
  },
  {
    name: "--delete-folder of a folder that is not there",
    before: {},
    args: ["--delete-folder", "Nowhere"],
    once: true,
    differences: [{
      why: "C33: what was asked for was not done, and the caller must know",
      run: { theirs: ["exit 0"], ours: ["exit 1"] },
    }],
  },
];

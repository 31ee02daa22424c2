/** Where the real OfflineIMAP loses mail, doubles it or changes it back, and ours does not. */
import { asText, withoutStatus } from "../legacy_status.ts";
import { mail, textOf } from "../mail.ts";
import type { Scenario } from "../scenario.ts";
import { file, message } from "../wanted.ts";
import type { World } from "../world.ts";

const INBOX = {
  INBOX: [mail("alpha", "S"), mail("bravo"), mail("charlie", "FS")],
};

const WORK_COPIED = [
  file({ folder: "Work", label: "golf", uid: 1 }),
  file({ folder: "Work", label: "hotel", uid: 2, letters: "S" }),
];

const MANY_LINES = "A line of text.\n".repeat(50);

const MANY = Array.from({ length: 25 }, (_, i) => `mail${i}`);

/** Puts a copy of a file beside it, as some mail programs do. */
function copyBeside(world: World, label: string): void {
  const { path, name } = world.tree.find(label);
  const copy = `1777000000.copy,${name.replace(/^[^,]*,/, "")}`;
  Deno.copyFileSync(path, path.replace(name, copy));
}

export const FAULTS: readonly Scenario[] = [
  {
    name: "D1: the server made a mailbox anew, empty",
    before: {},
    mail: { INBOX: [], Work: [mail("golf"), mail("hotel", "S")] },
    change: async (world) => {
      await world.doveadm("mailbox delete", "Work");
      await world.doveadm("mailbox create", "Work");
    },
    differences: [{
      why: "OfflineIMAP says that it skips the folder and deletes its local " +
        "mail all the same; ours waits for a decision (both end with 2)",
      run: { ours: WORK_COPIED },
      again: { theirs: ["exit 0"], ours: ["exit 2", ...WORK_COPIED] },
    }],
  },
  {
    name: "D1: the server made a mailbox anew, other mail under the same UIDs",
    before: {},
    mail: { INBOX: [], Work: [mail("golf"), mail("hotel", "S")] },
    change: async (world) => {
      await world.doveadm("mailbox delete", "Work");
      await world.seed("Work", [mail("november", "F"), mail("hotel", "S")]);
    },
    differences: [{
      why: "OfflineIMAP gives golf the flags of november, which it never " +
        "copies; ours waits for a decision (both end with 2)",
      run: {
        theirs: [file({ folder: "Work", label: "golf", uid: 1, letters: "F" })],
        ours: [file({ folder: "Work", label: "golf", uid: 1 })],
      },
    }],
  },
  {
    name: "D2: a/b and a.b on the server",
    options: { local: { sep: "/" } },
    args: ["-1"],
    mail: {
      INBOX: [],
      "a/b": [mail("alpha", "S"), mail("bravo", "S")],
      "a.b": [mail("golf", "S")],
    },
    differences: [{
      why:
        "Both have one status file in OfflineIMAP, which takes alpha, never " +
        "downloaded, for deleted and removes it from the server",
      run: {
        theirs: ["exit 2"],
        ours: [
          "exit 0",
          file({ folder: "a/b", label: "alpha", uid: 1, letters: "S" }),
          message("a/b", "alpha", 1, "\\Seen"),
        ],
      },
    }],
  },
  {
    name: "D5: new and cur of a folder were emptied",
    before: {},
    mail: { INBOX: MANY.map((label) => mail(label, "S")) },
    change: (world) => {
      for (const file of world.tree.files("INBOX")) world.tree.remove(file);
    },
    differences: [{
      why: "Most of a folder gone at once looks like a disk that is not " +
        "there: the guard asks first",
      run: {
        theirs: ["exit 0"],
        ours: [
          "exit 1",
          ...MANY.map((label, i) => message("INBOX", label, i + 1, "\\Seen")),
        ],
      },
    }],
  },
  {
    name: "D6: another client marked a message as deleted",
    before: {},
    mail: INBOX,
    change: async (world) => {
      await world.mark("add", "\\Deleted", "INBOX", "alpha");
      world.tree.remove(world.tree.find("bravo"));
    },
    differences: [{
      why:
        "Only what was deleted locally is expunged (UID EXPUNGE), not what " +
        "other clients have marked",
      run: { ours: [message("INBOX", "alpha", 1, "\\Deleted \\Seen")] },
      again: {
        ours: [
          file({ folder: "INBOX", label: "alpha", uid: 1, letters: "ST" }),
          message("INBOX", "alpha", 1, "\\Deleted \\Seen"),
        ],
      },
    }],
  },
  {
    name: "D10: maxsize between the size of a file and that on the server",
    before: {},
    mail: { INBOX: [mail("alpha"), mail("bravo", "S", { text: MANY_LINES })] },
    options: { account: { maxsize: textOf("bravo", MANY_LINES).length + 10 } },
    differences: [{
      why: "A message that both sides have is not deleted because of a filter",
      run: {
        ours: [
          file({
            folder: "INBOX",
            label: "bravo",
            uid: 2,
            letters: "S",
            content: textOf("bravo", MANY_LINES),
          }),
        ],
      },
    }],
  },
  {
    name: "D11: the status was lost, flags were set since",
    before: {},
    mail: INBOX,
    change: async (world) => {
      await world.mark("add", "\\Seen", "INBOX", "bravo");
      world.tree.setLetters(world.tree.find("alpha"), "FS");
      withoutStatus(world);
    },
    differences: [{
      why:
        "Without a status nobody knows who set a flag: both sides get all, " +
        "where OfflineIMAP takes those of the server away",
      run: {
        theirs: [
          file({ folder: "INBOX", label: "bravo", uid: 2 }),
          message("INBOX", "bravo", 2),
        ],
        ours: [
          file({ folder: "INBOX", label: "bravo", uid: 2, letters: "S" }),
          message("INBOX", "bravo", 2, "\\Seen"),
        ],
      },
    }],
  },
  {
    name: "D11: a status in text, with a deletion since",
    before: {},
    mail: INBOX,
    change: (world) => {
      asText(world, 2);
      world.tree.remove(world.tree.find("alpha"));
    },
    differences: [{
      why: "OfflineIMAP ignores the text that it says it imports: what was " +
        "deleted locally comes back. Ours reads it and carries that over",
      run: {
        theirs: [
          file({ folder: "INBOX", label: "alpha", uid: 1, letters: "S" }),
          message("INBOX", "alpha", 1, "\\Seen"),
        ],
      },
    }],
  },
  {
    name: "D12: local nametrans changed, and with it the mark in file names",
    before: {},
    mail: { INBOX: [mail("alpha", "S")] },
    options: {
      local: { nametrans: "lambda n: 'Old.' + n" },
      remote: { createfolders: false },
    },
    differences: [{
      why: "OfflineIMAP uploads the whole folder again and deletes the " +
        "originals; ours knows the messages by their content",
      run: {
        theirs: [
          file({
            folder: "INBOX",
            named: "Old.INBOX",
            label: "alpha",
            uid: 2,
            letters: "S",
          }),
          message("INBOX", "alpha", 2, "\\Seen"),
        ],
        ours: [
          file({ folder: "INBOX", label: "alpha", uid: 1, letters: "S" }),
          message("INBOX", "alpha", 1, "\\Seen"),
        ],
      },
    }],
  },
  {
    name: "D12: a local folder renamed, and nametrans with it",
    before: {},
    mail: { INBOX: [], Work: [mail("golf", "S")] },
    options: {
      local: { nametrans: "lambda n: n.replace('job', 'Work')" },
      remote: { nametrans: "lambda n: n.replace('Work', 'job')" },
    },
    change: (world) =>
      Deno.renameSync(`${world.mail}/Work`, `${world.mail}/job`),
  },
  {
    name: "D13: a file copied beside itself",
    before: {},
    mail: INBOX,
    change: (world) => copyBeside(world, "alpha"),
    differences: [{
      why:
        "OfflineIMAP never sees one of two files with the same U=; for ours " +
        "the second is a new message",
      run: {
        theirs: [
          file({
            folder: "INBOX",
            label: "alpha",
            uid: 1,
            letters: "S",
            unique: "1777000000.copy",
          }),
        ],
        ours: [
          file({
            folder: "INBOX",
            label: "alpha",
            uid: 4,
            letters: "S",
            unique: "1777000000.copy",
          }),
          message("INBOX", "alpha", 4, "\\Seen"),
        ],
      },
    }],
  },
  {
    name: "D15: maildir-windows-compatible put on an existing tree",
    before: {},
    mail: INBOX,
    options: { account: { "maildir-windows-compatible": true } },
    differences: [{
      why: "OfflineIMAP no longer finds the flags in file names and removes " +
        "all of them on the server; ours reads both forms",
      run: {
        theirs: [
          message("INBOX", "alpha", 1),
          message("INBOX", "charlie", 3),
        ],
        ours: [
          message("INBOX", "alpha", 1, "\\Seen"),
          message("INBOX", "charlie", 3, "\\Flagged \\Seen"),
        ],
      },
    }],
  },
  {
    name: "D16: two folders of the server translated to one",
    mail: {
      INBOX: [mail("alpha")],
      Work: [mail("golf")],
      Job: [mail("hotel")],
    },
    options: { remote: { nametrans: "lambda n: n.replace('Job', 'Work')" } },
    args: ["-1"],
    differences: [{
      why: "OfflineIMAP mixes them: hotel is never copied; ours refuses both " +
        "and says what to change",
      run: {
        theirs: [
          "exit 0",
          "maildir Work",
          file({ folder: "Work", label: "golf", uid: 1 }),
        ],
        ours: ["exit 1"],
      },
    }],
  },
  {
    name: "D16: nametrans without an inverse",
    mail: { INBOX: [mail("alpha", "S")], "Sent Items": [mail("kilo", "S")] },
    options: { remote: { nametrans: "lambda n: n.replace(' Items', '')" } },
    args: ["-1"],
    differences: [{
      why: "The local Sent belongs to Sent Items: OfflineIMAP makes another " +
        "Sent on the server in the next run and uploads all mail again",
      again: {
        theirs: ["server Sent", message("Sent", "kilo", 1, "\\Seen")],
      },
    }],
  },
];

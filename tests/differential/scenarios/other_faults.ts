/** Where the real OfflineIMAP stops or changes mail, without losing it, and ours does not. */
import { mail, textOf } from "../mail.ts";
import type { Scenario } from "../scenario.ts";
import { file, keptNames, message } from "../wanted.ts";

const INBOX = {
  INBOX: [mail("alpha", "S"), mail("bravo"), mail("charlie", "FS")],
};

/** A first copy of {@link INBOX}, as both leave it. */
const INBOX_COPIED = [
  "maildir INBOX",
  file({ folder: "INBOX", label: "alpha", uid: 1, letters: "S" }),
  file({ folder: "INBOX", label: "bravo", uid: 2 }),
  file({ folder: "INBOX", label: "charlie", uid: 3, letters: "FS" }),
];

export const OTHER_FAULTS: readonly Scenario[] = [
  {
    name: "C1: a file with a flag that IMAP does not have",
    before: {},
    mail: INBOX,
    change: (world) => {
      world.tree.setLetters(world.tree.find("alpha"), "PS");
    },
    differences: [{
      why: "OfflineIMAP strips P (passed on) at the second sync; ours leaves " +
        "letters alone that it does not know",
      again: {
        theirs: [
          file({ folder: "INBOX", label: "alpha", uid: 1, letters: "S" }),
        ],
        ours: [
          file({ folder: "INBOX", label: "alpha", uid: 1, letters: "PS" }),
        ],
      },
    }],
  },
  {
    name: "C10: the local separator in a name on the server",
    mail: { INBOX: [mail("alpha")], "a.b": [mail("golf")] },
    differences: [{
      why:
        "Both skip the folder, ours with a reason and an advice; OfflineIMAP " +
        "makes it all the same, and then from it a/b on the server",
      run: { theirs: ["exit 0", "maildir a.b"], ours: ["exit 1"] },
      again: {
        theirs: ["maildir a.b", "server a", "server a/b"],
      },
    }],
  },
  {
    name: "C12: a folder that is listed and in folderincludes",
    mail: INBOX,
    options: { remote: { folderincludes: "['INBOX']" } },
  },
  {
    name: "C16: quotes in a name on the server",
    mail: { INBOX: [mail("alpha")], 'x"q': [mail("golf")] },
    args: ["-1"],
    differences: [{
      why: "OfflineIMAP cannot quote the name",
      run: {
        theirs: ["exit 1"],
        ours: ["exit 0", file({ folder: 'x"q', label: "golf", uid: 1 })],
      },
    }],
  },
  {
    name: "C20: status_backend of an older release",
    mail: INBOX,
    options: { account: { status_backend: "sqlite" } },
    differences: [{
      why: "An option that has no meaning any more stops OfflineIMAP",
      run: { theirs: ["exit 1"], ours: ["exit 0", ...INBOX_COPIED] },
    }],
  },
  {
    name: "C20: a list of user interfaces of an older release",
    mail: INBOX,
    options: { general: { ui: "Curses.Blinkenlights, Noninteractive.Basic" } },
  },
  {
    name: "C23: -k for a section whose name has an underscore",
    mail: INBOX,
    options: {
      general: { accounts: "my_mail" },
      more: "\n[Account my_mail]\nlocalrepository = here\n" +
        "remoterepository = there\nmaxsize = 1\n",
    },
    args: ["-k", "Account_my_mail:maxsize=100000"],
    differences: [{
      why: "OfflineIMAP makes blanks of all underscores",
      run: { theirs: ["exit 1"], ours: ["exit 0", ...INBOX_COPIED] },
    }],
  },
  {
    name: "C27: an upload to a server without UIDPLUS",
    before: {},
    mail: INBOX,
    server: { withoutCapabilities: ["UIDPLUS"] },
    change: (world) => world.deliver("INBOX", "november", "S"),
    differences: [
      keptNames({ folder: "INBOX", label: "november", letters: "S", uid: 4 }),
      {
        why:
          "OfflineIMAP puts a header of its own into the message, by which " +
          "it finds it again",
        run: {
          theirs: [
            message("INBOX", "november", 4, "\\Seen", marked("november")),
          ],
          ours: [message("INBOX", "november", 4, "\\Seen")],
        },
      },
    ],
  },
];

/** A message with OfflineIMAP's header, whose digits are shown as one. */
function marked(label: string): string {
  return textOf(label).replace("\n\n", "\nX-OfflineIMAP: 0\n\n");
}

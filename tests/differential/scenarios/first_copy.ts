/** First copies into an empty Maildir: names, layouts, filters, file names. */
import { MAIL, mail, textOf } from "../mail.ts";
import type { Scenario } from "../scenario.ts";
import { file } from "../wanted.ts";

const DOTTED = { separator: ".", prefix: "INBOX." } as const;

/** As Courier and old Cyrus have it. */
const DOTTED_MAIL = {
  "INBOX": [mail("alpha", "S"), mail("bravo")],
  "Lists": [mail("golf")],
  "Lists/deno": [mail("hotel", "F")],
};

const UNWANTED = "A folder that the local filter rejects is not made; " +
  "OfflineIMAP makes it and leaves it empty for ever";

export const FIRST_COPIES: readonly Scenario[] = [
  { name: "a first copy with sep = ." },
  {
    name: "a first copy with sep = / into directories",
    options: { local: { sep: "/" } },
  },
  {
    name: "a server whose separator is a dot, INBOX. before all names, sep = /",
    server: DOTTED,
    mail: DOTTED_MAIL,
    options: { local: { sep: "/" } },
  },
  {
    name: "INBOX. cut off by nametrans, given back by the local one",
    server: DOTTED,
    mail: DOTTED_MAIL,
    options: {
      local: {
        nametrans: "lambda n: n if n == 'INBOX' else 'INBOX.' + n",
      },
      remote: { nametrans: String.raw`lambda n: re.sub(r'^INBOX\.', '', n)` },
    },
  },
  {
    name: "INBOX as the top of the Maildir",
    options: {
      local: { sep: "/", nametrans: "lambda n: 'INBOX' if n == '' else n" },
      remote: {
        nametrans: "lambda n: re.sub('^INBOX$', '', n)",
        folderfilter: "lambda n: n in ['INBOX', 'Work']",
      },
    },
  },
  {
    name: "nametrans that moves levels, with its inverse",
    options: {
      local: {
        sep: "/",
        nametrans: "lambda n: re.sub('^mail/job', 'Work', n)",
      },
      remote: { nametrans: "lambda n: re.sub('^Work', 'mail/job', n)" },
    },
  },
  {
    name: "folderfilter on the server's side",
    options: {
      remote: { folderfilter: "lambda n: not n.startswith('Work')" },
    },
  },
  {
    name: "folderfilter on the local side",
    options: {
      local: { sep: "/", folderfilter: "lambda n: n != 'Sent Items'" },
    },
    differences: [{
      why: UNWANTED,
      run: { theirs: ["maildir Sent Items"] },
    }],
  },
  {
    name: "folderincludes beside a folderfilter",
    options: {
      remote: {
        folderfilter: "lambda n: n == 'INBOX'",
        folderincludes: "['Work/Projects']",
      },
    },
  },
  {
    name: "foldersort decides the order",
    options: {
      local: { sep: "/" },
      remote: {
        foldersort: "lambda a, b: (a < b) - (a > b)",
        folderfilter: "lambda n: '&' not in n",
      },
    },
    args: ["-1"],
    order: true,
  },
  {
    name: "utf8foldernames with names beyond ASCII",
    options: { account: { utf8foldernames: true }, local: { sep: "/" } },
  },
  {
    name: "customflag_a from a keyword",
    options: { local: { customflag_a: "$Work" } },
    change: (world) => world.mark("add", "$Work", "INBOX", "alpha"),
  },
  {
    name: "filename_use_mail_timestamp",
    options: { local: { filename_use_mail_timestamp: true } },
    nameTimes: true,
  },
  {
    name: "filename_use_mail_timestamp from [general]",
    options: { general: { filename_use_mail_timestamp: true } },
    nameTimes: true,
  },
  {
    name: "utime_from_header",
    options: { local: { utime_from_header: true } },
    fileTimes: true,
  },
  {
    name: "maildir-windows-compatible",
    options: { account: { "maildir-windows-compatible": true } },
  },
  {
    name: "maxage in days",
    options: { account: { maxage: 3 } },
    mail: aged(),
  },
  {
    name: "maxage as a date",
    options: { account: { maxage: "2026-05-01" } },
    mail: {
      INBOX: [
        mail("alpha", "", { date: new Date("2026-04-28T12:00:00Z") }),
        mail("bravo", "", { date: new Date("2026-05-03T12:00:00Z") }),
        mail("charlie", "S", { date: new Date("2026-05-04T12:00:00Z") }),
      ],
    },
  },
  {
    name: "startdate of the server's side",
    options: { remote: { startdate: "2026-05-02" } },
    mail: {
      INBOX: [
        mail("alpha", "", { date: new Date("2026-04-28T12:00:00Z") }),
        mail("bravo", "", { date: new Date("2026-05-03T12:00:00Z") }),
        mail("charlie", "S", { date: new Date("2026-05-04T12:00:00Z") }),
      ],
    },
  },
  {
    name: "maxsize",
    options: { account: { maxsize: 2000 } },
    mail: {
      INBOX: [
        mail("alpha"),
        mail("bravo", "S", { text: "A line of text.\n".repeat(200) }),
      ],
    },
  },
  {
    name: "-f with the server's names",
    args: ["-f", "INBOX,Work/Projects"],
  },
  {
    name: "-k sets an option",
    options: { local: { sep: "." } },
    args: ["-k", "Repository_here:sep=/"],
  },
  {
    name: "-1 and -u quiet",
    args: ["-1", "-u", "quiet"],
  },
  {
    name: "options from [DEFAULT] by interpolation",
    options: {
      more: "[DEFAULT]\nwanted = INBOX\n" +
        "[Account second]\nlocalrepository = h2\nremoterepository = there\n" +
        "[Repository h2]\ntype = Maildir\nlocalfolders = {home}/mail/second\n" +
        "folderfilter = lambda name: name == '%(wanted)s'\n",
    },
    args: ["-a", "second"],
    differences: [{
      why: UNWANTED,
      run: {
        theirs: ["Empty", "G&AOQ-ste", "Sent Items", "Work", "Work.Projects"]
          .map((folder) => `maildir second/${folder}`),
      },
    }],
  },
  {
    name: "a message of each kind of flags, in new and cur",
    mail: {
      INBOX: ["", "S", "F", "FS", "RS", "D", "T", "DFRST"].map((flags, i) =>
        mail(`mail${i}`, flags)
      ),
    },
  },
  {
    name: "mail that OfflineIMAP's parser writes otherwise than it was",
    mail: {
      INBOX: [
        { body: `X-Tight:value\n${textOf("alpha")}` },
        { body: latin1(`X-Eight: caf\xe9\n${textOf("bravo")}`) },
        { body: textOf("charlie", "Without a line end") },
        { body: textOf("delta", "") },
        { body: textOf("echo", "A bare\rcarriage return.\n") },
        { body: "" },
      ],
    },
    differences: [{
      why: "C6: a message is stored as the server has it; OfflineIMAP puts a " +
        "blank behind `X-Tight:`, makes line ends of bare CRs, and one of nothing",
      run: {
        theirs: [
          copied("alpha", 1, `X-Tight: value\n${textOf("alpha")}`),
          copied("echo", 5, textOf("echo", "A bare\ncarriage return.\n")),
          copied("(no subject)", 6, "\n"),
        ],
        ours: [
          copied("alpha", 1, `X-Tight:value\n${textOf("alpha")}`),
          copied("echo", 5, textOf("echo", "A bare\rcarriage return.\n")),
          copied("(no subject)", 6, ""),
        ],
      },
    }],
  },
];

function aged() {
  const days = (count: number) => new Date(Date.now() - count * 86_400_000);
  return {
    ...MAIL,
    INBOX: [
      mail("alpha", "S", { date: days(30) }),
      mail("bravo", "", { date: days(10) }),
      mail("charlie", "", { date: days(1) }),
      mail("delta", "S", { date: days(0) }),
    ],
  };
}

/** The line of a file in INBOX with this content. */
function copied(label: string, uid: number, content: string): string {
  return file({ folder: "INBOX", label, uid, content });
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

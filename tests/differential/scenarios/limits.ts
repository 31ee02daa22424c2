/** maxage, startdate and maxsize on an existing copy: what lies beyond stays as it is. */
import { mail } from "../mail.ts";
import type { Scenario } from "../scenario.ts";
import { file, keptNames, message } from "../wanted.ts";
import type { World } from "../world.ts";

const DAY_MS = 86_400_000;

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * DAY_MS);
}

/** Three old messages and three new ones. */
const OLD_AND_NEW = {
  INBOX: [
    mail("alpha", "S", { date: daysAgo(40) }),
    mail("bravo", "S", { date: daysAgo(39) }),
    mail("charlie", "S", { date: daysAgo(38) }),
    mail("delta", "S", { date: daysAgo(2) }),
    mail("echo", "S", { date: daysAgo(1) }),
    mail("foxtrot", "S", { date: daysAgo(0) }),
  ],
};

const LARGE = { text: "A line of text.\n".repeat(200) };

const SMALL_AND_LARGE = {
  INBOX: [
    mail("alpha", "S", LARGE),
    mail("bravo", "S", LARGE),
    mail("charlie", "S"),
    mail("delta", "S"),
  ],
};

/** One of each kind deleted here, one there. */
async function deletions(world: World): Promise<void> {
  const { tree } = world;
  tree.remove(tree.find("alpha"));
  await world.expunge("INBOX", "bravo");
  tree.remove(tree.find("delta"));
  if ((await world.stored("INBOX")).length > 3) {
    await world.expunge("INBOX", "echo");
  }
}

async function flags(world: World): Promise<void> {
  const { tree } = world;
  tree.setLetters(tree.find("alpha"), "FS");
  await world.mark("add", "\\Flagged", "INBOX", "bravo");
  tree.setLetters(tree.find("delta"), "FS");
  await world.mark("add", "\\Flagged", "INBOX", "echo");
}

export const LIMITS: readonly Scenario[] = [
  {
    name: "maxage, deletions on both sides of the limit",
    before: {},
    mail: OLD_AND_NEW,
    options: { account: { maxage: 10 } },
    change: deletions,
  },
  {
    name: "maxage, flags on both sides of the limit",
    before: {},
    mail: OLD_AND_NEW,
    options: { account: { maxage: 10 } },
    change: flags,
    differences: [{
      why:
        "Flags of a message that both sides have stay in step, however old " +
        "it is",
      run: {
        theirs: [
          file({ folder: "INBOX", label: "bravo", uid: 2, letters: "S" }),
          message("INBOX", "alpha", 1, "\\Seen"),
        ],
        ours: [
          file({ folder: "INBOX", label: "bravo", uid: 2, letters: "FS" }),
          message("INBOX", "alpha", 1, "\\Flagged \\Seen"),
        ],
      },
    }],
  },
  {
    name: "maxage, an old message is put into the Maildir",
    before: {},
    mail: OLD_AND_NEW,
    options: { account: { maxage: 10 } },
    change: (world) => {
      world.deliver("INBOX", "november", "S");
      const { path } = world.tree.find("november");
      Deno.utimeSync(path, daysAgo(400), daysAgo(400));
    },
    differences: [
      keptNames({ folder: "INBOX", label: "november", letters: "S", uid: 7 }),
    ],
  },
  {
    name: "maxage, an old message is moved into the folder on the server",
    before: {},
    mail: OLD_AND_NEW,
    options: { account: { maxage: 10 } },
    change: (world) =>
      world.seed("INBOX", [
        mail("november", "S", { date: daysAgo(400) }),
        mail("oscar", "", { date: daysAgo(400), ...LARGE }),
      ]),
  },
  {
    name: "maxage, old messages are between young ones from the start",
    mail: {
      INBOX: [
        mail("alpha", "S", { date: daysAgo(40) }),
        mail("bravo", "S", { date: daysAgo(2) }),
        mail("charlie", "S", { date: daysAgo(400) }),
        mail("delta", "S", { date: daysAgo(1) }),
      ],
    },
    options: { account: { maxage: 10 } },
  },
  {
    name: "maxage, an old message behind a young one is deleted locally",
    before: {},
    mail: {
      INBOX: [
        mail("alpha", "S", { date: daysAgo(2) }),
        mail("bravo", "S", { date: daysAgo(400) }),
        mail("charlie", "S", { date: daysAgo(1) }),
      ],
    },
    options: { account: { maxage: 10 } },
    change: (world) => world.tree.remove(world.tree.find("bravo")),
    differences: [{
      why:
        "What is older than maxage is never deleted because the other side " +
        "has lost it; OfflineIMAP goes by the UID alone",
      run: { theirs: [], ours: [message("INBOX", "bravo", 2, "\\Seen")] },
    }],
  },
  {
    name: "maxage, nothing young enough is left",
    before: {},
    mail: OLD_AND_NEW,
    options: { account: { maxage: 10 } },
    change: async (world) => {
      for (const label of ["delta", "echo", "foxtrot"]) {
        await world.expunge("INBOX", label);
      }
    },
  },
  {
    name: "maxsize, deletions on both sides of the limit",
    before: {},
    mail: SMALL_AND_LARGE,
    options: { account: { maxsize: 2_000 } },
    change: async (world) => {
      const { tree } = world;
      tree.remove(tree.find("alpha"));
      await world.expunge("INBOX", "bravo");
      tree.remove(tree.find("charlie"));
      await world.expunge("INBOX", "delta");
    },
  },
  {
    name: "maxsize, new messages on both sides of the limit",
    before: {},
    mail: SMALL_AND_LARGE,
    options: { account: { maxsize: 2_000 } },
    change: async (world) => {
      await world.seed("INBOX", [mail("november"), mail("oscar", "S", LARGE)]);
      world.deliver("INBOX", "papa", "S", LARGE.text);
    },
  },
  {
    name: "startdate of the local side, nothing on the server yet",
    options: { local: { startdate: "2026-04-01" } },
    mail: { INBOX: [] },
    before: {},
    change: (world) => world.deliver("INBOX", "papa", "S"),
    differences: [
      keptNames({ folder: "INBOX", label: "papa", letters: "S", uid: 1 }),
    ],
  },
  {
    name: "startdate of the server's side, an old message is moved there",
    options: { remote: { startdate: "2026-05-02" } },
    before: { remote: { startdate: "2026-05-02" } },
    mail: {
      INBOX: [
        mail("alpha", "", { date: new Date("2026-04-28T12:00:00Z") }),
        mail("bravo", "", { date: new Date("2026-05-03T12:00:00Z") }),
      ],
    },
    change: (world) =>
      world.seed("INBOX", [
        mail("november", "S", { date: new Date("2026-01-01T12:00:00Z") }),
      ]),
  },
  {
    name: "startdate of the server's side, nothing young is left, and an old " +
      "message is moved there",
    options: { remote: { startdate: "2026-05-02" } },
    before: { remote: { startdate: "2026-05-02" } },
    mail: {
      INBOX: [
        mail("alpha", "", { date: new Date("2026-04-28T12:00:00Z") }),
        mail("bravo", "", { date: new Date("2026-05-03T12:00:00Z") }),
      ],
    },
    change: async (world) => {
      await world.expunge("INBOX", "bravo");
      await world.seed("INBOX", [
        mail("november", "S", { date: new Date("2026-01-01T12:00:00Z") }),
      ]);
    },
  },
  {
    name: "startdate of the server's side, deletions on both sides of it",
    options: { remote: { startdate: "2026-05-02" } },
    before: { remote: { startdate: "2026-05-02" } },
    mail: {
      INBOX: [
        mail("alpha", "", { date: new Date("2026-04-28T12:00:00Z") }),
        mail("bravo", "", { date: new Date("2026-05-03T12:00:00Z") }),
        mail("charlie", "S", { date: new Date("2026-05-04T12:00:00Z") }),
        mail("delta", "S", { date: new Date("2026-05-05T12:00:00Z") }),
      ],
    },
    change: async (world) => {
      world.tree.remove(world.tree.find("bravo"));
      await world.expunge("INBOX", "charlie");
    },
  },
];

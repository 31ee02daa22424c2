/** The real OfflineIMAP and ours in turns, with changes in between. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Ended } from "../support/program.ts";
import { mail } from "./mail.ts";
import { differentialTest, Site } from "./support.ts";
import type { Options, World } from "./world.ts";

/** A configuration, and how it names the folders of the server here. */
interface Setup {
  readonly name: string;
  readonly options: Options;
  /** Folders on the server, and their local names. */
  readonly folders: readonly (readonly [remote: string, local: string])[];
}

const SETUPS: readonly Setup[] = [
  {
    name: "folders side by side",
    options: {},
    folders: [["INBOX", "INBOX"], ["Work/Projects", "Work.Projects"]],
  },
  {
    name: "nametrans on both sides and keywords",
    options: {
      local: {
        sep: "/",
        customflag_a: "$Work",
        nametrans: "lambda n: n.replace('job', 'Work')",
      },
      remote: { nametrans: "lambda n: n.replace('Work', 'job')" },
    },
    folders: [["INBOX", "INBOX"], ["Work/Projects", "job/Projects"]],
  },
  {
    name: "folders with odd names",
    options: { account: { utf8foldernames: true } },
    folders: [["Gäste & Co", "Gäste & Co"], ["it's, well", "it's, well"]],
  },
];

/** One thing that somebody does; `pick` chooses among what there is. */
interface Edit {
  readonly kind: "arrive" | "remove" | "flag" | "unflag" | "move";
  readonly side: "server" | "here";
  readonly folder: 0 | 1;
  readonly pick: number;
  readonly letter: "S" | "F" | "R";
}

/** What happens between two runs, and whose run it is. */
interface Round {
  readonly edits: readonly Edit[];
  readonly by: "ours" | "theirs";
}

const edits = fc.record<Edit>({
  kind: fc.constantFrom("arrive", "remove", "flag", "flag", "unflag", "move"),
  side: fc.constantFrom("server", "here"),
  folder: fc.constantFrom(0, 1),
  pick: fc.nat(1000),
  letter: fc.constantFrom("S", "F", "R"),
});

const rounds = fc.array(
  fc.record<Round>({
    edits: fc.array(edits, { minLength: 1, maxLength: 6 }),
    by: fc.constantFrom("ours", "theirs"),
  }),
  { minLength: 4, maxLength: 7 },
);

const FLAGS = { S: "\\Seen", F: "\\Flagged", R: "\\Answered" } as const;

/** What both sides must end with: each message's folder and letters. */
class Model {
  readonly messages = new Map<string, { folder: number; letters: string }>();
  /** Those that somebody touched since the last run: once is enough. */
  readonly #touched = new Set<string>();
  #serial = 0;

  constructor(readonly world: World, readonly setup: Setup) {}

  async seed(): Promise<void> {
    for (const [index, [remote]] of this.setup.folders.entries()) {
      const labels = Array.from({ length: 6 }, () => this.#label());
      await this.world.seed(remote, labels.map((label) => mail(label, "S")));
      for (const label of labels) {
        this.messages.set(label, { folder: index, letters: "S" });
      }
    }
  }

  runs(): void {
    this.#touched.clear();
  }

  #label(): string {
    return `m${String(++this.#serial).padStart(3, "0")}x`;
  }

  async apply({ kind, side, folder, pick, letter }: Edit): Promise<void> {
    const { world, setup, messages } = this;
    const [remote = "", local = ""] = setup.folders[folder] ?? [];
    if (kind === "arrive") {
      const label = this.#label();
      messages.set(label, { folder, letters: "S" });
      this.#touched.add(label);
      if (side === "server") await world.seed(remote, [mail(label, "S")]);
      else world.deliver(local, label, "S");
      return;
    }
    const labels = [...messages.keys()].filter((label) =>
      messages.get(label)?.folder === folder && !this.#touched.has(label)
    );
    const label = labels[pick % Math.max(labels.length, 1)];
    const message = messages.get(label ?? "");
    if (label === undefined || message === undefined) return;
    this.#touched.add(label);
    const { tree } = world;
    if (kind === "remove") {
      messages.delete(label);
      if (side === "server") await world.expunge(remote, label);
      else tree.remove(tree.find(label, local));
    } else if (kind === "move") {
      const other = folder === 0 ? 1 : 0;
      tree.move(tree.find(label, local), setup.folders[other]?.[1] ?? "");
      message.folder = other;
    } else {
      const rest = message.letters.replace(letter, "");
      message.letters = [...rest + (kind === "flag" ? letter : "")]
        .sort().join("");
      if (side === "server") {
        const how = kind === "flag" ? "add" : "remove";
        await world.mark(how, FLAGS[letter], remote, label);
      } else tree.setLetters(tree.find(label, local), message.letters);
    }
  }

  /** Both sides hold exactly these messages, each once. */
  async check(): Promise<void> {
    const shown = (await this.world.lines()).flatMap((line) => {
      const [, where, folder, label, rest = ""] =
        /^(maildir|server) (.*): (m\d+x) (.*) #\w+$/.exec(line) ?? [];
      if (where === undefined) return [];
      const flags = Object.entries(FLAGS).filter(([letter, flag]) =>
        where === "server"
          ? rest.includes(flag)
          : new RegExp(`:2,\\w*${letter}`).test(rest)
      ).map(([letter]) => letter).sort().join("");
      return [`${where} ${folder} ${label} ${flags}`];
    });
    const wanted = [...this.messages].flatMap(([label, message]) => {
      const [remote, local] = this.setup.folders[message.folder] ?? [];
      return [
        `server ${remote} ${label} ${message.letters}`,
        `maildir ${local} ${label} ${message.letters}`,
      ];
    });
    assert.deepEqual(shown.sort(), wanted.sort());
  }
}

async function play(setup: Setup, plan: readonly Round[]): Promise<void> {
  await using site = await Site.open();
  const world = await site.world("base", setup.options);
  const model = new Model(world, setup);
  await model.seed();
  ended(await world.theirs("-u", "basic"));
  for (const { edits, by } of plan) {
    for (const edit of edits) await model.apply(edit);
    ended(await world[by]());
    model.runs();
    await model.check();
  }
  // Whoever did not run last finds nothing to do, and neither does the other.
  for (const by of ["ours", "theirs", "ours"] as const) {
    const files = world.tree.snapshot();
    await world.clearCommands();
    ended(await world[by]());
    assert.deepEqual(await world.transfers(), [], `${by} is not idle`);
    assert.deepEqual(world.tree.snapshot(), files, `${by} touched files`);
  }
  await model.check();
}

function ended({ code, stdout, stderr }: Ended): void {
  assert.equal(code, 0, stdout + stderr);
}

for (const setup of SETUPS) {
  differentialTest(
    `OfflineIMAP and ours agree in any order of turns: ${setup.name}`,
    async () => {
      await fc.assert(
        fc.asyncProperty(rounds, (plan) => play(setup, plan)),
        { numRuns: 2, endOnFailure: true },
      );
    },
  );
}

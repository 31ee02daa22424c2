/** Labels of Gmail: the real OfflineIMAP and ours on the same server and files. */
import assert from "node:assert/strict";
import {
  type ImapServer,
  type MailboxSeed,
  startImapServer,
} from "../support/imap_server/mod.ts";
import { openProgram, type Program } from "../support/program.ts";
import type { Section } from "../support/program_config.ts";
import { differentialTest } from "./support.ts";

function mail(number: number): string {
  return `Message-ID: <${number}@x>\r\nSubject: Number ${number}\r\n` +
    "Date: Mon, 1 Jan 2024 00:00:00 +0000\r\n\r\n" +
    `Body of ${number}\r\n`;
}

/** Labels of the message 3, by what is odd about them. */
const ODD: readonly string[] = [
  ...Array.from({ length: 9 }, (_, at) => `long-label-without-blanks-${at}`),
  "with blanks in it",
  "Ärger & Umlaute",
];

/** What OfflineIMAP writes anew in each run, since it cannot read it back. */
const COMMA: MailboxSeed = { name: "with,comma", messages: [mail(3)] };

const MAILBOXES: readonly MailboxSeed[] = [
  { name: "INBOX", messages: [mail(1), mail(2), mail(3), mail(4)] },
  { name: "Work", messages: [mail(1), mail(4)] },
  { name: "Projects/One", messages: [mail(1)] },
  ...ODD.map((name) => ({ name, messages: [mail(3)] })),
];

class World implements AsyncDisposable {
  readonly server: ImapServer;
  readonly program: Program;
  readonly #resources = new AsyncDisposableStack();

  constructor(
    account: Section = {},
    mailboxes: readonly MailboxSeed[] = MAILBOXES,
  ) {
    this.server = this.#resources.use(
      startImapServer({ profile: "gmail", mailboxes }),
    );
    this.program = this.#resources.use(openProgram({
      server: this.server,
      account: { synclabels: true, ...account },
      local: { type: "GmailMaildir" },
      remote: {
        type: "Gmail",
        folderfilter: "lambda name: name in ['INBOX', 'Work']",
      },
    }));
  }

  async theirs(): Promise<void> {
    const { home, configFile } = this.program;
    const { code, stdout, stderr } = await new Deno.Command("offlineimap", {
      args: ["-c", configFile, "-u", "basic"],
      env: { HOME: home },
    }).output();
    const text = [stdout, stderr].map((bytes) =>
      new TextDecoder().decode(bytes)
    ).join("");
    assert.equal(code, 0, text);
  }

  async ours(): Promise<void> {
    const { code, output } = await this.program.sync();
    assert.equal(code, 0, output);
  }

  /** Every file's folder, flags and content. */
  files(): string[] {
    return ["INBOX", "Work"].flatMap((folder) =>
      this.program.tree.files(folder).map(({ name, path }) =>
        `${folder} ${/,U=.*/.exec(name)?.[0]} ${Deno.readTextFileSync(path)}`
      )
    ).sort();
  }

  /** What a run changes: files that differ, commands that transfer or change. */
  async changes(run: () => Promise<void>): Promise<string[]> {
    const before = this.files();
    this.server.log.clear();
    await run();
    const after = this.files();
    return [
      ...before.filter((file) => !after.includes(file)),
      ...after.filter((file) => !before.includes(file)),
      ...this.server.log.entries.filter(({ name, text }) =>
        /STORE|APPEND|EXPUNGE|COPY|MOVE/.test(name) || /BODY/.test(text)
      ).map(({ name, text }) => `${name} ${text}`),
    ];
  }

  /** Edits the file of a message in INBOX as a mail program does. */
  edit(uid: number, from: string, to: string): void {
    const file = this.program.tree.files("INBOX").find(({ name }) =>
      name.includes(`,U=${uid},`)
    );
    assert.ok(file);
    const text = Deno.readTextFileSync(file.path);
    assert.ok(text.includes(from), text);
    Deno.writeTextFileSync(file.path, text.replace(from, to));
    // OfflineIMAP counts in whole seconds.
    const later = new Date(Date.now() + 2_000);
    Deno.utimeSync(file.path, later, later);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

for (const labelsheader of ["X-Keywords", "X-Label", "Keywords", "X-Own"]) {
  differentialTest(
    `Labels are written into ${labelsheader} as OfflineIMAP writes them`,
    async () => {
      const plain = MAILBOXES.slice(0, 3);
      await using one = new World({ labelsheader }, plain);
      await using other = new World({ labelsheader }, plain);
      await one.theirs();
      await other.ours();
      assert.deepEqual(other.files(), one.files());
    },
  );
}

for (const labelsheader of ["X-Keywords", "X-Label"]) {
  differentialTest(
    `OfflineIMAP's labels in ${labelsheader} are taken over, and given back`,
    async () => {
      await using world = new World({ labelsheader, ignorelabels: "Work" });
      await world.theirs();
      assert.deepEqual(await world.changes(() => world.ours()), []);
      assert.deepEqual(await world.changes(() => world.ours()), []);
      assert.deepEqual(await world.changes(() => world.theirs()), []);
      assert.deepEqual(await world.changes(() => world.ours()), []);
    },
  );
}

differentialTest(
  "A label with a comma is taken over as the one label that it is",
  async () => {
    await using world = new World({}, [...MAILBOXES, COMMA]);
    await world.theirs();
    assert.deepEqual(await world.changes(() => world.ours()), []);
    world.edit(3, "with", "with");
    assert.deepEqual(await world.changes(() => world.ours()), []);
    assert.equal(world.server.mailbox("with,comma").count, 1);
  },
);

differentialTest(
  "OfflineIMAP finds nothing to do after ours wrote and changed labels",
  async () => {
    await using world = new World();
    await world.ours();
    world.server.mailbox("INBOX").copy(2, "[Gmail]/Important");
    world.edit(1, "Projects/One,", "Mine,");
    // What was changed in one folder is seen in the others by the next run.
    await world.ours();
    await world.ours();
    assert.deepEqual(await world.changes(() => world.theirs()), []);
  },
);

differentialTest(
  "Labels that OfflineIMAP changed in between are no surprise to ours",
  async () => {
    await using world = new World({}, MAILBOXES.slice(0, 3));
    await world.ours();
    await world.theirs();
    world.server.mailbox("INBOX").copy(2, "[Gmail]/Important");
    world.edit(4, "X-Keywords: Work", "X-Keywords: Work,Mine");
    await world.theirs();
    await world.theirs();
    assert.equal(world.server.mailbox("Mine").count, 1);
    assert.deepEqual(await world.changes(() => world.ours()), []);
    assert.deepEqual(await world.changes(() => world.theirs()), []);
  },
);

differentialTest(
  "A label that was edited since OfflineIMAP's last run is carried over by ours",
  async () => {
    await using world = new World({}, MAILBOXES.slice(0, 3));
    await world.theirs();
    world.edit(1, "Projects/One,", "Mine,");
    await world.ours();
    assert.equal(world.server.mailbox("Mine").count, 1);
    assert.equal(world.server.mailbox("Projects/One").count, 0);
    await world.ours();
    assert.deepEqual(await world.changes(() => world.theirs()), []);
  },
);

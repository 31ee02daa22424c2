/** D14: what cannot be brought to its new place is not deleted in its old one. */
import assert from "node:assert/strict";
import type { Vice } from "../support/imap_server/vices.ts";
import { assertBoth, mails, openPair, type Pair, wire } from "./support.ts";

const LABELS = ["m-0", "m-1", "m-2"];

function open(profile: { readonly move: boolean; readonly uidplus: boolean }) {
  return openPair({
    profile,
    mailboxes: [{ name: "INBOX", messages: mails(3) }, { name: "Archive" }],
  });
}

/** What a mail program does that knows nothing of names: a new file. */
function saveTo({ program }: Pair, label: string, folder: string): void {
  const file = program.tree.find(label);
  program.tree.deliver(folder, Deno.readFileSync(file.path), "S");
  program.tree.remove(file);
}

const OBSTACLES: readonly { readonly what: string; readonly vice: Vice }[] = [
  ...["NOPERM", "CANNOT", "OVERQUOTA"].map((code) => ({
    what: `takes no messages (${code})`,
    vice: {
      kind: "refuse" as const,
      ...{ reply: "NO" as const, code },
      when: { command: /MOVE|COPY|APPEND/ },
    },
  })),
  {
    what: "takes none so large",
    vice: {
      kind: "refuse",
      ...{ reply: "NO", code: "TOOBIG" },
      when: { command: /MOVE|COPY|APPEND/ },
    },
  },
  {
    what: "opens for nobody",
    vice: { kind: "refuseSelect", mailbox: "Archive", code: "NOPERM" },
  },
  {
    what: "opens for nobody now",
    vice: { kind: "refuseSelect", mailbox: "Archive" },
  },
];

for (const canMove of [true, false]) {
  const profile = { move: canMove, uidplus: canMove };
  for (const how of ["moved", "saved"] as const) {
    for (const { what, vice } of OBSTACLES) {
      Deno.test(`D14: a message ${how} to a folder that ${what} stays where it was, ${canMove ? "with" : "without"} MOVE`, async () => {
        await using pair = open(profile);
        const { server, program } = pair;
        await program.sync();
        if (how === "saved") saveTo(pair, "m-1", "Archive");
        else program.tree.move(program.tree.find("m-1"), "Archive");
        program.tree.remove(program.tree.find("m-2"));
        const obstacle = server.vices.add(vice);
        // The second run may remember what the first was told.
        for (let run = 0; run < 3; run++) {
          const { output } = await program.sync();
          assert.match(output, /could not be copied|wait for the next run/);
          const kept = server.mailbox("INBOX").messages()
            .map(({ source }) => new TextDecoder().decode(source));
          assert.ok(kept.includes(wire("m-1")), `run ${run}: ${output}`);
        }
        obstacle.remove();
        // These are refused for good: what is allowed is done.
        const forGood = /large|CANNOT/.test(what) &&
          !(canMove && how === "moved");
        const args = forGood ? ["--allow-deletes"] : [];
        await program.sync({ args });
        await program.sync({ args });
        assert.equal(program.tree.files("Archive").length, 1);
        assert.equal(server.mailbox("Archive").count, forGood ? 0 : 1);
        assert.equal(server.mailbox("INBOX").count, 1);
      });
    }
  }
}

Deno.test("D14: while it cannot be found out what stays where it was, nothing is deleted", async () => {
  await using pair = openPair({
    profile: { move: false, uidplus: true },
    mailboxes: [
      { name: "Archive" },
      { name: "Drafts", messages: mails(3).slice(0, 1) },
      { name: "INBOX", messages: mails(3).slice(1) },
    ],
  });
  const { server, program } = pair;
  await program.sync();
  saveTo(pair, "m-1", "Archive");
  program.tree.remove(program.tree.find("m-0"));
  server.vices.add({
    kind: "refuse",
    ...{ reply: "NO", code: "NOPERM" },
    when: { command: "APPEND" },
  });
  // From the moment on when all folders but the last one were looked at.
  const { output, code } = await program.sync({
    args: ["-1"],
    onEvent: (event) => {
      if (event.type !== "mailbox.started" || event.mailbox !== "INBOX") return;
      server.vices.add({
        kind: "refuseSelect",
        mailbox: "Drafts",
        code: "NOPERM",
      });
    },
  });
  assert.equal(code, 1, output);
  assert.match(output, /Drafts/);
  assert.match(output, /wait for the next run/);
  assert.equal(server.mailbox("INBOX").count, 2, output);
});

for (const code of [undefined, "NOPERM"]) {
  Deno.test(`D14: a message moved to a folder that the server does not make (${code}) stays where it was`, async () => {
    await using pair = open({ move: true, uidplus: true });
    const { server, program } = pair;
    await program.sync();
    program.tree.create("New");
    program.tree.move(program.tree.find("m-1"), "New");
    const obstacle = server.vices.add({
      kind: "refuse",
      ...{ reply: "NO", ...(code === undefined ? {} : { code }) },
      when: { command: "CREATE" },
    });
    for (let run = 0; run < 2; run++) {
      const { code, output } = await program.sync();
      assert.equal(code, 1);
      assert.match(output, /not deleted on the server: they are in "New" now/);
      assert.equal(server.mailbox("INBOX").count, 3);
    }
    obstacle.remove();
    await program.sync();
    await program.sync();
    assertBoth(pair, LABELS);
    assert.equal(server.mailbox("INBOX").count, 2);
  });
}

Deno.test("D14: what a user puts into a folder of this side alone is deleted on the server", async () => {
  await using pair = openPair({}, { remote: { createfolders: false } });
  const { server, program } = pair;
  await program.sync();
  program.tree.create("Mine");
  program.tree.move(program.tree.find("m-1"), "Mine");
  assert.equal((await program.sync()).code, 0);
  assert.equal(server.mailbox("INBOX").count, 2);
});

Deno.test("D14: what was refused counts in a run that is not about its folder", async () => {
  await using pair = open({ move: true, uidplus: true });
  const { server, program } = pair;
  await program.sync();
  server.vices.add({ kind: "refuseAppend", code: "TOOBIG" });
  const file = program.tree.find("m-1");
  program.tree.deliver("Archive", Deno.readFileSync(file.path), "S");
  assert.equal((await program.sync()).code, 1);
  program.tree.remove(file);
  const { output } = await program.sync({ args: ["-f", "INBOX"] });
  assert.match(output, /they are in "Archive" now/);
  assert.equal(server.mailbox("INBOX").count, 3);
});

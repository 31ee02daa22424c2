/** Labels on both sides, killed before every step: no message lost, none doubled. */
import assert from "node:assert/strict";
import {
  type ImapServer,
  startImapServer,
} from "../support/imap_server/mod.ts";
import { INFO } from "../support/maildir_tree.ts";
import { openProgram, type Program } from "../support/program.ts";

function mail(number: number): string {
  return `Message-ID: <${number}@x>\r\nSubject: Number ${number}\r\n\r\n` +
    `Body of ${number}\r\n`;
}

class Killed extends Error {}

interface World extends AsyncDisposable {
  readonly server: ImapServer;
  readonly program: Program;
}

function open(): World {
  const stack = new AsyncDisposableStack();
  const server = stack.use(startImapServer({
    profile: "gmail",
    mailboxes: [
      { name: "INBOX", messages: [mail(1), mail(2), mail(3)] },
      { name: "Work", messages: [mail(1)] },
    ],
  }));
  const program = stack.use(openProgram({
    server,
    account: { synclabels: true },
    local: { type: "GmailMaildir" },
    remote: {
      type: "Gmail",
      maxconnections: 1,
      folderfilter: "lambda name: name == 'INBOX'",
    },
  }));
  return {
    server,
    program,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Changes of labels on both sides, one of each kind, and flags with them. */
function change({ server, program }: World): void {
  server.mailbox("INBOX").copy(2, "Work");
  server.mailbox("Work").expunge(1);
  server.mailbox("INBOX").setFlags(2, ["\\Seen"], "add");
  const { tree } = program;
  const edit = (uid: number, labels: string) => {
    const file = tree.files("INBOX").find(({ name }) =>
      name.includes(`,U=${uid},`)
    );
    assert.ok(file);
    const text = Deno.readTextFileSync(file.path);
    Deno.writeTextFileSync(
      file.path,
      text.replace(/X-Keywords:.*/, `X-Keywords: ${labels}`),
    );
  };
  edit(1, "Work,Mine");
  edit(3, "Mine");
  Deno.writeTextFileSync(
    `${tree.root}/INBOX/cur/9.new${INFO}`,
    "Message-ID: <4@x>\nX-Keywords: Mine\n\nBody of 4\n",
  );
}

/** Message bodies with labels, of both sides, in words. */
function state({ server, program }: World): string[] {
  const local = program.tree.files("INBOX").map(({ path }) => {
    const text = Deno.readTextFileSync(path);
    const labels = /^X-Keywords:(.*)$/m.exec(text)?.[1]?.trim();
    return `local ${/Body of \d/.exec(text)?.[0]} ${labels}`;
  });
  const remote = server.mailbox("INBOX").messages().map((message) => {
    const text = new TextDecoder().decode(message.source);
    const labels = ["Mine", "Work"].filter((name) =>
      server.mailbox(name).exists &&
      server.mailbox(name).messages().some(({ emailId }) =>
        emailId === message.emailId
      )
    );
    return `remote ${/Body of \d/.exec(text)?.[0]} ${labels.join(",")}`;
  });
  return [...local, ...remote].sort();
}

const WANTED = [
  "local Body of 1 Mine",
  "local Body of 2 Work",
  "local Body of 3 Mine",
  "local Body of 4 Mine",
  "remote Body of 1 Mine",
  "remote Body of 2 Work",
  "remote Body of 3 Mine",
  "remote Body of 4 Mine",
];

/** The run with all steps from the k-th on failing. @returns whether it ended well */
async function killedAt(world: World, kill: number): Promise<boolean> {
  let steps = 0;
  let killed = false;
  await world.program.sync({
    step: () => {
      if (++steps < kill) return;
      killed = true;
      throw new Killed();
    },
  }).catch((error) => assert.ok(error instanceof Killed, `${error}`));
  world.server.cutAll();
  return !killed;
}

/** Every message is whole, once on each side, whatever its labels are now. */
function assertNothingLost(world: World): void {
  const bodies = state(world).map((line) =>
    line.split(" ").slice(0, 4).join(" ")
  );
  const of = (side: string) =>
    new Set(bodies.filter((line) => line.startsWith(side)));
  for (const side of ["local", "remote"]) {
    for (const number of [1, 2, 3]) {
      assert.ok(of(side).has(`${side} Body of ${number}`), bodies.join("\n"));
    }
  }
  assert.ok(of("local").has("local Body of 4"));
}

Deno.test("Labels that are killed at any step are in step after the next runs", async () => {
  let done = false;
  for (let kill = 1; !done; kill++) {
    await using world = open();
    assert.equal((await world.program.sync()).code, 0);
    change(world);
    done = await killedAt(world, kill);
    assertNothingLost(world);
    for (let run = 0; run < 2; run++) {
      const { code, output } = await world.program.sync();
      assert.equal(code, 0, `killed at ${kill}: ${output}`);
    }
    assert.deepEqual(state(world), WANTED, `killed at ${kill}`);
  }
});

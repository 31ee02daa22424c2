/** What somebody else put into the Maildir: links, and files that are none. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { mail, mails } from "../../faults/support.ts";
import { assertPlain, openWorld, POSIX, type World } from "./world.ts";

const SECRET = "neighbour-secret";

/** A world that was synchronised once, and then looked after by an enemy. */
async function settled(): Promise<World> {
  const world = openWorld({
    server: {
      mailboxes: [
        { name: "INBOX", messages: mails(2) },
        { name: "Work", messages: mails(2, "work") },
      ],
    },
  });
  const { code, output } = await world.run();
  assert.equal(code, 0, output);
  world.plant("home/elsewhere/stolen", mail(SECRET));
  return world;
}

/** Nothing of elsewhere went to the server; what can go both ways goes on. */
async function assertHarmless(world: World): Promise<string> {
  world.tree.deliver("INBOX", mail("honest"));
  world.server.mailbox("INBOX").append(mail("news").replaceAll("\n", "\r\n"));
  const { code, output } = await world.run();
  const sent = world.server.mailboxNames().flatMap((name) =>
    world.server.mailbox(name).messages().map(({ source }) =>
      new TextDecoder().decode(source)
    )
  );
  for (const text of sent) {
    assert.doesNotMatch(text, /root:|neighbour-secret|good-\d|a secret/);
  }
  assert.ok(sent.some((text) => text.includes("honest")), output);
  world.tree.find("news", "INBOX");
  assertPlain(output);
  assert.ok(code === 0 || code === 1, output);
  assert.doesNotMatch(output, /broke off/);
  world.assertConfined();
  world.assertNeighbour();
  return output;
}

const FILES: Record<string, (world: World) => string> = {
  "/etc/passwd": () => "/etc/passwd",
  "a neighbour's message": ({ neighbour }) => {
    const folder = join(neighbour, "INBOX", "new");
    for (const { name } of Deno.readDirSync(folder)) return join(folder, name);
    return join(neighbour, "INBOX", "cur");
  },
  "a file of the user's": ({ root }) => join(root, "home/elsewhere/stolen"),
  "nothing": () => "/nowhere/at/all",
  "itself": () => "1.M1P1.here:2,S",
  "a device": () => "/dev/zero",
  "a folder": () => "/etc",
};

for (const [title, target] of Object.entries(FILES)) {
  Deno.test(
    `a message file that is a link to ${title} is not sent`,
    POSIX,
    async () => {
      await using world = await settled();
      const link = join(world.mail, "Work/cur/1.M1P1.here:2,S");
      Deno.symlinkSync(target(world), link);
      world.notice();
      await assertHarmless(world);
    },
  );
}

const FOLDERS: Record<string, (world: World) => string> = {
  "a neighbour's folder": ({ neighbour }) => join(neighbour, "INBOX"),
  "a neighbour's Maildir": ({ neighbour }) => neighbour,
  "/etc": () => "/etc",
  "nothing": () => "/nowhere/at/all",
  "what is above it": ({ root }) => root,
  "itself": ({ mail }) => mail,
};

for (const [title, target] of Object.entries(FOLDERS)) {
  Deno.test(
    `a folder that is a link to ${title} opens nothing of it`,
    POSIX,
    async () => {
      await using world = await settled();
      Deno.symlinkSync(target(world), join(world.mail, "Evil"));
      world.notice();
      await assertHarmless(world);
    },
  );
}

for (const part of ["cur", "new", "tmp"]) {
  Deno.test(
    `a ${part} that is a link to elsewhere neither gives nor takes`,
    POSIX,
    async () => {
      await using world = await settled();
      const path = join(world.mail, "Work", part);
      for (const { name } of Deno.readDirSync(path)) {
        Deno.removeSync(join(path, name));
      }
      Deno.removeSync(path);
      Deno.symlinkSync(join(world.root, "home/elsewhere"), path);
      world.notice();
      world.server.mailbox("Work").append(
        mail("more").replaceAll("\n", "\r\n"),
      );
      await assertHarmless(world);
    },
  );
}

Deno.test("a pipe among the messages stops nothing", POSIX, async () => {
  await using world = await settled();
  const pipe = join(world.mail, "Work/cur/1.M1P1.here:2,S");
  await new Deno.Command("mkfifo", { args: [pipe] }).output();
  world.notice();
  await assertHarmless(world);
});

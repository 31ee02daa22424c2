/** Names that a server gives to mailboxes, and what becomes of them here. */
import assert from "node:assert/strict";
import { mails } from "../../faults/support.ts";
import { assertPlain, openWorld, POSIX } from "./world.ts";

/** As they go over the wire, in quotes. */
const NAMES: Record<string, string> = {
  "a step up": "..",
  "a step up, and down elsewhere": "../elsewhere",
  "the neighbour's Maildir": "../neighbour/INBOX",
  "the metadata": "../metadata/Account-good",
  "steps up in the middle": "a/../../elsewhere",
  "an absolute name": "/etc/cron.d/x",
  "a device": "/dev/null",
  "an empty level": "a//b",
  "a slash at the end": "b/",
  "a slash alone": "/",
  "the folder itself": ".",
  "the folder itself, below": "c/./d",
  "a part of every Maildir": "new",
  "a part of every Maildir, below": "INBOX/cur",
  "a part of every Maildir, with more below": "tmp/x",
  "the mark of a mounted disk": ".offlineimap-maildir",
  "NUL, encoded": "e&AAA-f",
  "a slash, encoded": "&AC8-etc&AC8-passwd",
  "dots, encoded": "&AC4ALg-/elsewhere",
  "ten thousand letters": "x".repeat(10_000),
  "three hundred levels": "d/".repeat(300) + "d",
  "a lone surrogate": "&2AA-",
  "terminal codes": "g&ABs-[2J&ABs-]0;owned&AAc-",
  "line ends": "h&AA0ACg-A1 DELETE INBOX&AA0ACg-",
};

/** Strange, but nothing that this system would mind. */
const HARMLESS = [
  "C:\\\\Windows",
  "\\\\\\\\server\\\\share",
  "CON",
  "nul.txt",
  "COM1",
  "...",
  "~root",
  "-rf",
  "$(reboot)",
  "`reboot`",
  "%00",
  "x:2,FS",
  "U=7,FMD5=0",
];

/** Names that become folders here as they were sent: this is no modified UTF-7. */
const RAW = [
  "&2AA-",
  "&AC4ALg-/elsewhere",
  "&AC8-etc&AC8-passwd",
];

const MAILBOXES = [
  { name: "INBOX", messages: mails(2) },
  { name: "Fine", messages: mails(2, "fine") },
];

function rowsOf(names: readonly string[], separator = '"/"'): string[] {
  return names.map((name) => `LIST (\\HasNoChildren) ${separator} "${name}"`);
}

Deno.test(
  "a server's folder names lead nowhere, and each is told",
  POSIX,
  async () => {
    const rows = rowsOf([...Object.values(NAMES), ...HARMLESS]);
    await using world = openWorld({
      server: { mailboxes: MAILBOXES, vices: [{ kind: "listRows", rows }] },
    });
    const { code, output } = await world.run();
    world.assertConfined();
    world.assertNeighbour();
    assertPlain(output);
    assert.equal(code, 1, output);
    assert.doesNotMatch(output, /broke off|NotCapable|Requires/);
    // What follows a line end in a name cannot pass for a line of ours.
    assert.doesNotMatch(output, /^A1 DELETE/m);
    assert.equal(world.server.log.count("DELETE"), 0);
    const folders = world.tree.folders();
    for (const name of ["Fine", "INBOX"]) {
      assert.equal(world.tree.files(name).length, 2, name);
    }
    for (const name of [...RAW, ...HARMLESS.map(unquote)]) {
      assert.ok(folders.includes(name), name);
    }
    assertInside(folders);
  },
);

Deno.test(
  "a server's folder names lead nowhere, whatever separates their levels",
  POSIX,
  async (t) => {
    const rows = [
      ...rowsOf(["../elsewhere", "..", "/etc/passwd", "x/../../y"], '"."'),
      ...rowsOf(["../elsewhere", "a/b"], "NIL"),
      ...rowsOf(["..\\\\elsewhere", "c\\\\d"], '"\\\\"'),
      ...rowsOf(["..&elsewhere", "e&f"], '"&"'),
      ...rowsOf(["g..elsewhere"], '"g"'),
      ...rowsOf(["..^A"], '"^"'),
    ];
    for (const sep of [".", "/"]) {
      for (const mine of ["/", "."]) {
        await t.step(`"${mine}" there, "${sep}" here`, async () => {
          await using world = openWorld({
            server: {
              profile: { base: "dovecot", separator: mine },
              mailboxes: MAILBOXES,
              vices: [{ kind: "listRows", rows }],
            },
            local: { sep },
          });
          const { code, output } = await world.run();
          world.assertConfined();
          world.assertNeighbour();
          assertPlain(output);
          assert.equal(code, 1, output);
          assert.doesNotMatch(output, /broke off|NotCapable|Requires/);
          assert.equal(world.tree.files("INBOX").length, 2, output);
          assert.equal(world.tree.files("Fine").length, 2, output);
          assertInside(world.tree.folders());
        });
      }
    }
  },
);

/** No folder is where another program keeps something, nor above the root. */
function assertInside(folders: readonly string[]): void {
  for (const name of folders.filter((name) => name !== "")) {
    for (const level of name.split("/")) {
      assert.doesNotMatch(level, /^(\.\.?|cur|new|tmp|)$/, name);
    }
  }
}

/** A quoted string of IMAP without its escapes. */
function unquote(text: string): string {
  return text.replaceAll(/\\(.)/g, "$1");
}

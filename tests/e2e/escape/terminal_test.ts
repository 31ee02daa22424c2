/** Words of a server that a terminal, a log or another server would obey. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { mail, mails } from "../../faults/support.ts";
import { assertPlain, openWorld, POSIX, type World } from "./world.ts";

/** Clears the screen, sets the title, reports back, and turns the writing. */
const CODES = "\x1b[2J\x1b]0;owned\x07\x1b[6n\x9b31m\x08\x7f\xe2\x80\xae";

const HOSTILE_MAIL = `From: ${CODES}@example.org\r\nSubject: ${CODES}\r\n` +
  `Message-ID: <${CODES}@example.org>\r\n\r\nHello.\r\n`;

function hostileWorld(): World {
  return openWorld({
    server: {
      mailboxes: [
        { name: "INBOX", messages: [...mails(2), { source: HOSTILE_MAIL }] },
        { name: "Work", messages: mails(2, "work") },
      ],
      vices: [
        {
          kind: "refuse",
          reply: "NO",
          code: "NOPERM",
          text: `No ${CODES}`,
          when: { command: /SELECT|EXAMINE/, mailbox: "Work" },
        },
      ],
    },
    rewrite: (text) =>
      text.replaceAll(/^(\S+ OK .*)\r$/gm, `$1 ${CODES}\r`)
        .replaceAll("[CAPABILITY", `[ALERT] ${CODES}\r\n* OK [CAPABILITY`)
        .replaceAll("FLAGS (\\Seen", `FLAGS (\\Seen ${CODES.slice(0, 4)}x`),
  });
}

for (const ui of ["basic", "quiet", "ttyui", "machineui", "syslog"]) {
  Deno.test(
    `-u ${ui} shows a server's words as text, and so does its log`,
    POSIX,
    async () => {
      await using world = hostileWorld();
      const log = join(world.root, "log");
      const debug = ui === "basic" ? ["-d", "all"] : [];
      const { code, output } = await world.run(["-u", ui, "-l", log, ...debug]);
      assert.equal(code, 1, output);
      assertPlain(output);
      assertPlain(Deno.readTextFileSync(log));
      assert.doesNotMatch(output, /broke off|NotCapable|Requires/);
      world.assertNeighbour();
    },
  );
}

Deno.test(
  "names of local folders are no commands to the server",
  POSIX,
  async () => {
    await using world = openWorld({
      server: {
        mailboxes: [
          { name: "INBOX", messages: mails(2) },
          { name: "Work", messages: mails(2, "work") },
        ],
      },
    });
    assert.equal((await world.run()).code, 0);
    const names = [
      'a"\r\nX1 DELETE Work\r\nX2 NOOP "',
      "b\r\nX1 DELETE Work",
      "c\nX1 DELETE Work",
      "d{5+}\r\nWork",
      'e" "',
      "f\\",
      "g)",
      "h&",
      "i*%",
      "\x1b[2Jj",
    ];
    for (const name of names) {
      world.tree.create(name);
      world.tree.deliver(name, mail("up"), "S");
    }
    const { code, output } = await world.run();
    assertPlain(output);
    const { log } = world.server;
    assert.equal(log.count("DELETE"), 0, output);
    assert.deepEqual(log.names().filter((name) => /^X\d/.test(name)), []);
    assert.equal(world.server.mailbox("Work").count, 2);
    for (const name of names.filter((name) => !/[*%]/.test(name))) {
      const there = world.server.mailbox(name);
      assert.ok(there.exists && there.count === 1, JSON.stringify(name));
    }
    assert.ok(code === 0 || code === 1, output);
  },
);

Deno.test(
  "names of local messages are no commands, and lie to nobody",
  POSIX,
  async () => {
    await using world = openWorld();
    assert.equal((await world.run()).code, 0);
    const names = [
      "1.x.h,U=99999999999999999999:2,S",
      "2.x.h,U=-1:2,S",
      "3.x.h,U=0,FMD5=7e33429f656f1e6e9d79b29c3f82c57e:2,S",
      "4.x.h,U=1,FMD5=7e33429f656f1e6e9d79b29c3f82c57e:2,S",
      "5.x.h,U=2,U=1:2,",
      "6.x.h:2,S:2,T",
      "7.x.h:2,S\r\nX1 DELETE INBOX",
      "8.x.h\r\nX1 DELETE INBOX:2,S",
      "9.x.h:2,../../x".replaceAll("/", "\\"),
      "10.x.h:2,TTTTTTTTTT\x1b[2J",
    ];
    for (const [at, name] of names.entries()) {
      Deno.writeTextFileSync(
        join(world.mail, "INBOX/cur", name),
        mail(`local-${at}`),
      );
    }
    const { code, output } = await world.run();
    assertPlain(output);
    assert.equal(code, 0, output);
    assert.equal(world.server.log.count("DELETE"), 0);
    const sent = world.server.mailbox("INBOX").messages().map(({ source }) =>
      /^Subject: (.*)$/m.exec(new TextDecoder().decode(source))?.[1]?.trim()
    );
    for (const label of ["m-0", "m-1"]) assert.ok(sent.includes(label));
    for (const at of names.keys()) {
      assert.equal(
        sent.filter((one) => one === `local-${at}`).length,
        1,
        `${at}`,
      );
    }
  },
);

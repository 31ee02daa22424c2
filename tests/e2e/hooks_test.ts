/** presynchook and postsynchook. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { startImapServer } from "../support/imap_server/mod.ts";
import { openProgram } from "../support/program.ts";
import {
  errorsOf,
  mail,
  mails,
  openPair,
  warningsOf,
  wire,
} from "./support.ts";

const ON_UNIX = { ignore: Deno.build.os === "windows" };

// shows: account.presynchook, account.postsynchook
Deno.test(
  "hooks run before and after, with their mode, and tell what they print",
  ON_UNIX,
  async () => {
    await using pair = openPair({}, {
      account: {
        presynchook: 'echo "before $OFFLINEIMAPSYNCMODE"; echo oh >&2',
        postsynchook: "echo after",
      },
    });
    const { output, events, code } = await pair.program.sync();
    assert.equal(code, 0);
    assert.match(
      output,
      /Calling hook: echo "before \$OFFLINEIMAPSYNCMODE"; echo oh >&2\nHook stdout: before full\n\nHook stderr:oh\n/,
    );
    assert.match(output, /Hook return code: 0\n/);
    const order = events.map(({ type }) => type)
      .filter((type) => type === "hook" || type === "connection.opening");
    assert.equal(order[0], "hook");
    assert.equal(order.at(-1), "hook");
    const quick = await pair.program.sync({ args: ["-q"] });
    assert.match(quick.output, /Hook stdout: before quick\n/);
  },
);

Deno.test(
  "a hook that fails or hangs up its output stops nothing, and is told",
  ON_UNIX,
  async () => {
    await using pair = openPair({}, {
      account: {
        presynchook: "printf '\\377\\376'; exit 3",
        postsynchook: "no-such-program-at-all",
      },
    });
    const run = await pair.program.sync();
    assert.deepEqual(errorsOf(run), []);
    assert.equal(run.code, 0);
    assert.deepEqual(warningsOf(run), [
      "presynchook of account test ended with status 3",
      "postsynchook of account test ended with status 127",
    ]);
    assert.equal(pair.program.tree.files("INBOX").length, 3);
  },
);

Deno.test(
  "postsynchook does not run when the account as a whole failed",
  ON_UNIX,
  async () => {
    await using pair = openPair();
    const { program } = pair;
    const ran = join(program.home, "ran");
    program.configure({ account: { postsynchook: `touch ${ran}` } });
    await pair.server.stop();
    assert.equal((await program.sync()).code, 1);
    assert.throws(() => Deno.statSync(ran));
  },
);

Deno.test(
  "hooks are told what was done, in the environment and as JSON on standard input",
  ON_UNIX,
  async () => {
    await using pair = openPair({
      mailboxes: [
        { name: "INBOX", messages: [...mails(2), ...mails(1, "new", [])] },
        { name: "Sent", messages: mails(1, "sent") },
      ],
    }, {
      account: {
        presynchook: "cat",
        postsynchook: 'cat; echo "$OFFLINEIMAP_ACCOUNT' +
          ' $OFFLINEIMAP_DOWNLOADED $OFFLINEIMAP_UNSEEN $OFFLINEIMAP_FAILURES"',
      },
    });
    const { events } = await pair.program.sync();
    const [before, after] = events.flatMap((event) =>
      event.type === "hook" ? [event.stdout] : []
    );
    assert.deepEqual(JSON.parse(before ?? ""), {
      hook: "presynchook",
      account: "test",
      mode: "full",
    });
    const [json = "", numbers] = (after ?? "").split("\n");
    assert.equal(numbers, "test 4 1 0");
    const none = { uploaded: 0, moved: 0, deleted: 0, flagged: 0 };
    assert.deepEqual(JSON.parse(json), {
      hook: "postsynchook",
      account: "test",
      mode: "full",
      ...none,
      downloaded: 4,
      unseen: 1,
      failures: 0,
      folders: {
        INBOX: { ...none, downloaded: 3, unseen: 1 },
        Sent: { ...none, downloaded: 1, unseen: 0 },
      },
    });
  },
);

Deno.test(
  "hooktimeout ends a hook that takes too long, and the run goes on",
  ON_UNIX,
  async () => {
    await using pair = openPair({}, {
      account: { presynchook: "sleep 60", hooktimeout: 1 },
    });
    const run = await pair.program.sync();
    assert.equal(run.code, 0);
    assert.deepEqual(warningsOf(run), [
      "presynchook of account test was stopped: it took longer than 1 seconds",
    ]);
    assert.equal(pair.program.tree.files("INBOX").length, 3);
  },
);

Deno.test(
  "stricthooks = yes leaves the account alone when its presynchook fails",
  ON_UNIX,
  async () => {
    await using pair = openPair();
    const { program } = pair;
    const ran = join(program.home, "ran");
    program.configure({
      account: {
        presynchook: "exit 1",
        postsynchook: `touch ${ran}`,
        stricthooks: true,
      },
    });
    const run = await program.sync();
    assert.equal(run.code, 1);
    assert.deepEqual(errorsOf(run), [
      "Account test was not synchronised: its presynchook failed",
    ]);
    assert.equal(pair.server.log.count("LOGIN"), 0);
    assert.throws(() => Deno.statSync(ran));
  },
);

/** A pythonfile whose hook notes what it is told, and a configuration with it. */
function withPython(
  { program }: { program: ReturnType<typeof openProgram> },
  body: string,
  side: "remote" | "local" = "remote",
): () => string[] {
  const file = join(program.home, "functions.py");
  const told = join(program.home, "told");
  Deno.writeTextFileSync(
    file,
    `import json, os\n\ndef notify():\n    with open(${
      JSON.stringify(told)
    }, "a") as f:\n        ${body}\n`,
  );
  program.configure({
    general: { pythonfile: file },
    [side]: { newmail_hook: "notify" },
  });
  return () => {
    try {
      return Deno.readTextFileSync(told).split("\n").filter(Boolean);
    } catch {
      return [];
    }
  };
}

Deno.test(
  "newmail_hook is called once for unread mail of the INBOX alone, and knows how much",
  { ignore: !hasPython() },
  async () => {
    await using pair = openPair({
      mailboxes: [
        { name: "INBOX", messages: [...mails(1), ...mails(2, "new", [])] },
        { name: "Lists", messages: mails(1, "list", []) },
      ],
    });
    const { program, server } = pair;
    const told = withPython(
      pair,
      'f.write(os.environ["OFFLINEIMAP_UNSEEN"] + " " + ' +
        'json.loads(os.environ["OFFLINEIMAP_JSON"])["folder"] + "\\n")',
    );
    const { code, output } = await program.sync();
    assert.equal(code, 0, output);
    assert.deepEqual(told(), ["2 INBOX"]);
    // What is read already, or comes elsewhere, or only goes up, is no new mail.
    server.mailbox("INBOX").append(wire("read"), { flags: ["\\Seen"] });
    server.mailbox("Lists").append(wire("listed"));
    program.tree.deliver("INBOX", mail("mine"));
    await program.sync();
    assert.deepEqual(told(), ["2 INBOX"]);
    server.mailbox("INBOX").append(wire("fresh"));
    assert.equal((await program.sync({ args: ["--dry-run"] })).code, 0);
    assert.deepEqual(told(), ["2 INBOX"]);
    await program.sync();
    assert.deepEqual(told(), ["2 INBOX", "1 INBOX"]);
  },
);

// shows: repository.newmail_hook
Deno.test(
  "newmail_hook of a local server is called for unread mail that came from there",
  { ignore: !hasPython() },
  async () => {
    await using there = startImapServer({
      mailboxes: [{ name: "INBOX", messages: mails(1, "there", []) }],
    });
    await using here = startImapServer({
      mailboxes: [
        { name: "INBOX", messages: [...mails(2, "here", []), ...mails(1)] },
        { name: "Mine", messages: mails(1, "mine", []) },
      ],
    });
    await using program = openProgram({ server: there, localServer: here });
    const told = withPython(
      { program },
      'f.write(os.environ["OFFLINEIMAP_UNSEEN"] + " of " + ' +
        'os.environ["OFFLINEIMAP_UPLOADED"] + "\\n")',
      "local",
    );
    const { code, output } = await program.sync();
    assert.equal(code, 0, output);
    assert.deepEqual(told(), ["2 of 3"]);
    // New mail of the other repository is none of its business.
    there.mailbox("INBOX").append(wire("fresh"));
    assert.equal((await program.sync()).code, 0);
    assert.deepEqual(told(), ["2 of 3"]);
    here.mailbox("INBOX").append(wire("again"));
    assert.equal((await program.sync()).code, 0);
    assert.deepEqual(told(), ["2 of 3", "1 of 1"]);
  },
);

Deno.test(
  "newmail_hook that fails is told, and stops nothing",
  { ignore: !hasPython() },
  async () => {
    await using pair = openPair({
      mailboxes: [{ name: "INBOX", messages: mails(1, "new", []) }],
    });
    withPython(pair, 'raise ValueError("no sound")');
    const run = await pair.program.sync();
    assert.equal(run.code, 0, run.output);
    assert.match(
      warningsOf(run).join(),
      /^newmail_hook of repository there failed: .*no sound/s,
    );
    assert.equal(pair.program.tree.files("INBOX").length, 1);
    assert.deepEqual(warningsOf(await pair.program.sync()), []);
  },
);

function hasPython(): boolean {
  try {
    return new Deno.Command("python3", {
      args: ["-c", "pass"],
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } catch {
    return false;
  }
}

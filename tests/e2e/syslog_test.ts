/** `-u syslog` and `-s`, with a program `logger` that writes to a file. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Program } from "../support/program.ts";
import { openPair } from "./support.ts";

const ON_UNIX = { ignore: Deno.build.os === "windows" };

/** Puts a `logger` before all others. @returns the environment and what it got. */
function fakeLogger({ home }: Program, script: string) {
  const folder = join(home, "bin");
  const log = join(home, "syslog");
  Deno.mkdirSync(folder);
  Deno.writeTextFileSync(log, "");
  Deno.writeTextFileSync(
    join(folder, "logger"),
    `#!/bin/sh\nLOG='${log}'\n${script}\n`,
    { mode: 0o755 },
  );
  return {
    env: { PATH: `${folder}:${Deno.env.get("PATH") ?? ""}` },
    lines: () => Deno.readTextFileSync(log).split("\n").filter(Boolean),
  };
}

const TAKE = `while IFS= read -r line; do printf '%s|%s\\n' "$*" "$line"; ` +
  'done >>"$LOG"';

Deno.test(
  "-u syslog tells all in the system's log, with its severities",
  ON_UNIX,
  async () => {
    await using pair = openPair({}, {
      account: { postsynchook: "exit 3" },
      general: { "no-such-option": 1 },
    });
    const { program } = pair;
    const { env, lines } = fakeLogger(program, TAKE);
    const { code, stdout, stderr } = await program.run({
      args: ["-u", "syslog"],
      env,
    });
    assert.equal(code, 0, stderr);
    assert.equal(stdout + stderr, "");
    const got = lines();
    for (const line of got) {
      assert.match(line, /^-t offlineimap\[\d+\] -p user\.(info|warning)\|/);
    }
    const text = got.map((line) => line.replace(/\[\d+\]/, "[PID]"));
    for (
      const line of [
        "-t offlineimap[PID] -p user.info|*** Processing account test",
        "-t offlineimap[PID] -p user.info|Syncing INBOX: IMAP -> Maildir",
        "-t offlineimap[PID] -p user.warning|postsynchook of account test " +
        "ended with status 3",
      ]
    ) assert.ok(text.includes(line), text.join("\n"));
  },
);

Deno.test(
  "-s logs beside another interface, no more than that one tells",
  ON_UNIX,
  async () => {
    await using pair = openPair({}, {
      account: { postsynchook: "exit 3" },
    });
    const { program } = pair;
    const { env, lines } = fakeLogger(program, TAKE);
    const run = async (ui: string) =>
      await program.run({ args: ["-s", "-u", ui], env });
    const quiet = await run("quiet");
    assert.match(quiet.stdout, /^WARNING: postsynchook .* status 3\n$/);
    assert.deepEqual(lines().map((line) => line.replace(/^.*\|/, "")), [
      "postsynchook of account test ended with status 3",
    ]);
    const basic = await run("basic");
    assert.match(basic.stdout, /Finished account 'test'/);
    assert.ok(lines().some((line) => line.includes("Finished account 'test'")));
  },
);

Deno.test(
  "-u syslog says once that the system's log takes nothing, and the mail is fetched",
  ON_UNIX,
  async () => {
    await using pair = openPair();
    const { program } = pair;
    const script = "echo 'logger: socket /dev/log: not there' >&2; exit 1";
    const { env } = fakeLogger(program, script);
    const { code, stderr } = await program.run({ args: ["-u", "syslog"], env });
    assert.equal(code, 0);
    assert.equal(
      stderr,
      "Cannot log to syslog: logger: socket /dev/log: not there\n",
    );
    assert.equal(program.tree.files("INBOX").length, 3);
  },
);

Deno.test("-s without a program called logger is an error that names -l", async () => {
  await using pair = openPair();
  const { program } = pair;
  const env = { PATH: program.home };
  const { code, stderr } = await program.run({ args: ["-s"], env });
  assert.equal(code, 1);
  assert.match(
    stderr,
    /ERROR: Cannot log to syslog: this system has no program called logger\n {2}Write a log file instead: -l FILE\n/,
  );
  assert.deepEqual(program.tree.folders(), []);
});

Deno.test(
  "-u syslog lists all errors once more at the end",
  ON_UNIX,
  async () => {
    await using pair = openPair();
    const { program } = pair;
    await pair.server.stop();
    const { env, lines } = fakeLogger(program, TAKE);
    const { code } = await program.run({ args: ["-u", "syslog"], env });
    assert.equal(code, 1);
    const text = lines().join("\n");
    assert.match(text, /ERROR: Exceptions occurred during the run!/);
    assert.match(text, /ERROR: While syncing account 'test'/);
    assert.equal(text.match(/nothing listens there/g)?.length, 2, text);
  },
);

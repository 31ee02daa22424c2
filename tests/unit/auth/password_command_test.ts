import assert from "node:assert/strict";
import { runPasswordCommand } from "../../../src/auth/password_command.ts";
import { MailError } from "../../../src/errors.ts";

const AT = { repository: "Remote", platform: Deno.build.os };
const windows = Deno.build.os === "windows";

function shellTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: windows, fn });
}

for (
  const [command, password] of [
    ["echo hunter2", "hunter2"],
    ["printf ' hunter2 \\nsecond line\\n'", " hunter2 "],
    ["printf 'hunter2\\r\\n'", "hunter2"],
    ["printf hunter2", "hunter2"],
    ["printf 'p\\303\\244ss'; echo noise >&2", "päss"],
    ["cat; echo after", "after"],
  ] as const
) {
  shellTest(
    `runPasswordCommand() takes the first line of ${command}`,
    async () => {
      assert.equal(await runPasswordCommand({ ...AT, command }), password);
    },
  );
}

for (
  const [command, message] of [
    ["exit 3", /^remotepasscmd of repository "Remote" ended with status 3$/],
    [
      "echo one >&2; echo 'mail is not in the password store.' >&2; exit 1",
      /ended with status 1: mail is not in the password store\.$/,
    ],
    ["no-such-program-at-all", /ended with status 127: .*not found/],
    ["true", /printed no password/],
    ["echo", /printed no password/],
    // Whoever traces the script shows the secret on both.
    ["echo hunter2; echo '+ echo hunter2' >&2; exit 1", /: \+ echo \*\*\*$/],
  ] as const
) {
  shellTest(`runPasswordCommand() explains what ${command} did`, async () => {
    await assert.rejects(runPasswordCommand({ ...AT, command }), (error) => {
      assert.ok(error instanceof MailError);
      assert.equal(error.code, "auth.password-source");
      assert.match(error.message, message);
      assert.doesNotMatch(Deno.inspect(error), /hunter2/);
      return true;
    });
  });
}

shellTest(
  "runPasswordCommand() stops what takes too long, and waits for no child of it",
  async () => {
    const start = performance.now();
    await assert.rejects(
      runPasswordCommand({
        ...AT,
        command: "echo hunter2; sleep 20 & wait",
        timeoutMs: 200,
      }),
      (error) => {
        assert.ok(error instanceof MailError);
        assert.match(
          error.message,
          /was stopped: it took longer than 1 second/,
        );
        assert.match(error.hint ?? "", /Run it in a terminal/);
        assert.doesNotMatch(Deno.inspect(error), /hunter2/);
        return true;
      },
    );
    assert.ok(performance.now() - start < 10_000);
  },
);

shellTest("runPasswordCommand() ends with the run", async () => {
  const end = new AbortController();
  const ended = new Error("ended");
  const printed = runPasswordCommand({
    ...{ ...AT, command: "sleep 20", signal: end.signal },
  });
  end.abort(ended);
  await assert.rejects(printed, ended);
});

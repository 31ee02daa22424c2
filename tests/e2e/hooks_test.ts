/** presynchook and postsynchook. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { errorsOf, openPair, warningsOf } from "./support.ts";

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

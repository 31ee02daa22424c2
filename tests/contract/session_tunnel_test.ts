import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { ImapConnection } from "../../src/imap/connection.ts";
import { TunnelStream } from "../../src/imap/session/tunnel.ts";
import type { SessionSettings } from "../../src/imap/session/settings.ts";
import { dovecotTest, startDovecot } from "../support/dovecot.ts";
import { command, failure, open } from "./session_support.ts";

/** Shell programs as tunnels: there is no such shell on Windows. */
function shellTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: Deno.build.os === "windows", fn });
}

function through(
  option: "preauthtunnel" | "transporttunnel",
  line: string,
): Partial<SessionSettings> {
  return { host: "", tls: "implicit", tunnel: { option, command: line } };
}

/** Lines of shell that answer as a server does, each read line with `OK`. */
const ANSWER = "while read tag name rest; do case $name in " +
  '(NAMESPACE) printf \'* NAMESPACE (("" "/")) NIL NIL\\r\\n\';; esac; ' +
  'printf "$tag OK done\\r\\n"; done';
const PREAUTH =
  "printf '* PREAUTH [CAPABILITY IMAP4rev1 NAMESPACE] hello\\r\\n'";

dovecotTest("openSession() goes by transporttunnel and logs in", async () => {
  await using server = await startDovecot({ tls: true });
  const session = await open(through(
    "transporttunnel",
    `openssl s_client -quiet -connect 127.0.0.1:${server.tlsPort} 2>/dev/null`,
  ));
  assert(session.capabilities.has("UIDPLUS"));
  assert.match(await command(session.transport, "a NOOP"), /a OK/);
  session.transport.destroy();
});

dovecotTest("openSession() goes by preauthtunnel without a login", async () => {
  await using server = await startDovecot({ compress: true });
  await server.seed("INBOX", ["Subject: one\n\nHello\n"]);
  const session = await open({
    ...through(
      "preauthtunnel",
      `exec doveadm -c ${server.configFile} exec imap -u user`,
    ),
    compression: true,
  }, { password: "wrong" });
  assert.match(
    await command(session.transport, "a STATUS INBOX (MESSAGES)"),
    /MESSAGES 1/,
  );
  session.transport.destroy();
});

shellTest(
  "openSession() refuses a preauthtunnel that wants a login",
  async () => {
    const error = await failure(open(through(
      "preauthtunnel",
      `printf '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\\r\\n'; ${ANSWER}`,
    )));
    assert.equal(error.code, "connect.preauth");
    assert.equal(error.retry, "never");
    assert.match(error.hint ?? "", /transporttunnel/);
  },
);

shellTest(
  "openSession() takes a transporttunnel that has logged in",
  async () => {
    const session = await open(
      through("transporttunnel", `${PREAUTH}; ${ANSWER}`),
    );
    session.transport.destroy();
  },
);

shellTest("openSession() tells what a tunnel said when it ended", async () => {
  const ended: [line: string, message: RegExp][] = [
    [
      "no-such-program-here --quiet",
      /status 127 \(command not found\).*no-such-program-here/,
    ],
    [
      "echo 'No route to host' >&2; exit 255",
      /ended with status 255; it said: No route to host/,
    ],
    ["kill -9 $$", /was ended by SIGKILL/],
    ["true", /the command of transporttunnel ended with status 0/],
  ];
  for (const [line, message] of ended) {
    const error = await failure(open(through("transporttunnel", line)));
    assert.equal(error.code, "connect.closed");
    assert.match(error.message, message);
    assert.match(
      error.message,
      /the server behind transporttunnel of repository "Remote"/,
    );
  }
});

shellTest("openSession() never shows the command of a tunnel", async () => {
  // `failure()` looks for this word in all of the error.
  await failure(open(through("transporttunnel", "exit 1 # hunter2")));
});

shellTest("openSession() gives up on a tunnel that says nothing", async () => {
  const error = await failure(
    open({ ...through("transporttunnel", "sleep 60"), replyTimeoutMs: 200 }),
  );
  assert.equal(error.code, "connect.timeout");
  assert.match(
    error.hint ?? "",
    /to a port for TLS \(993\) it has to speak TLS/,
  );
});

shellTest("ImapConnection tells why its tunnel ended", async () => {
  const session = await open(through(
    "preauthtunnel",
    `${PREAUTH}; read tag rest; printf '* NAMESPACE NIL NIL NIL\\r\\n'; ` +
      'printf "$tag OK\\r\\n"; read tag rest; ' +
      'printf \'* LIST () "/" ""\\r\\n\'; printf "$tag OK\\r\\n"; ' +
      "read line; echo 'Broken pipe' >&2; exit 3",
  ));
  const connection = new ImapConnection(session);
  await connection.logout();
  const reason = await connection.closed;
  assert.match(reason.message, /preauthtunnel ended with status 3/);
  assert.match(reason.message, /Broken pipe/);
});

shellTest("TunnelStream ends all that its command started", async () => {
  const stream = new TunnelStream({
    option: "transporttunnel",
    // The second one is deaf to the signal that asks it to end.
    command: "sleep 60 & echo $!; " +
      `sh -c 'trap "" TERM; echo $$; sleep 60; sleep 60' & wait`,
  });
  const pids = await new Promise<number[]>((resolve) => {
    let text = "";
    stream.on("data", (chunk) => {
      text += chunk;
      const found = text.trim().split("\n").map(Number);
      if (found.length === 2) resolve(found);
    });
  });
  assert(pids.every(isAlive));
  stream.destroy();
  const limit = performance.now() + 10_000;
  while (pids.some(isAlive) && performance.now() < limit) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual(pids.filter(isAlive), []);
});

shellTest("TunnelStream passes 30 MB each way, byte for byte", async () => {
  const stream = new TunnelStream({
    option: "transporttunnel",
    command: "cat",
  });
  const size = 30 * 1024 * 1024;
  const sent = Buffer.allocUnsafe(size);
  for (let at = 0; at < size; at += 4) {
    sent.writeUInt32LE(at * 2654435761 >>> 0, at);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  const whole = new Promise<void>((resolve) => {
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= size) return resolve();
      // A slow reader: the pipe must wait, not overflow.
      if (chunks.length % 50 !== 0) return;
      stream.pause();
      setTimeout(() => stream.resume(), 2);
    });
  });
  stream.write(sent);
  await whole;
  assert(Buffer.concat(chunks).equals(sent));
  stream.destroy();
});

Deno.test("TunnelStream goes by a shell of this system", async () => {
  const stream = new TunnelStream({
    option: "transporttunnel",
    command: "echo hello there",
  });
  let text = "";
  for await (const chunk of stream) text += chunk;
  assert.equal(text.trim(), "hello there");
  assert.match(stream.endReason ?? "", /ended with status 0/);
});

/** Whether a process is there; one that has ended and waits to be reaped is not. */
function isAlive(pid: number): boolean {
  try {
    const state = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1];
    return !state?.startsWith("Z");
  } catch (error) {
    if (Deno.build.os === "linux" && error instanceof Deno.errors.NotFound) {
      return false;
    }
  }
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}

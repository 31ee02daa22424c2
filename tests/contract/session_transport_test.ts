import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Transport } from "../../src/imap/transport.ts";
import type { SessionSettings } from "../../src/imap/session/settings.ts";
import { certificates } from "../support/certificates.ts";
import { dovecotTest, startDovecot } from "../support/dovecot.ts";
import { startSocksServer } from "../support/socks_server.ts";
import { tunnelTo } from "../support/tunnel.ts";
import { command, open } from "./session_support.ts";

const SIZE = 30 * 1024 * 1024;
const CHUNK = 64 * 1024;

const WAYS: { name: string; settings: Partial<SessionSettings> }[] = [
  { name: "plain text", settings: { tls: "none" } },
  { name: "TLS", settings: { tls: "implicit" } },
  { name: "STARTTLS", settings: { tls: "starttls" } },
  {
    name: "plain text and COMPRESS",
    settings: { tls: "none", compression: true },
  },
  {
    name: "TLS and COMPRESS",
    settings: { tls: "implicit", compression: true },
  },
  {
    name: "STARTTLS and COMPRESS",
    settings: { tls: "starttls", compression: true },
  },
];

for (const { name, settings } of WAYS) {
  for (const by of [undefined, "proxy", "tunnel"] as const) {
    // COMPRESS knows nothing of what is below it: once is enough.
    if (by !== undefined && settings.compression) continue;
    // That would be without TLS, as in plain text.
    if (by === "tunnel" && settings.tls === "implicit") continue;
    const way = by === undefined ? name : `${name} through a ${by}`;
    dovecotTest(
      `a session through ${way} carries 30 MB each way, byte for byte`,
      async () => {
        await using server = await startDovecot({ tls: true, compress: true });
        await using proxy = startSocksServer();
        const message = theMessage();
        await server.seed("INBOX", [message]);
        const session = await open({
          ...{ host: "localhost", ipv6: false },
          port: settings.tls === "implicit" ? server.tlsPort : server.port,
          ...{ caFile: (await certificates()).ca, ...settings },
          ...(by === "proxy" ? { proxy: proxy.url } : {}),
          ...(by === "tunnel" ? { tunnel: tunnelTo(server.port) } : {}),
        });
        const { transport } = session;
        await command(transport, "a SELECT INBOX");
        const expected = hashOf(message);
        assert.equal(await fetchBody(transport, 1, readFast), expected);
        assert.equal(await fetchBody(transport, 1, readSlowly), expected);
        await appendMessage(transport, message);
        // Dovecot keeps it with bare line feeds on disk: only itself can compare.
        assert.equal(await fetchBody(transport, 2, readFast), expected);
        // The stream is still in step.
        assert.match(await command(transport, "z NOOP"), /z OK/);
        transport.destroy();
      },
    );
  }
}

dovecotTest(
  "a session's transport tells its owner that the server is gone",
  async () => {
    for (const compression of [false, true]) {
      await using server = await startDovecot({ compress: true });
      const session = await open({ port: server.port, compression });
      const { input } = session.transport;
      const ended = once(input, "end");
      input.resume();
      await server.stop();
      await ended;
      session.transport.destroy();
    }
  },
);

dovecotTest(
  "a session's transport can be destroyed at any time, and twice",
  async () => {
    await using server = await startDovecot({ compress: true });
    for (const compression of [false, true]) {
      const { transport } = await open({ port: server.port, compression });
      transport.output.write(Buffer.from("a NOOP\r\n"));
      transport.destroy();
      transport.destroy();
      assert(transport.input.destroyed);
      assert(transport.output.destroyed);
    }
  },
);

let made: Buffer | undefined;

/** One for all tests: making it takes longer than sending it. */
function theMessage(): Buffer {
  return made ??= randomMessage();
}

/** Lines of random bytes; CR, LF and NUL only where a message has them. */
function randomMessage(): Buffer {
  const bytes = Buffer.alloc(SIZE);
  for (let at = 0; at < SIZE; at += CHUNK) {
    crypto.getRandomValues(bytes.subarray(at, Math.min(SIZE, at + CHUNK)));
  }
  for (let at = 0; at < SIZE; at++) {
    const octet = bytes[at] as number;
    if (octet === 0 || octet === 0x0a || octet === 0x0d) bytes[at] = 0x20;
  }
  Buffer.from("Subject: x\r\n\r\n").copy(bytes);
  for (let at = 510; at + 2 <= SIZE; at += 512) bytes.write("\r\n", at);
  bytes.write("\r\n", SIZE - 2);
  return bytes;
}

type Reader = (
  transport: Transport,
  take: (chunk: Buffer) => boolean,
) => Promise<void>;

/** As fast as the data comes. */
async function readFast(
  { input }: Transport,
  take: (chunk: Buffer) => boolean,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onClose = () => reject(new Error("The connection was closed"));
  const onData = (chunk: Buffer) => {
    if (!take(chunk)) return;
    input.pause();
    resolve();
  };
  input.on("data", onData).once("close", onClose);
  input.resume();
  await promise.finally(() => input.off("data", onData).off("close", onClose));
}

/** With a pause after each chunk, so that the server must wait. */
async function readSlowly(
  transport: Transport,
  take: (chunk: Buffer) => boolean,
): Promise<void> {
  const { input } = transport;
  let count = 0;
  await readFast(transport, (chunk) => {
    const done = take(chunk);
    if (!done && ++count % 8 === 0) {
      input.pause();
      setTimeout(() => input.resume(), 2);
    }
    return done;
  });
}

/** Fetches a message and returns the hash of its body. */
async function fetchBody(
  transport: Transport,
  uid: number,
  read: Reader,
): Promise<string> {
  transport.output.write(Buffer.from(`b UID FETCH ${uid} BODY.PEEK[]\r\n`));
  const hash = createHash("sha256");
  const head = "{" + SIZE + "}\r\n";
  let before = "";
  let left = -1;
  let after = "";
  await read(transport, (chunk) => {
    let rest = chunk;
    if (left < 0) {
      before += chunk.toString("latin1");
      const at = before.indexOf(head);
      if (at < 0) return false;
      rest = Buffer.from(before.slice(at + head.length), "latin1");
      left = SIZE;
    }
    const body = rest.subarray(0, left);
    hash.update(body);
    left -= body.length;
    after += rest.subarray(body.length).toString("latin1");
    return after.endsWith("\r\n") && after.includes("\r\nb OK");
  });
  assert.match(before, new RegExp(`FETCH \\(UID ${uid} BODY\\[\\] `));
  return hash.digest("hex");
}

async function appendMessage(
  transport: Transport,
  message: Buffer,
): Promise<void> {
  const { output } = transport;
  output.write(Buffer.from(`c APPEND INBOX {${SIZE}+}\r\n`));
  for (let at = 0; at < SIZE; at += CHUNK) {
    const more = output.write(message.subarray(at, at + CHUNK));
    if (!more) await once(output, "drain");
  }
  assert.match(await command(transport, ""), /c OK \[APPENDUID \d+ 2\]/);
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

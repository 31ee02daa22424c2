/** What the tests of sessions share. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Credentials } from "../../src/auth/credentials.ts";
import { MailError } from "../../src/errors.ts";
import type { Transport } from "../../src/imap/transport.ts";
import {
  type OpenedSession,
  openSession,
} from "../../src/imap/session/open_session.ts";
import type { SessionSettings } from "../../src/imap/session/settings.ts";

/** Opens a session as `user` with `password`, or with an access token. */
export async function open(
  settings: Partial<SessionSettings>,
  login: {
    user?: string;
    password?: string;
    token?: string;
    signal?: AbortSignal;
    log?: string[];
  } = {},
): Promise<OpenedSession> {
  const { user = "user", password = "secret", token, signal, log } = login;
  const host = settings.host ?? "127.0.0.1";
  const credentials = new Credentials({
    ...{ repository: "Remote", host, user, password, netrcFiles: [] },
    ...(token === undefined ? {} : { token }),
  });
  return await openSession(
    {
      ...{ repository: "Remote", host, tls: "none", replyTimeoutMs: 10_000 },
      ...{ clientId: { name: "OfflineIMAP", version: "9.0.0" } },
      ...settings,
    },
    { credentials, signal, log: log && ((line) => log.push(line)) },
  );
}

/** The {@link MailError} that opening fails with; the secrets must not be in it. */
export async function failure(
  opening: Promise<OpenedSession>,
): Promise<MailError> {
  try {
    (await opening).transport.destroy();
  } catch (error) {
    assert(error instanceof MailError, `${error}`);
    const shown = Deno.inspect(error, { depth: 10 });
    assert.doesNotMatch(shown, /secret|hunter2|c2VjcmV0|aHVudGVyM/);
    return error;
  }
  throw new Error("Opening did not fail");
}

/** What a scripted server does with one connection. */
export interface ScriptedPeer {
  /** Sends text (as UTF-8) or bytes as they are. */
  send(data: string | Uint8Array): Promise<void>;
  /** The next line without its CRLF; fails at the end of the stream. */
  line(): Promise<string>;
  /** Answers a line `TAG NAME …` that must begin with `name`; returns it. */
  expect(name: string, ...replies: string[]): Promise<string>;
  close(): void;
}

/** A server that plays `script` on every connection. */
export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  /** Everything that clients sent, line by line. */
  readonly received: string[];
}

/** Starts it; a script that ends leaves its connection open. */
export function scriptedServer(
  script: (peer: ScriptedPeer) => Promise<void>,
): ScriptedServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const received: string[] = [];
  const open = new Set<Deno.Conn>();
  const accept = async () => {
    for await (const conn of listener) {
      open.add(conn);
      conn.setNoDelay(true);
      // A client that hangs up in the middle is part of many of the tests.
      script(peerOf(conn, received)).catch(() => {});
    }
  };
  const accepting = accept().catch(() => {});
  return {
    port: listener.addr.port,
    received,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of open) closeQuietly(conn);
      await accepting;
    },
  };
}

function peerOf(conn: Deno.Conn, received: string[]): ScriptedPeer {
  const reader = conn.readable.pipeThrough(new TextDecoderStream())
    .getReader();
  let buffered = "";
  const peer: ScriptedPeer = {
    async send(data) {
      const bytes = typeof data === "string" ? Buffer.from(data) : data;
      for (let at = 0; at < bytes.length;) {
        at += await conn.write(bytes.subarray(at));
      }
    },
    async line() {
      let end: number;
      while ((end = buffered.indexOf("\r\n")) < 0) {
        const { value, done } = await reader.read();
        if (done) throw new Error("The client hung up");
        buffered += value;
      }
      const line = buffered.slice(0, end);
      buffered = buffered.slice(end + 2);
      received.push(line);
      return line;
    },
    async expect(name, ...replies) {
      const line = await peer.line();
      const [tag = "", ...words] = line.split(" ");
      if (!words.join(" ").startsWith(name)) {
        throw new Error(`Expected ${name}, got ${line}`);
      }
      for (const reply of replies) {
        await peer.send(`${reply.replaceAll("TAG", tag)}\r\n`);
      }
      return line;
    },
    close: () => closeQuietly(conn),
  };
  return peer;
}

function closeQuietly(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // It is closed.
  }
}

/** Sends `line` and returns all that comes up to and with a tagged reply. */
export async function command(
  { input, output }: Transport,
  line: string,
): Promise<string> {
  output.write(Buffer.from(`${line}\r\n`));
  const chunks: Buffer[] = [];
  return await new Promise((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      const text = Buffer.concat(chunks).toString("latin1");
      if (!/(^|\n)[a-z] (OK|NO|BAD)[^\n]*\r\n$/.test(text)) return;
      input.pause();
      input.off("data", onData).off("close", onClose);
      resolve(text);
    };
    const onClose = () => reject(new Error(`Closed during ${line}`));
    input.on("data", onData).once("close", onClose);
    input.resume();
  });
}

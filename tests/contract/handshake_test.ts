import assert from "node:assert/strict";
import { dial } from "../../src/imap/session/dial.ts";
import { handshake } from "../../src/imap/session/handshake.ts";
import { certificates, hasOpenssl } from "../support/certificates.ts";

Deno.test({
  name: "handshake() gives a socket whose end is not lost to a slow reader",
  ignore: !hasOpenssl(),
  fn: async () => {
    const files = await certificates();
    const size = 600_000;
    using listener = Deno.listenTls({
      ...{ hostname: "127.0.0.1", port: 0 },
      cert: await Deno.readTextFile(files.server.certificate),
      key: await Deno.readTextFile(files.server.key),
    });
    const served = (async () => {
      using conn = await listener.accept();
      const bytes = new Uint8Array(size);
      for (let at = 0; at < size;) at += await conn.write(bytes.subarray(at));
    })();
    const { signal } = new AbortController();
    const target = { host: "127.0.0.1", port: listener.addr.port };
    const socket = await dial(
      { ...target, proxy: undefined, family: undefined },
      [],
      signal,
    );
    const tls = { ca: await Deno.readTextFile(files.ca) };
    const secure = await handshake(socket, { host: "localhost", tls }, signal);
    let received = 0;
    const ended = new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error("No end")), 20_000);
      secure.on("end", () => {
        clearTimeout(limit);
        resolve();
      });
      secure.on("data", (chunk: Uint8Array) => {
        received += chunk.length;
        secure.pause();
        setTimeout(() => secure.resume(), 5);
      });
    });
    await ended;
    await served;
    assert.equal(received, size);
    secure.destroy();
  },
});

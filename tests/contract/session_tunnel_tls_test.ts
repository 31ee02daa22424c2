/** STARTTLS inside a `transporttunnel`. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { ImapConnection } from "../../src/imap/connection.ts";
import type { SessionSettings } from "../../src/imap/session/settings.ts";
import { certificates } from "../support/certificates.ts";
import { type Dovecot, dovecotTest, startDovecot } from "../support/dovecot.ts";
import { until } from "../support/watching.ts";
import { tunnelTo } from "../support/tunnel.ts";
import { command, failure, open } from "./session_support.ts";

const POSIX = { ignore: Deno.build.os === "windows" };

/** As `ssl = no` and a transporttunnel say. */
async function tunnelled(
  { port }: Dovecot,
  settings: Partial<SessionSettings> = {},
): Promise<Partial<SessionSettings>> {
  return {
    ...{ host: "imap.test", tls: "starttls", tunnel: tunnelTo(port) },
    ...{ caFile: (await certificates()).ca },
    ...settings,
  };
}

/** Whether the login that is logged next was under TLS. */
async function wasSecure(server: Dovecot): Promise<boolean> {
  let lines: string[] = [];
  await until(
    async () => {
      const log = await server.log();
      lines = log.split("\n").filter((line) => line.includes("Login: "));
      return lines.length > 0;
    },
    10_000,
    () => "no login is logged",
  );
  return /, TLS\b/.test(lines.at(-1) ?? "");
}

async function fingerprint(): Promise<string> {
  const { server } = await certificates();
  const pem = await Deno.readTextFile(server.certificate);
  return new X509Certificate(pem).fingerprint256;
}

dovecotTest("openSession() uses STARTTLS in a tunnel", async () => {
  await using server = await startDovecot({ tls: true });
  const session = await open(await tunnelled(server));
  assert.match(await command(session.transport, "a NOOP"), /a OK/);
  session.transport.destroy();
  assert(await wasSecure(server));
});

dovecotTest(
  "openSession() leaves TLS to the tunnel with ssl = yes",
  async () => {
    await using server = await startDovecot({ tls: true });
    const session = await open(await tunnelled(server, { tls: "implicit" }));
    session.transport.destroy();
    assert(!await wasSecure(server));
  },
);

dovecotTest("openSession() checks a certificate in a tunnel", async () => {
  await using server = await startDovecot({ tls: true });
  const { strangerCa } = await certificates();
  const { caFile, ...settings } = await tunnelled(server);
  const trusting = { ...settings, ...(caFile ? { caFile } : {}) };
  const rows: [Partial<SessionSettings>, RegExp][] = [
    [
      { ...trusting, host: "mail.elsewhere.test" },
      /it is not for "mail\.elsewhere\.test"/,
    ],
    [{ ...settings, caFile: strangerCa }, /its certificate is not trusted/],
    // With a name that leads to this machine, too: it does not in a tunnel.
    [{ ...settings, host: "localhost" }, /is not trusted/],
    [{ ...settings, fingerprints: ["00".repeat(32)] }, /another fingerprint/],
    [{ ...trusting, host: "" }, /there is no remotehost to compare it with/],
  ];
  for (const [row, message] of rows) {
    const error = await failure(open(row));
    assert.equal(error.code, "connect.certificate");
    assert.match(error.message, message);
    assert.match(
      error.message,
      /^Cannot connect to .* behind transporttunnel of repository "Remote": /,
    );
    assert.match(error.hint ?? "", /cert_fingerprint = [0-9a-f]{64}/);
    assert.match(error.hint ?? "", /say starttls = no$/);
  }
  assert.doesNotMatch(await server.log(), /Login: |auth failed/);
});

dovecotTest(
  "openSession() needs no name in a tunnel with a fingerprint",
  async () => {
    await using server = await startDovecot({ tls: true });
    const { caFile: _, ...settings } = await tunnelled(server, { host: "" });
    const fingerprints = [await fingerprint()];
    const session = await open({ ...settings, fingerprints });
    session.transport.destroy();
    assert(await wasSecure(server));
  },
);

dovecotTest(
  "openSession() goes on in a tunnel that offers no STARTTLS, if nothing says which certificate there is",
  async () => {
    await using server = await startDovecot();
    const { caFile: _, ...settings } = await tunnelled(server);
    const session = await open(settings);
    session.transport.destroy();
    const fingerprints = [await fingerprint()];
    for (const trust of [{ fingerprints }, await tunnelled(server)]) {
      const error = await failure(open({ ...settings, ...trust }));
      assert.equal(error.code, "connect.plaintext");
      assert.match(error.message, /does not offer STARTTLS/);
      assert.match(error.hint ?? "", /say starttls = no/);
    }
  },
);

Deno.test(
  "openSession() says how a server in a tunnel gets its TLS",
  POSIX,
  async () => {
    const offers = "IMAP4rev1 LOGINDISABLED STARTTLS";
    const tunnel = {
      option: "transporttunnel",
      command: `printf '* OK [CAPABILITY ${offers}] hello\\r\\n'; cat`,
    } as const;
    const error = await failure(open({ host: "", tls: "implicit", tunnel }));
    assert.equal(error.code, "auth.mechanism");
    assert.match(error.hint ?? "", /ssl = no has STARTTLS used in the tunnel/);
  },
);

Deno.test(
  "openSession() refuses what comes between STARTTLS and TLS in a tunnel",
  POSIX,
  async () => {
    const tunnel = {
      option: "transporttunnel",
      command: "printf '* OK [CAPABILITY IMAP4rev1 STARTTLS] hello\\r\\n'; " +
        'read tag rest; printf "$tag OK go on\\r\\n* OK evil\\r\\n"; cat',
    } as const;
    const error = await failure(
      open({ host: "imap.test", tls: "starttls", tunnel }),
    );
    assert.equal(error.code, "connect.starttls");
  },
);

dovecotTest(
  "ImapConnection tells why its tunnel ended under TLS",
  async () => {
    await using server = await startDovecot({ tls: true });
    const folder = await Deno.makeTempDir({ prefix: "oi-tunnel-" });
    const script = `exec 3<>/dev/tcp/127.0.0.1/${server.port} 4<&0; ` +
      "cat <&4 >&3 & cat <&3 & " +
      `while [ ! -e ${folder}/over ]; do sleep 0.05; done; ` +
      "kill %1 %2; echo No carrier >&2; exit 3";
    const session = await open({
      ...await tunnelled(server),
      tunnel: {
        option: "transporttunnel",
        command: `exec bash -c '${script}'`,
      },
    });
    const connection = new ImapConnection(session);
    await Deno.writeTextFile(`${folder}/over`, "");
    const reason = await connection.closed;
    assert.match(reason.message, /ended with status 3; it said: No carrier/);
    await Deno.remove(folder, { recursive: true });
    session.transport.destroy();
  },
);

dovecotTest("openSession() ends its tunnel with TLS in it", async () => {
  await using server = await startDovecot({ tls: true });
  const settings = await tunnelled(server);
  const folder = await Deno.makeTempDir({ prefix: "oi-tunnel-" });
  try {
    const file = `${folder}/pid`;
    const session = await open({
      ...settings,
      tunnel: {
        option: "transporttunnel",
        command: `echo $$ > ${file}; ${settings.tunnel?.command}`,
      },
    });
    const pid = Number(await Deno.readTextFile(file));
    const isAlive = async () => {
      const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
      return stat !== "" && !stat.includes(") Z");
    };
    assert(await isAlive());
    session.transport.destroy();
    await until(async () => !await isAlive(), 10_000, () => "it lives on");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

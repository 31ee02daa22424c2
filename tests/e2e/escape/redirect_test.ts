/** Servers that point to other servers: nobody goes there. */
import assert from "node:assert/strict";
import { mails } from "../../faults/support.ts";
import type { Vice } from "../../support/imap_server/mod.ts";
import { startTokenEndpoint } from "../../support/token_endpoint.ts";
import { assertPlain, openWorld, POSIX, type WorldOptions } from "./world.ts";

/** Counts who comes. */
class Decoy implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  guests = 0;

  constructor() {
    void (async () => {
      for await (const connection of this.#listener) {
        this.guests++;
        connection.close();
      }
    })();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** RFC 2192, RFC 5092. */
  get url(): string {
    return `imap://user;AUTH=*@127.0.0.1:${this.port}/INBOX`;
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

const MAILBOXES = [
  { name: "INBOX", messages: mails(2) },
  { name: "Work", messages: mails(2, "work") },
];

/** LOGIN-REFERRALS (RFC 2221) and MAILBOX-REFERRALS (RFC 2193), by name. */
const REFERRALS: Record<string, (url: string) => WorldOptions> = {
  "a greeting": (url) => ({
    rewrite: (text) => text.replace(/^\* OK /, `* OK [REFERRAL ${url}] `),
  }),
  "a greeting that says good-bye": (url) => ({
    rewrite: (text) =>
      text.replace(/^\* OK .*\r\n/, `* BYE [REFERRAL ${url}] Moved\r\n`),
  }),
  "a refused login": (url) => ({
    server: {
      mailboxes: MAILBOXES,
      vices: [refused("NO", /^(LOGIN|AUTHENTICATE)$/, url)],
    },
  }),
  "a login": (url) => ({
    rewrite: (text) =>
      text.replace(/^(\S+ OK )(.*[Ll]ogged in)/m, `$1[REFERRAL ${url}] $2`),
  }),
  "a folder": (url) => ({
    server: {
      mailboxes: MAILBOXES,
      vices: [{ kind: "referral", url, when: { mailbox: "Work" } }],
    },
  }),
  "a good-bye in the middle": (url) => ({
    server: {
      mailboxes: MAILBOXES,
      vices: [refused("BYE", /^(UID )?FETCH$/, url)],
    },
  }),
  "a listed name": (url) => ({
    server: {
      mailboxes: MAILBOXES,
      vices: [
        { kind: "listRows", rows: [`LIST () "/" "${url}"`] },
        { kind: "advertise", add: ["LOGIN-REFERRALS", "MAILBOX-REFERRALS"] },
      ],
    },
  }),
};

function refused(reply: "NO" | "BYE", command: RegExp, url: string): Vice {
  return { kind: "refuse", reply, code: `REFERRAL ${url}`, when: { command } };
}

for (const [title, optionsFor] of Object.entries(REFERRALS)) {
  Deno.test(
    `${title} that refers to another server leads nowhere`,
    POSIX,
    async () => {
      using decoy = new Decoy();
      await using world = openWorld(optionsFor(decoy.url));
      const { code, output } = await world.run();
      assert.equal(decoy.guests, 0);
      world.assertConfined();
      world.assertNeighbour();
      assertPlain(output);
      assert.ok(code === 0 || code === 1, output);
      assert.doesNotMatch(output, /broke off|NotCapable|Requires/);
    },
  );
}

Deno.test(
  "a token endpoint that redirects gets no secret to another host",
  POSIX,
  async (t) => {
    for (const status of [302, 307]) {
      await t.step(`${status}`, async () => {
        using decoy = new Decoy();
        await using endpoint = startTokenEndpoint(() => ({
          status,
          headers: { location: `http://127.0.0.1:${decoy.port}/token` },
          body: "",
        }));
        await using world = openWorld({
          remote: {
            auth_mechanisms: "XOAUTH2",
            oauth2_client_id: "id",
            oauth2_client_secret: "hunter2",
            oauth2_refresh_token: "hunter3",
            oauth2_request_url: endpoint.url,
          },
        });
        const { code, output } = await world.run();
        assert.equal(decoy.guests, 0);
        assert.equal(code, 1, output);
        assert.doesNotMatch(output, /hunter|broke off|NotCapable|Requires/);
        world.assertNeighbour();
      });
    }
  },
);

Deno.test("an HTTP proxy that redirects is not followed", POSIX, async () => {
  using decoy = new Decoy();
  const answer = "HTTP/1.1 302 Found\r\n" +
    `Location: http://127.0.0.1:${decoy.port}/\r\nContent-Length: 0\r\n\r\n`;
  const proxy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of proxy) {
      await connection.read(new Uint8Array(4096));
      await connection.write(new TextEncoder().encode(answer));
      connection.close();
    }
  })();
  try {
    await using world = openWorld({
      account: { proxy: `HTTP:127.0.0.1:${proxy.addr.port}` },
    });
    const { code, output } = await world.run();
    assert.equal(decoy.guests, 0);
    assert.equal(code, 1, output);
    assert.doesNotMatch(output, /broke off|NotCapable|Requires/);
    world.assertNeighbour();
  } finally {
    proxy.close();
    await serving;
  }
});

/** The IMAP store on a real Dovecot: names, listing, opening, creating. */
import assert from "node:assert/strict";
import {
  type Dovecot,
  type DovecotOptions,
  dovecotTest,
  startDovecot,
} from "../support/dovecot.ts";
import {
  openImapStore,
  type TestStoreOptions,
} from "../support/imap_session.ts";
import { flagsOf, NO_FLAGS } from "../../src/sync/flags.ts";
import { failureOf, look, mail, NOTHING, open } from "./imap_store_support.ts";

const WITHOUT_CONDSTORE = ["CONDSTORE", "QRESYNC"];

async function onDovecot(
  options: DovecotOptions & { store?: TestStoreOptions },
  run: (
    server: Dovecot,
    test: ReturnType<typeof openImapStore>,
  ) => Promise<void>,
): Promise<void> {
  const { store, ...rest } = options;
  await using server = await startDovecot(rest);
  const test = openImapStore(server, store);
  {
    await using _ = test;
    await run(server, test);
  }
  assert.equal(test.openSockets, 0, "a socket was left open");
}

/** Strange names, and how they are written in modified UTF-7. */
const NAMES: readonly (readonly [name: string, utf7: string])[] = [
  ["plain", "plain"],
  ["two words", "two words"],
  ['quo"te', 'quo"te'],
  ["back\\slash", "back\\slash"],
  ["100%", "100%"],
  ["st*r", "st*r"],
  ["R&D", "R&-D"],
  ["Entwürfe", "Entw&APw-rfe"],
  ["日本語", "&ZeVnLIqe-"],
  ["😀", "&2D3eAA-"],
  ["(paren){3}", "(paren){3}"],
  ["NIL", "NIL"],
];

for (const utf8Names of [true, false]) {
  const how = utf8Names ? "decoded" : "in modified UTF-7";
  for (const withoutCapabilities of [[], ["LIST-STATUS"]]) {
    const told = withoutCapabilities.length === 0 ? "LIST-STATUS" : "STATUS";
    dovecotTest(
      `ImapStore creates, lists and opens strange names ${how} by ${told}`,
      () =>
        onDovecot(
          { withoutCapabilities, store: { utf8Names } },
          async (_, t) => {
            const expected = NAMES.map(([name, utf7]) =>
              utf8Names ? name : utf7
            );
            for (const name of expected) await t.store.create(name);
            const listed = await t.store.list();
            assert.deepEqual(
              listed.map(({ name }) => name).sort(),
              ["INBOX", ...expected].sort(),
            );
            for (const { name, token, exact } of listed) {
              assert.equal(exact, true);
              assert(token !== undefined, name);
              await using mailbox = await open(t.store, name);
              assert.equal(mailbox.name, name);
              assert.equal(mailbox.selected.token, token, name);
            }
          },
        ),
    );
  }
}

dovecotTest(
  "ImapStore.list() with a dot as separator knows levels and parents",
  () =>
    onDovecot({ separator: ".", prefix: "INBOX." }, async (server, t) => {
      await server.seed("a/b/c", [mail("1")]);
      const listed = await t.store.list();
      assert.equal(t.store.separator, ".");
      const names = listed.map(({ name }) => name).sort();
      // What lies between is \Noselect and so is not there.
      assert.deepEqual(names, ["INBOX", "INBOX.a.b.c"]);
      await t.store.create("INBOX.x.y");
      assert((await t.store.list()).some(({ name }) => name === "INBOX.x.y"));
      const changes = await look(t.store, NOTHING, undefined, "INBOX.a.b.c");
      assert.equal(changes.total, 1);
    }),
);

dovecotTest(
  "ImapStore.list() tells special uses, and leaves out what cannot be selected",
  () =>
    onDovecot({
      extra: `
namespace inbox {
  mailbox Trash {
    special_use = \\Trash
    auto = create
  }
  mailbox Everything {
    special_use = \\All \\Archive
    auto = create
  }
}`,
    }, async (server, t) => {
      await server.seed("parent/child", []);
      const listed = await t.store.list();
      const uses = Object.fromEntries(
        listed.map(({ name, specialUse }) => [name, [...specialUse].sort()]),
      );
      assert.deepEqual(uses, {
        "INBOX": [],
        "Trash": ["\\trash"],
        "Everything": ["\\all", "\\archive"],
        "parent/child": [],
      });
    }),
);

dovecotTest(
  "ImapStore.list() says that a token is not exact without CONDSTORE",
  () =>
    onDovecot({ withoutCapabilities: WITHOUT_CONDSTORE }, async (server, t) => {
      await server.seed("INBOX", [mail("1"), mail("2")]);
      const [inbox] = await t.store.list();
      assert.equal(inbox?.exact, false);
      const changes = await look(t.store);
      assert.equal(changes.token, inbox?.token);
      assert.match(changes.token ?? "", /:-$/);
    }),
);

dovecotTest(
  "ImapStore.create() takes a mailbox that exists for done",
  () =>
    onDovecot({}, async (_, t) => {
      await t.store.create("fresh");
      await t.store.create("fresh");
      await t.store.create("INBOX");
    }),
);

dovecotTest(
  "ImapStore.create() names the folder and the reason when it is refused",
  () =>
    onDovecot({ store: { utf8Names: true } }, async (_, t) => {
      const error = await failureOf(t.store.create("a//b"));
      assert.equal(error.code, "imap.create");
      assert.equal(error.scope, "mailbox");
      assert.match(error.message, /"a\/\/b"/);
      assert.match(error.hint ?? "", /folderfilter/);
      // The connection is as good as before.
      await t.store.create("fine");
      assert.equal(t.sessions.length, 1);
    }),
);

dovecotTest(
  "ImapStore.open() names the folder that is not there, and goes on",
  () =>
    onDovecot({}, async (_, t) => {
      const error = await failureOf(open(t.store, "nowhere"));
      assert.equal(error.code, "imap.open");
      assert.equal(error.scope, "mailbox");
      assert.match(error.message, /"nowhere"/);
      assert.equal((await look(t.store)).total, 0);
      assert.equal(t.sessions.length, 1);
    }),
);

dovecotTest(
  "ImapStore.open() read-only examines, and changes nothing by looking",
  () =>
    onDovecot({}, async (server, t) => {
      await server.seed("INBOX", [{ body: mail("1"), fresh: true }]);
      {
        await using mailbox = await open(t.store, "INBOX", { readOnly: true });
        assert.equal(mailbox.readOnly, true);
        assert.equal(mailbox.move, undefined);
        // Nothing is stored here: the other side decides what is a flag.
        assert.equal(mailbox.canHold("\\Seen"), true);
        assert.equal(mailbox.canHold("whatever"), true);
        await mailbox.observe(NOTHING, undefined);
        const failures = await mailbox.fetch([1], async () => {}, {
          concurrency: 1,
        });
        assert.deepEqual(failures, []);
      }
      const [message] = await server.messages("INBOX");
      assert.equal(message?.fresh, true);
      assert.equal(message?.flags, "");
    }),
);

dovecotTest(
  "ImapStore.open() tells a mailbox that the server gives read-only",
  () =>
    onDovecot({
      extra: `
protocol imap {
  mail_plugins = acl
}
plugin {
  acl = vfile
}`,
    }, async (server, t) => {
      await server.seed("shared", [mail("1")]);
      const rights = `${server.mailRoot}/shared/dovecot-acl`;
      await Deno.writeTextFile(rights, "owner lr\n");
      await server.own(rights);
      await using mailbox = await open(t.store, "shared");
      assert.equal(mailbox.readOnly, true);
      assert.equal(mailbox.move, undefined);
      assert.equal(mailbox.canHold("\\Seen"), true);
      const changes = await mailbox.observe(NOTHING, undefined);
      assert.equal(changes.total, 1);
      // Dovecot says OK to these and does nothing: an OK would be believed.
      const refused = await failureOf(mailbox.remove([1]));
      assert.equal(refused.code, "imap.read-only");
      assert.equal(refused.scope, "mailbox");
      const delta = { add: flagsOf(["\\Seen"]), remove: NO_FLAGS };
      const [failure] = await mailbox.changeFlags([{ ref: 1, delta }]);
      assert.equal(failure?.ref, 1);
      assert.equal((await server.messages("shared")).length, 1);
    }),
);

dovecotTest(
  "ImapStore shares connections, and opens no more than it may",
  () =>
    onDovecot({ store: { maxConnections: 2 } }, async (_, t) => {
      await Promise.all(
        ["a", "b", "c", "d"].map((name) => t.store.create(name)),
      );
      const looks = ["a", "b", "c", "d", "a", "b"].map((name) =>
        look(t.store, NOTHING, undefined, name)
      );
      for (const { total } of await Promise.all(looks)) assert.equal(total, 0);
      assert.equal(t.sessions.length, 2);
    }),
);

dovecotTest(
  "ImapStore opens a new connection after the server went away",
  () =>
    onDovecot({ store: { maxConnections: 1 } }, async (server, t) => {
      await server.seed("INBOX", [mail("1")]);
      assert.equal((await look(t.store)).total, 1);
      await server.restart();
      assert.equal((await look(t.store)).total, 1);
      assert.equal(t.sessions.length, 2);
    }),
);

/** The IMAP store keeps the contract of all stores, on servers of all kinds. */
import {
  type DovecotOptions,
  findDovecot,
  startDovecot,
} from "../support/dovecot.ts";
import { openImapStore } from "../support/imap_session.ts";
import {
  type ImapServerOptions,
  startImapServer,
} from "../support/imap_server/mod.ts";
import { storeContract, type StoreTraits } from "./store_contract.ts";

const NAMES = [
  "with blank",
  "Entwürfe",
  "日本語",
  'quote"d',
  "back\\slash",
  "100%*",
  "&amp;",
  "[Gmail]",
  "'; rm -rf",
];

const TRAITS: StoreTraits = {
  oddNames: NAMES,
  keywords: ["$Label1", "Work"],
};

function dovecot(options: DovecotOptions = {}) {
  return async () => {
    const server = await startDovecot(options);
    const { store } = openImapStore(server, { maxConnections: 3 });
    await store.list();
    return {
      store,
      async [Symbol.asyncDispose]() {
        await store[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
      },
    };
  };
}

function scripted(profile: NonNullable<ImapServerOptions["profile"]>) {
  return async () => {
    const server = startImapServer({ profile, mailboxes: [{ name: "INBOX" }] });
    const { store } = openImapStore(server, { maxConnections: 3 });
    await store.list();
    return {
      store,
      async [Symbol.asyncDispose]() {
        await store[Symbol.asyncDispose]();
        await server.stop();
      },
    };
  };
}

/** A Maildir holds LF for CRLF; what Dovecot 2.3 drops or replaces by 0x80. */
const DOVECOT: StoreTraits = {
  ...TRAITS,
  bareLf: "crlf",
  changes: ["CR at the very end", "NUL"],
};

if (findDovecot() !== undefined) {
  storeContract("ImapStore on Dovecot", dovecot(), DOVECOT);
  storeContract(
    "ImapStore on Dovecot without extensions",
    dovecot({ capabilities: "IMAP4rev1" }),
    {
      ...DOVECOT,
      changes: ["CR at the very end"],
      refusesNul: true,
      tellsRefs: false,
      tokens: false,
    },
  );
}

storeContract("ImapStore on a modern server", scripted("modern"), TRAITS);
storeContract("ImapStore on a bare server", scripted("bare"), {
  ...TRAITS,
  refusesNul: true,
  tellsRefs: false,
  tokens: false,
});
storeContract("ImapStore on a kind of Exchange", scripted("exchange"), {
  ...TRAITS,
  keywords: [],
  refusesNul: true,
  tokens: false,
});
storeContract(
  "ImapStore on a kind of Courier",
  scripted({ base: "courier", prefix: "" }),
  { ...TRAITS, refusesNul: true, tokens: false },
);

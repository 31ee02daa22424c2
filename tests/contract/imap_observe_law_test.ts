/**
 * Whatever others do to a mailbox, between our looks and in the middle of them:
 * what we conclude is true, and when they are done we know all.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { MailError } from "../../src/errors.ts";
import type { Known } from "../../src/sync/status.ts";
import { openImapStore, type TestStore } from "../support/imap_session.ts";
import {
  type ImapServer,
  type ImapServerOptions,
  startImapServer,
  type Vice,
} from "../support/imap_server/mod.ts";
import { after, mail, NOTHING, open } from "./imap_store_support.ts";

/** One thing that another client does. */
type Edit =
  | { readonly kind: "add"; readonly flags: readonly string[] }
  | {
    readonly kind: "flag";
    readonly at: number;
    readonly flags: readonly string[];
  }
  | { readonly kind: "expunge"; readonly at: number };

/** A look, what happened before it, and what happens at its n-th command. */
interface Step {
  readonly before: readonly Edit[];
  readonly during: readonly (readonly Edit[])[];
}

const flags = fc.subarray(["\\Seen", "\\Flagged", "\\Deleted", "Work"]);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), flags }),
  fc.record({ kind: fc.constant("flag" as const), at: fc.nat(20), flags }),
  fc.record({ kind: fc.constant("expunge" as const), at: fc.nat(20) }),
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    before: fc.array(edit, { maxLength: 4 }),
    during: fc.array(fc.array(edit, { maxLength: 2 }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 6 },
);

function apply(server: ImapServer, edits: readonly Edit[]): void {
  const inbox = server.mailbox("INBOX");
  for (const one of edits) {
    const messages = inbox.messages();
    if (one.kind === "add") {
      inbox.append(mail(`${inbox.uidNext}`), { flags: one.flags });
      continue;
    }
    const target = messages[one.at % Math.max(1, messages.length)];
    if (target === undefined) continue;
    if (one.kind === "flag") inbox.setFlags(target.uid, one.flags);
    else inbox.expunge(target.uid);
  }
}

/** What a status knows, as text by UID. */
function content(known: Known): Map<number, string> {
  const found = new Map<number, string>();
  for (const pair of known.pairs()) found.set(Number(pair.remote), pair.flags);
  return found;
}

function truth(server: ImapServer): Map<number, string> {
  return new Map(
    server.mailbox("INBOX").messages()
      .map(({ uid, flags }) => [uid, [...flags].sort().join(" ")]),
  );
}

/** A look as of a run: nothing is forgotten that is not absent twice. */
async function look(
  { store }: TestStore,
  known: Known,
  since: string | undefined,
): Promise<{ known: Known; token: string | undefined }> {
  const given = since === undefined ? {} : { since };
  await using mailbox = await open(store, "INBOX", given);
  const changes = await mailbox.observe(known, since);
  const suspects = changes.gone.map(({ remote }) => remote);
  const absent = await mailbox.confirmAbsent(suspects);
  const gone = changes.gone.filter(({ remote }) => absent.has(remote));
  // Doubt: a run then keeps the old token.
  const token = gone.length < suspects.length ? since : changes.token;
  return { known: after({ ...changes, gone }, known), token };
}

async function play(
  profile: NonNullable<ImapServerOptions["profile"]>,
  list: readonly Step[],
  vices: readonly Vice[],
): Promise<void> {
  await using server = startImapServer({
    profile,
    vices,
    mailboxes: [{
      name: "INBOX",
      messages: ["1", "2", "3"].map((id) => mail(id)),
    }],
  });
  await using test = openImapStore(server, { maxConnections: 1 });
  let known = NOTHING;
  let token: string | undefined;
  for (const { before, during } of list) {
    apply(server, before);
    let at = 0;
    const everSeen = new Set(truth(server).keys());
    const stop = server.onCommand(() => {
      apply(server, during[at++] ?? []);
      for (const uid of truth(server).keys()) everSeen.add(uid);
    });
    const old = content(known);
    try {
      ({ known, token } = await look(test, known, token));
    } catch (error) {
      // A mailbox that changes all the time may be too much for one look.
      assert(error instanceof MailError);
      assert.equal(error.code, "imap.listing");
    }
    stop();
    const now = truth(server);
    for (const uid of old.keys()) {
      if (now.has(uid)) assert(content(known).has(uid), `${uid} was given up`);
    }
    for (const uid of content(known).keys()) {
      assert(old.has(uid) || everSeen.has(uid), `${uid} was invented`);
    }
  }
  for (let quiet = 0; quiet < 2; quiet++) {
    ({ known, token } = await look(test, known, token));
  }
  assert.deepEqual(content(known), truth(server));
  // And a token that a listing gives is the one of a look.
  const [inbox] = await test.store.list();
  if (inbox?.exact === true) assert.equal(inbox.token, token);
}

for (
  const { name, profile, vices } of [
    { name: "QRESYNC", profile: "dovecot", vices: [] },
    { name: "CONDSTORE alone", profile: { qresync: false }, vices: [] },
    { name: "neither", profile: "bare", vices: [] },
    {
      name: "QRESYNC and EXPUNGE at any time",
      profile: "dovecot",
      vices: [{ kind: "expungeAnywhere" }],
    },
    {
      name: "CONDSTORE alone and EXPUNGE at any time",
      profile: { qresync: false },
      vices: [{ kind: "expungeAnywhere" }],
    },
    {
      name: "neither and EXPUNGE at any time",
      profile: "bare",
      vices: [{ kind: "expungeAnywhere" }],
    },
  ] satisfies {
    name: string;
    profile: ImapServerOptions["profile"];
    vices: Vice[];
  }[]
) {
  Deno.test(`observe() with ${name} is true while others change the mailbox, and complete after`, async () => {
    await fc.assert(
      fc.asyncProperty(steps, (list) => play(profile, list, vices)),
      { numRuns: 60 },
    );
  });
}

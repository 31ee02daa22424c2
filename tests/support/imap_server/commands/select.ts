/** SELECT, EXAMINE, CLOSE, UNSELECT (RFC 3501 §6.3.1, RFC 7162 §3.2.5). */
import { CommandSyntax } from "../argument_reader.ts";
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, ok } from "../completion.ts";
import { hasFlag } from "../flags.ts";
import { parseNumberSet, type Range } from "../numset.ts";
import { refusesMailbox } from "../refuse_mailbox.ts";
import { flagsText, writeFlags } from "../updates.ts";
import { writeVanishedEarlier } from "../vanished.ts";
import { View } from "../view.ts";

/** Runs SELECT or EXAMINE. */
export function select(call: Call): Completion {
  const { args, session } = call;
  args.space();
  const name = call.mailboxName();
  const resync = readParameters(call);
  args.end();
  if (session.view !== undefined) {
    // The old mailbox is left whether or not the new one can be opened.
    session.leaveMailbox();
    call.untagged("OK [CLOSED] Previous mailbox closed.");
  }
  const mailbox = call.existing(name);
  refusesMailbox(call, mailbox.name);
  const readOnly = call.name === "EXAMINE";
  const view = new View(mailbox, readOnly, session.wake, session.thrownOut);
  session.view = view;
  if (call.vices.get("emptiedView") !== undefined) view.messages = [];
  view.phantoms = call.vices.get("existsMore")?.by ?? 0;
  writeState(call, view);
  if (resync !== undefined && resync.uidValidity === mailbox.uidValidity) {
    writeMissed(call, view, resync);
  }
  return ok(
    readOnly ? "Examine completed." : "Select completed.",
    readOnly ? "READ-ONLY" : "READ-WRITE",
  );
}

/** Runs CLOSE: removes what is \Deleted without a word. */
export function close(call: Call): Completion {
  const { view, session } = call;
  call.args.end();
  if (!view.readOnly) {
    view.mailbox.expunge(
      view.messages.filter((m) => hasFlag(m.flags, "\\Deleted")),
    );
  }
  session.leaveMailbox();
  return ok("Close completed.");
}

/** Runs UNSELECT (RFC 3691). */
export function unselect(call: Call): Completion {
  if (!call.session.profile.unselect) {
    throw new CommandRefusal("Unknown command: UNSELECT", undefined, "BAD");
  }
  call.args.end();
  call.session.leaveMailbox();
  return ok("Unselect completed.");
}

function writeState(call: Call, view: View): void {
  const { session, vices } = call;
  const { mailbox } = view;
  const { profile } = session;
  const rev2 = session.enabled.has("IMAP4REV2");
  writeFlags(session, view);
  call.untagged(`${view.messages.length + view.phantoms} EXISTS`);
  if (!rev2) call.untagged(`${view.recent.size} RECENT`);
  const unseen = view.messages.findIndex((m) => !hasFlag(m.flags, "\\Seen"));
  if (unseen >= 0 && !rev2) {
    call.untagged(`OK [UNSEEN ${unseen + 1}] First unseen.`);
  }
  call.untagged(`OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs valid`);
  call.untagged(`OK [UIDNEXT ${mailbox.uidNext}] Predicted next UID`);
  if (
    profile.condstore &&
    (profile.alwaysHighestModSeq || session.enabled.has("CONDSTORE"))
  ) {
    call.untagged(
      vices.get("noModSeq") === undefined
        ? `OK [HIGHESTMODSEQ ${mailbox.highestModSeq}] Highest`
        : "OK [NOMODSEQ] No permanent mod-sequences",
    );
  }
  if (profile.objectId) {
    call.untagged(`OK [MAILBOXID (${mailbox.mailboxId})] Ok`);
  }
  if (rev2) {
    call.untagged(
      `LIST () "${profile.separator}" ${session.encodeName(mailbox.name)}`,
    );
  }
}

/** What the client knew when it was here last. */
interface Resync {
  readonly uidValidity: number;
  readonly modSeq: bigint;
  readonly known: readonly Range[];
}

function readParameters(call: Call): Resync | undefined {
  const { args, session } = call;
  if (!args.skip(" ")) return undefined;
  let resync: Resync | undefined;
  args.list(() => {
    const word = args.word();
    if (word === "CONDSTORE" && session.profile.condstore) {
      session.enable("CONDSTORE");
    } else if (word === "QRESYNC" && session.profile.qresync) {
      args.space();
      resync = readResync(call);
      if (!session.enabled.has("QRESYNC")) {
        throw new CommandRefusal("QRESYNC not enabled", undefined, "BAD");
      }
    } else {
      throw new CommandRefusal(`Unknown parameter ${word}`, undefined, "BAD");
    }
  });
  return resync;
}

function readResync({ args }: Call): Resync {
  if (!args.skip("(")) throw new CommandSyntax("Expected (");
  const uidValidity = args.number();
  args.space();
  const modSeq = args.bigNumber();
  let known: Range[] | undefined;
  if (args.skip(" ")) {
    if (args.peek() !== "(") {
      known = parseNumberSet(args.setText(), 0xffffffff);
      if (known === undefined) throw new CommandSyntax("Invalid known UIDs");
      args.skip(" ");
    }
    // Sequence match data only shortens the answer; we need no shortening.
    if (args.peek() === "(") args.list(() => args.setText());
  }
  if (!args.skip(")")) throw new CommandSyntax("Expected )");
  return { uidValidity, modSeq, known: known ?? [[1, 0xffffffff]] };
}

function writeMissed(call: Call, view: View, resync: Resync): void {
  writeVanishedEarlier(call, view.mailbox, resync.modSeq, resync.known);
  view.messages.forEach((message, index) => {
    if (message.modSeq <= resync.modSeq) return;
    const flags = flagsText(message.flags, view.recent.has(message.uid));
    call.untagged(
      `${index + 1} FETCH (UID ${message.uid} FLAGS ${flags} ` +
        `MODSEQ (${message.modSeq}))`,
    );
  });
}

/** FETCH and UID FETCH (RFC 3501 §6.4.5, RFC 7162 §3.1.4 and §3.2.6). */
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, no, ok } from "../completion.ts";
import { type FetchItem, readFetchItems } from "../fetch_items.ts";
import { writeRow } from "../fetch_row.ts";
import { hasFlag } from "../flags.ts";
import { parseNumberSet } from "../numset.ts";
import { seededRandom } from "../random.ts";
import { writeStrayBytes } from "../stray_bytes.ts";
import { type Target, targetsOf } from "../target_messages.ts";
import { writeVanishedEarlier } from "../vanished.ts";

/** Runs FETCH or UID FETCH. */
export async function fetch(call: Call): Promise<Completion> {
  const { args, session, vices, view } = call;
  args.space();
  const setText = args.setText();
  args.space();
  const asked = readFetchItems(args);
  const { changedSince, vanished } = readModifiers(call);
  args.end();
  const needsModSeq = changedSince !== undefined ||
    asked.some((item) => item.kind === "plain" && item.name === "MODSEQ");
  if (
    !session.profile.gmail &&
    asked.some((item) => item.kind === "plain" && item.name.startsWith("X-GM-"))
  ) {
    throw new CommandRefusal("Unknown item X-GM", undefined, "BAD");
  }
  if (needsModSeq) {
    if (!session.profile.condstore) {
      throw new CommandRefusal("Unknown parameter MODSEQ", undefined, "BAD");
    }
    session.enable("CONDSTORE");
  }
  const targets = targetsOf(call, setText).filter((target) =>
    changedSince === undefined || target.message.modSeq > changedSince
  );
  if (vanished && changedSince !== undefined) {
    const set = parseNumberSet(setText, 0xffffffff) ?? [];
    writeVanishedEarlier(call, view.mailbox, changedSince, set);
  }
  const items = withImplied(call, asked, changedSince !== undefined);
  const marked = markSeen(call, targets, items);
  const rows = chosenRows(call, targets);
  const { goneRows } = session.profile;
  // Dovecot still knows the flags of what is gone.
  const missing = (goneRows === "no" || needsSource(items)) &&
    rows.some((target) => target.message.gone);
  let count = 0;
  for (const target of rows) {
    if (target.message.gone && goneRows === "no") continue;
    if (count++ === Math.floor(rows.length / 2)) {
      writeStrayBytes(session, vices, "middle");
    }
    const row = { ...target, recent: view.recent.has(target.message.uid) };
    const own = marked.has(target.message) && !hasPlain(items, "FLAGS")
      ? withFlags(items)
      : items;
    writeRow(session, row, own, vices);
    if (session.writer.full) await session.writer.flush();
  }
  if (session.enabled.has("CONDSTORE") && !hasPlain(items, "MODSEQ")) {
    writeNewModSeqs(call, targets, marked);
  }
  if (!missing) return ok("Fetch completed.");
  return goneRows === "no"
    ? no("Some of the requested messages no longer exist", "EXPUNGEISSUED")
    : ok("Some messages were already expunged", "EXPUNGEISSUED");
}

interface Modifiers {
  changedSince: bigint | undefined;
  vanished: boolean;
}

function readModifiers(call: Call): Modifiers {
  const { args, session } = call;
  const found: Modifiers = { changedSince: undefined, vanished: false };
  if (!args.skip(" ")) return found;
  args.list(() => {
    const word = args.word();
    if (word === "CHANGEDSINCE" && session.profile.condstore) {
      args.space();
      found.changedSince = args.bigNumber();
    } else if (word === "VANISHED" && session.enabled.has("QRESYNC")) {
      found.vanished = true;
    } else {
      throw new CommandRefusal(`Unknown modifier ${word}`, undefined, "BAD");
    }
  });
  if (found.vanished && (!call.byUid || found.changedSince === undefined)) {
    throw new CommandRefusal(
      "VANISHED needs UID FETCH and CHANGEDSINCE",
      undefined,
      "BAD",
    );
  }
  return found;
}

/** Whether an item is made from the message itself. */
function needsSource(items: readonly FetchItem[]): boolean {
  return items.some((item) =>
    item.kind === "section" ||
    !["UID", "FLAGS", "MODSEQ", "INTERNALDATE", "EMAILID"].includes(item.name)
  );
}

/** The items and FLAGS, which \Seen changed, before the bodies. */
function withFlags(items: readonly FetchItem[]): FetchItem[] {
  const at = items.findIndex((item) => item.kind === "section");
  return items.toSpliced(at, 0, { kind: "plain", name: "FLAGS" });
}

/** UID for UID FETCH, MODSEQ for CHANGEDSINCE. */
function withImplied(
  call: Call,
  asked: readonly FetchItem[],
  changedSince: boolean,
): FetchItem[] {
  const items = [...asked];
  if (call.byUid && !hasPlain(items, "UID")) {
    items.unshift({ kind: "plain", name: "UID" });
  }
  if (changedSince && !hasPlain(items, "MODSEQ")) {
    items.push({ kind: "plain", name: "MODSEQ" });
  }
  return items;
}

/** A body that is not only peeked at becomes \Seen. */
function markSeen(
  call: Call,
  targets: readonly Target[],
  items: readonly FetchItem[],
): Set<unknown> {
  const { view } = call;
  const reads = items.some((item) => item.kind === "section" && !item.peek);
  if (!reads || view.readOnly) return new Set();
  const unseen = targets.map((target) => target.message)
    .filter((message) => !hasFlag(message.flags, "\\Seen"));
  const before = new Set(unseen.filter((m) => view.isPending(m)));
  const marked = view.mailbox.changeFlags(unseen, "add", ["\\Seen"]);
  for (const m of marked) if (!before.has(m)) view.forgetChanged(m);
  return new Set(marked);
}

/** Dovecot's row for a \Seen that a FETCH set: a MODSEQ and no UID. */
function writeNewModSeqs(
  call: Call,
  targets: readonly Target[],
  marked: ReadonlySet<unknown>,
): void {
  for (const { sequence, message } of targets) {
    if (!marked.has(message)) continue;
    const uid = call.session.enabled.has("QRESYNC")
      ? `UID ${message.uid} `
      : "";
    call.untagged(`${sequence} FETCH (${uid}MODSEQ (${message.modSeq}))`);
  }
}

/** The rows that the vices let through, in their order. */
function chosenRows(call: Call, targets: readonly Target[]): Target[] {
  const { vices } = call;
  if (vices.get("emptyListing") !== undefined) return [];
  let rows = targets.filter((target) =>
    !vices.concerns("dropRows", target.message.uid)
  );
  if (vices.get("duplicateRows") !== undefined) {
    rows = rows.flatMap((target) =>
      vices.concerns("duplicateRows", target.message.uid)
        ? [target, target]
        : [target]
    );
  }
  const shuffle = vices.get("shuffleRows");
  if (shuffle !== undefined) {
    const random = seededRandom(shuffle.seed ?? 1);
    rows = rows.map((row) => ({ row, at: random() }))
      .sort((a, b) => a.at - b.at).map(({ row }) => row);
  }
  return rows;
}

function hasPlain(items: readonly FetchItem[], name: string): boolean {
  return items.some((item) => item.kind === "plain" && item.name === name);
}

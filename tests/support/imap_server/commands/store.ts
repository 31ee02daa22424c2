/** STORE and UID STORE (RFC 3501 §6.4.6, RFC 7162 §3.1.3). */
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, no, ok } from "../completion.ts";
import { labelsText } from "../fetch_row.ts";
import type { FlagChange } from "../flags.ts";
import { formatNumberSet } from "../numset.ts";
import { permittedFlags, refuseUnknownFlags } from "../permanent_flags.ts";
import { readTargets, type Target } from "../target_messages.ts";
import { flagsText, writeKeywords } from "../updates.ts";

/** Runs STORE or UID STORE. */
export function store(call: Call): Completion {
  const { args } = call;
  args.space();
  const targets = readTargets(call);
  args.space();
  const unchangedSince = readUnchangedSince(call);
  const item = args.word();
  if (/^[+-]?X-GM-LABELS$/.test(item)) return storeLabels(call, targets, item);
  const match = /^([+-]?)FLAGS(\.SILENT)?$/.exec(item);
  if (match === null) {
    throw new CommandRefusal("Invalid item", undefined, "BAD");
  }
  args.space();
  const flags = readFlags(call);
  args.end();
  const readOnly = call.readOnlyReply();
  if (readOnly !== undefined) return readOnly;
  refuseUnknownFlags(flags);
  const { view } = call;
  const change: FlagChange = match[1] === "+"
    ? "add"
    : match[1] === "-"
    ? "remove"
    : "set";
  const alive = targets.filter((target) => !target.message.gone);
  const fresh = alive.filter((target) =>
    unchangedSince === undefined || target.message.modSeq <= unchangedSince
  );
  const messages = fresh.map((target) => target.message);
  const pending = new Set(messages.filter((m) => view.isPending(m)));
  const changed = new Set(
    view.mailbox.changeFlags(
      messages,
      change,
      permittedFlags(call.session.profile, view.mailbox, flags),
    ),
  );
  writeKeywords(call.session, view);
  for (const target of fresh) {
    if (!changed.has(target.message)) continue;
    // What somebody else changed before is still announced as it should be.
    if (!pending.has(target.message)) view.forgetChanged(target.message);
    writeChange(call, target, match[2] !== undefined);
  }
  return completion(call, targets, alive, fresh);
}

/** Gmail's labels: a list of astrings. There is no silent form of it. */
function storeLabels(
  call: Call,
  targets: readonly Target[],
  item: string,
): Completion {
  const { args, store: { gmail } } = call;
  if (gmail === undefined) {
    throw new CommandRefusal("Invalid item", undefined, "BAD");
  }
  args.space();
  const labels = args.peek() === "("
    ? args.list(() => readLabel(call))
    : [readLabel(call)];
  args.end();
  const readOnly = call.readOnlyReply();
  if (readOnly !== undefined) return readOnly;
  for (const { sequence, message } of targets) {
    if (message.gone) continue;
    const old = gmail.labelsOf(message);
    if (!item.startsWith("-")) gmail.addLabels(message, labels);
    if (item.startsWith("-")) gmail.removeLabels(message, labels);
    else if (!item.startsWith("+")) {
      gmail.removeLabels(message, old.filter((one) => !labels.includes(one)));
    }
    const told = labelsText(call.session, message);
    const uid = call.byUid ? `UID ${message.uid} ` : "";
    if (!message.gone) call.untagged(`${sequence} FETCH (${uid}${told})`);
  }
  return ok("Success");
}

function readLabel({ args }: Call): string {
  return args.peek() === "\\" ? args.flag() : args.text();
}

function writeChange(call: Call, target: Target, silent: boolean): void {
  const { session, view } = call;
  const condstore = session.enabled.has("CONDSTORE");
  if (silent && !condstore) return;
  const { message } = target;
  const items: string[] = [];
  if (call.byUid || session.enabled.has("QRESYNC")) {
    items.push(`UID ${message.uid}`);
  }
  if (condstore) items.push(`MODSEQ (${message.modSeq})`);
  if (!silent) {
    items.push(
      `FLAGS ${flagsText(message.flags, view.recent.has(message.uid))}`,
    );
  }
  call.untagged(`${target.sequence} FETCH (${items.join(" ")})`);
}

function completion(
  call: Call,
  targets: readonly Target[],
  alive: readonly Target[],
  fresh: readonly Target[],
): Completion {
  if (
    alive.length < targets.length && call.session.profile.goneRows === "no"
  ) {
    return no("Some of the messages no longer exist.", "EXPUNGEISSUED");
  }
  if (fresh.length === alive.length) return ok("Store completed.");
  const done = new Set(fresh);
  const refused = alive.filter((target) => !done.has(target)).map((target) =>
    call.byUid ? target.message.uid : target.sequence
  );
  return ok(
    "Conditional store failed.",
    `MODIFIED ${formatNumberSet(refused)}`,
  );
}

function readUnchangedSince(call: Call): bigint | undefined {
  const { args, session } = call;
  if (args.peek() !== "(" || !session.profile.condstore) return undefined;
  let value: bigint | undefined;
  args.list(() => {
    if (args.word() !== "UNCHANGEDSINCE") {
      throw new CommandRefusal("Unknown modifier", undefined, "BAD");
    }
    args.space();
    value = args.bigNumber();
  });
  args.space();
  session.enable("CONDSTORE");
  return value;
}

function readFlags({ args }: Call): string[] {
  if (args.peek() === "(") return args.list(() => args.flag());
  const flags = [args.flag()];
  while (args.skip(" ")) flags.push(args.flag());
  return flags;
}

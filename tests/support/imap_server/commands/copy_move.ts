/** COPY, MOVE and their UID forms (RFC 3501 §6.4.7, RFC 6851). */
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, ok } from "../completion.ts";
import type { Mailbox } from "../mailbox.ts";
import { formatNumberList } from "../numset.ts";
import { readTargets } from "../target_messages.ts";
import { expungedCode, uidCode } from "../uid_code.ts";
import type { Message } from "../message.ts";

/** Runs COPY or UID COPY. */
export function copy(call: Call): Completion {
  const { messages, target } = readArguments(call);
  if (messages.length === 0) return ok("No messages found.");
  return ok("Copy completed.", copyAll(call, messages, target));
}

/** Runs MOVE or UID MOVE. */
export function move(call: Call): Completion {
  if (!call.session.profile.move) {
    throw new CommandRefusal("Unknown command: MOVE", undefined, "BAD");
  }
  const readOnly = call.readOnlyReply();
  if (readOnly !== undefined) return readOnly;
  const { messages, target } = readArguments(call);
  if (messages.length === 0) return ok("No messages found.");
  const code = copyAll(call, messages, target);
  // RFC 6851 §4.3: the code comes before the EXPUNGEs, not with the OK.
  if (code !== undefined) call.untagged(`OK [${code}] Moved UIDs.`);
  call.view.mailbox.expunge(messages);
  return ok("Move completed.", expungedCode(call));
}

function readArguments(call: Call): { messages: Message[]; target: Mailbox } {
  const { args } = call;
  args.space();
  const targets = readTargets(call);
  args.space();
  const name = call.mailboxName();
  args.end();
  const target = call.existing(name, "TRYCREATE");
  const messages = targets.map((one) => one.message);
  if (
    call.session.profile.goneRows === "no" && messages.some((m) => m.gone)
  ) {
    throw new CommandRefusal(
      "Some of the messages no longer exist.",
      "EXPUNGEISSUED",
    );
  }
  return { messages: messages.filter((message) => !message.gone), target };
}

function copyAll(
  call: Call,
  messages: readonly Message[],
  target: Mailbox,
): string | undefined {
  const added = target.append(messages);
  return uidCode(call, "COPYUID", target.uidValidity, [
    formatNumberList(messages.map((message) => message.uid)),
    formatNumberList(added.map((message) => message.uid)),
  ]);
}

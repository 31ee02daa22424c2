/** EXPUNGE and UID EXPUNGE (RFC 3501 §6.4.3, RFC 4315 §2.1). */
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, ok } from "../completion.ts";
import { hasFlag } from "../flags.ts";
import { expungedCode } from "../uid_code.ts";
import { readTargets } from "../target_messages.ts";

/** Runs EXPUNGE: everything \Deleted goes, whoever marked it. */
export function expunge(call: Call): Completion {
  call.args.end();
  return call.readOnlyReply() ?? remove(call, call.view.messages);
}

/** Runs UID EXPUNGE: only those named, if they are \Deleted. */
export function uidExpunge(call: Call): Completion {
  if (!call.session.profile.uidplus) {
    throw new CommandRefusal("Unknown command: UID EXPUNGE", undefined, "BAD");
  }
  call.args.space();
  const targets = readTargets(call);
  call.args.end();
  return call.readOnlyReply() ??
    remove(call, targets.map((target) => target.message));
}

function remove(call: Call, candidates: Call["view"]["messages"]): Completion {
  const { mailbox } = call.view;
  const doomed = candidates.filter((m) =>
    !m.gone && hasFlag(m.flags, "\\Deleted")
  );
  mailbox.expunge(doomed);
  return ok("Expunge completed.", expungedCode(call));
}

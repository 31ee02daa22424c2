/** The messages that a set in a command names. */
import { CommandSyntax } from "./argument_reader.ts";
import type { Call } from "./call.ts";
import { lowerBound } from "./mailbox.ts";
import type { Message } from "./message.ts";
import { parseNumberSet } from "./numset.ts";

/** A message with its number in the view. */
export interface Target {
  readonly sequence: number;
  readonly message: Message;
}

/**
 * Reads a set and finds its messages, ascending. UIDs that are not there are
 * skipped without a word (RFC 3501 §6.4.8); sequence numbers beyond the end
 * are an error.
 */
export function readTargets(call: Call): Target[] {
  return targetsOf(call, call.args.setText());
}

/** The same for a set text that was already read. */
export function targetsOf(call: Call, text: string): Target[] {
  const { view, byUid } = call;
  const { messages } = view;
  const count = messages.length + view.phantoms;
  const largest = byUid ? view.largestUid : count;
  const ranges = parseNumberSet(text, largest);
  if (ranges === undefined) throw new CommandSyntax("Invalid messageset");
  const targets: Target[] = [];
  for (const [from, to] of ranges) {
    if (!byUid && to > count) {
      throw new CommandSyntax("Invalid messageset");
    }
    const start = byUid ? lowerBound(messages, from) : from - 1;
    for (let at = start; at < messages.length; at++) {
      const message = messages[at];
      if (message === undefined) break;
      if ((byUid ? message.uid : at + 1) > to) break;
      targets.push({ sequence: at + 1, message });
    }
  }
  return targets;
}

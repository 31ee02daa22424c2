/** SEARCH and UID SEARCH (RFC 3501 §6.4.4, RFC 4731). */
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, ok } from "../completion.ts";
import type { Message } from "../message.ts";
import { formatNumberSet } from "../numset.ts";
import { readSearch } from "../search.ts";

/** Runs SEARCH or UID SEARCH. */
export function search(call: Call): Completion {
  const { args, session, view } = call;
  args.space();
  const options = readReturn(call);
  readCharset(call);
  const program = readSearch(args, view, call.store.gmail);
  args.end();
  if (program.usesModSeq) {
    if (!session.profile.condstore) {
      throw new CommandRefusal("Unknown argument MODSEQ", undefined, "BAD");
    }
    session.enable("CONDSTORE");
  }
  const found: Message[] = [];
  const numbers: number[] = [];
  const nothing = call.vices.get("emptyListing") !== undefined;
  view.messages.forEach((message, index) => {
    // What is gone but not yet announced is still there for this session.
    if (nothing) return;
    if (!program.matches(message, index + 1)) return;
    if (call.vices.concerns("searchOmits", message.uid)) return;
    found.push(message);
    numbers.push(call.byUid ? message.uid : index + 1);
  });
  const modSeq = program.usesModSeq ? highest(found) : undefined;
  if (options !== undefined || session.enabled.has("IMAP4REV2")) {
    writeExtended(call, options ?? new Set(["ALL"]), numbers, modSeq);
  } else {
    const suffix = modSeq === undefined ? "" : ` (MODSEQ ${modSeq})`;
    const list = numbers.length === 0 ? "" : ` ${numbers.join(" ")}`;
    call.untagged(`SEARCH${list}${suffix}`);
  }
  return ok("Search completed.");
}

function highest(messages: readonly Message[]): bigint | undefined {
  let value: bigint | undefined;
  for (const { modSeq } of messages) {
    if (value === undefined || modSeq > value) value = modSeq;
  }
  return value;
}

function readReturn(call: Call): Set<string> | undefined {
  const { args, session } = call;
  const extended = session.profile.esearch || session.enabled.has("IMAP4REV2");
  if (!extended || !args.skip("RETURN ")) return undefined;
  const options = new Set(args.list(() => args.word()));
  for (const option of options) {
    if (!["MIN", "MAX", "ALL", "COUNT"].includes(option)) {
      throw new CommandRefusal(
        `Unknown search return option ${option}`,
        undefined,
        "BAD",
      );
    }
  }
  args.space();
  return options.size === 0 ? new Set(["ALL"]) : options;
}

function readCharset({ args }: Call): void {
  if (!args.skip("CHARSET ")) return;
  const charset = args.text().toUpperCase();
  if (!["UTF-8", "US-ASCII", "ASCII"].includes(charset)) {
    throw new CommandRefusal("Unknown charset", "BADCHARSET (UTF-8)");
  }
  args.space();
}

function writeExtended(
  call: Call,
  options: ReadonlySet<string>,
  numbers: readonly number[],
  modSeq: bigint | undefined,
): void {
  let text = `ESEARCH (TAG "${call.tag}")`;
  if (call.byUid) text += " UID";
  const first = numbers[0];
  const last = numbers.at(-1);
  if (options.has("MIN") && first !== undefined) text += ` MIN ${first}`;
  if (options.has("MAX") && last !== undefined) text += ` MAX ${last}`;
  if (options.has("ALL") && numbers.length > 0) {
    text += ` ALL ${formatNumberSet(numbers)}`;
  }
  if (options.has("COUNT")) text += ` COUNT ${numbers.length}`;
  if (modSeq !== undefined) text += ` MODSEQ ${modSeq}`;
  call.untagged(text);
}

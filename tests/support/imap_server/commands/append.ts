/** APPEND, also of several messages (RFC 3501 §6.3.11, RFC 3502). */
import type { ArgumentReader } from "../argument_reader.ts";
import { CommandSyntax } from "../argument_reader.ts";
import { decodeUtf8, toByteString } from "../bytes.ts";
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, ok } from "../completion.ts";
import {
  type InternalDate,
  internalDateOf,
  parseInternalDate,
} from "../internal_date.ts";
import type { NewMessage } from "../mailbox.ts";
import { formatNumberList } from "../numset.ts";
import { permittedFlags, refuseUnknownFlags } from "../permanent_flags.ts";
import { uidCode } from "../uid_code.ts";

/** Runs APPEND. All messages of one command are stored, or none. */
export function append(call: Call): Completion {
  const { args, session } = call;
  args.space();
  const name = call.mailboxName();
  const news: NewMessage[] = [];
  do {
    args.space();
    news.push(readMessage(args));
  } while (session.profile.multiAppend && !args.atEnd);
  args.end();
  for (const { flags } of news) refuseUnknownFlags(flags);
  const mailbox = call.existing(name, "TRYCREATE");
  for (const { source } of news) refuse(call, source);
  if (call.vices.get("forgetAppend") !== undefined) {
    return ok("Append completed.");
  }
  const added = mailbox.append(news.map((one) => ({
    ...one,
    flags: permittedFlags(session.profile, mailbox, one.flags),
  })));
  const uids = formatNumberList(added.map((message) => message.uid));
  const code = uidCode(call, "APPENDUID", mailbox.uidValidity, [uids]);
  return ok("Append completed.", code);
}

function readMessage(args: ArgumentReader): NewMessage {
  let flags: string[] = [];
  let internalDate: InternalDate = internalDateOf();
  if (args.peek() === "(") {
    flags = args.list(() => args.flag());
    args.space();
  }
  if (args.peek() === '"') {
    const date = parseInternalDate(decodeUtf8(args.string()));
    if (date === undefined) throw new CommandSyntax("Invalid internal date");
    internalDate = date;
    args.space();
  }
  if (args.skip("UTF8 (")) {
    const source = args.literal();
    if (!args.skip(")")) throw new CommandSyntax("Expected )");
    return { source, flags, internalDate };
  }
  return { source: args.literal(), flags, internalDate };
}

function refuse(call: Call, source: Uint8Array): void {
  const limit = call.session.profile.appendLimit;
  if (limit !== undefined && source.length > limit) {
    throw new CommandRefusal("Message is too large", "TOOBIG");
  }
  for (const vice of call.vices.all("refuseAppend")) {
    const marked = vice.marker !== undefined &&
      toByteString(source).includes(vice.marker);
    const large = vice.overBytes !== undefined &&
      source.length > vice.overBytes;
    const always = vice.marker === undefined && vice.overBytes === undefined;
    if (marked || large || always) {
      throw new CommandRefusal("Message refused", vice.code ?? "OVERQUOTA");
    }
  }
}

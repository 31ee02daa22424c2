/** APPEND that fails anyway is refused before its message is sent. */
import { ArgumentReader } from "./argument_reader.ts";
import type { CommandPart } from "./command_reader.ts";
import { type Completion, no } from "./completion.ts";
import type { Session } from "./session.ts";

/** The refusal of a synchronising literal, or undefined: let it come. */
export function refusesLiteral(
  session: Session,
  parts: readonly CommandPart[],
  length: number,
): Completion | undefined {
  const store = session.account?.store;
  if (store === undefined) return undefined;
  try {
    const args = new ArgumentReader(parts);
    args.atom();
    args.space();
    if (args.word() !== "APPEND") return undefined;
    args.space();
    // The name itself may be the literal; then nothing is known yet.
    if (args.atEnd) return undefined;
    const name = args.text();
    if (store.find(session.decodeName(name)) === undefined) {
      return no(`Mailbox doesn't exist: ${name}`, "TRYCREATE");
    }
  } catch {
    return undefined;
  }
  const limit = session.profile.appendLimit;
  return limit !== undefined && length > limit
    ? no("Message is too large", "TOOBIG")
    : undefined;
}

/** What the log shows of a command's arguments. */
import { ArgumentReader } from "./argument_reader.ts";
import type { CommandPart } from "./command_reader.ts";
import type { Session } from "./session.ts";

/** Commands whose first argument is a mailbox. */
const NAMING =
  /^(SELECT|EXAMINE|STATUS|APPEND|CREATE|DELETE|RENAME|SUBSCRIBE|UNSUBSCRIBE)$/;

/** The mailbox that the command names first, if it names one. */
export function namedMailbox(
  session: Session,
  command: string,
  parts: readonly CommandPart[],
): string | undefined {
  if (!NAMING.test(command)) return undefined;
  try {
    const args = new ArgumentReader(parts);
    args.atom();
    args.space();
    args.atom();
    args.space();
    const name = session.decodeName(args.text());
    return session.account?.store.normalize(name) ?? name;
  } catch {
    return undefined;
  }
}

/** Arguments on one line, literals by length, credentials hidden. */
export function loggedText(
  name: string,
  parts: readonly CommandPart[],
): string {
  const line = parts.map((part) =>
    part.kind === "text" ? part.text : `{${part.bytes.length}}`
  ).join("");
  const words = name.split(" ").length + 1;
  let at = 0;
  for (let word = 0; word < words; word++) {
    const blank = line.indexOf(" ", at);
    if (blank < 0) return "";
    at = blank + 1;
  }
  const text = line.slice(at);
  if (name === "LOGIN") return "***";
  if (name === "AUTHENTICATE") return text.replace(/ .*$/, " ***");
  return text;
}

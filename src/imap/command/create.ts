/** CREATE. */
import type { Command } from "./command.ts";
import { simpleCommand } from "./simple.ts";

/** How a mailbox is created. */
export interface CreateOptions {
  /** Attributes such as `\Sent`, where CREATE-SPECIAL-USE is offered (RFC 6154 §3). */
  readonly specialUse?: readonly string[];
}

/** Creates a mailbox (RFC 9051 §6.3.4); `name` as on the wire. */
export function create(
  name: string,
  { specialUse = [] }: CreateOptions = {},
): Command<void> {
  return simpleCommand("CREATE", (to) => {
    to.text("CREATE ").mailbox(name);
    if (specialUse.length > 0) to.text(" (USE ").flags(specialUse).text(")");
  });
}

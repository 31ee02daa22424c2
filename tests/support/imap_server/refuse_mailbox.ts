/** Mailboxes that a vice keeps shut. */
import type { Call } from "./call.ts";
import { CommandRefusal } from "./completion.ts";

/** @throws {CommandRefusal} Where a vice names the mailbox. */
export function refusesMailbox(call: Call, name: string): void {
  const vice = call.vices.all("refuseSelect")
    .find((one) => one.mailbox === name);
  if (vice !== undefined) {
    throw new CommandRefusal("Mailbox cannot be opened", vice.code);
  }
}

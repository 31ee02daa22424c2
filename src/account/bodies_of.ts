/** Whether an account's messages are shown in several mailboxes. */
import { isImap } from "../config/config.ts";
import { SharedBodies } from "../sync/shared_bodies.ts";
import type { OpenAccount } from "./open_account.ts";

/**
 * On Gmail a message is in every folder of its labels and in All Mail: its body
 * is downloaded once. Undefined for other servers, and where the copies are on a
 * server themselves: that would download them from there.
 */
export function bodiesOf(account: OpenAccount): SharedBodies | undefined {
  const { local, remote } = account.run.account;
  if (remote.type !== "Gmail" || isImap(local)) return undefined;
  return new SharedBodies({
    local: account.local,
    index: account.state.bodies,
  });
}

/** Vices that act before a command is executed. */
import type { Call } from "./call.ts";
import { type Completion, no } from "./completion.ts";
import type { ViceOf } from "./vices.ts";

/** When each throttling vice began, so that it can end. */
const throttledSince = new WeakMap<ViceOf<"throttle">, number>();

/**
 * The completion that stands in for the command; `BYE` when the connection was
 * ended; undefined when the command shall be executed.
 */
export async function refusalBefore(
  call: Call,
): Promise<Completion | "BYE" | undefined> {
  const { vices, session } = call;
  for (const { ms } of vices.all("delay")) {
    await session.writer.flush();
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
  const cutReply = vices.get("cutReply");
  if (cutReply !== undefined) {
    session.writer.addFault({
      atByte: session.writer.position + cutReply.afterBytes,
      action: cutReply.action ?? "cut",
    });
  }
  if (vices.get("stall")?.at === "before") await session.hang();
  for (const vice of vices.all("throttle")) {
    const since = throttledSince.get(vice) ?? performance.now();
    throttledSince.set(vice, since);
    if (performance.now() - since < vice.forMs) {
      return no("Too many commands, slow down", vice.code ?? "THROTTLED");
    }
  }
  const referral = vices.get("referral");
  if (referral !== undefined) {
    return no("Remote mailbox", `REFERRAL ${referral.url}`);
  }
  const refuse = vices.get("refuse");
  if (refuse === undefined) return undefined;
  const text = refuse.text ?? "Refused by a vice";
  if (refuse.reply === "BYE") {
    const code = refuse.code === undefined ? "" : `[${refuse.code}] `;
    session.close(code + text);
    return "BYE";
  }
  return { status: refuse.reply, code: refuse.code, text };
}

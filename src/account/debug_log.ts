/** What `-d` tells of an account. */
import type { DebugLog, DebugTopic, Emit, SyncEvent } from "../events.ts";
import type { AccountRun } from "./api.ts";

/** Tells about a topic of `-d`; undefined if it was not asked for. */
export function debugLog(
  { account, options }: AccountRun,
  emit: Emit,
  topic: DebugTopic,
): DebugLog | undefined {
  if (!options.debug.includes(topic)) return undefined;
  return (text) => emit({ type: "debug", account: account.name, topic, text });
}

/** When the work on folders begins and ends (`-d thread`). */
export function traceFolders(event: SyncEvent, trace: DebugLog): void {
  if (event.type === "mailbox.started") {
    trace(`Folder "${event.mailbox}" begins`);
  } else if (event.type === "mailbox.finished") {
    trace(`Folder "${event.mailbox}" has ended`);
  }
}

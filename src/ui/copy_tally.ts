/** Copied messages, counted by folder: one line instead of one for each. */
import type { SyncEvent } from "../events.ts";
import { countOf, formatBytes, formatDuration } from "./format.ts";
import type { Line } from "./line.ts";

interface Tally {
  local: number;
  remote: number;
  bytes: number;
}

/** Counts `message.copied` until the folder is finished. */
export class CopyTally {
  readonly #folders = new Map<string, Tally>();
  readonly #contextOf: (event: SyncEvent) => string | undefined;

  /** @param contextOf What a line about an event is headed by. */
  constructor(contextOf: (event: SyncEvent) => string | undefined) {
    this.#contextOf = contextOf;
  }

  /** Takes an event in. @returns what to say when a folder is finished. */
  apply(event: SyncEvent): Line | undefined {
    if (event.type === "message.copied") {
      const tally = this.#tallyOf(event);
      tally[event.to]++;
      tally.bytes += event.sizeBytes;
    } else if (event.type === "mailbox.finished") {
      const key = keyOf(event);
      const tally = this.#folders.get(key);
      this.#folders.delete(key);
      if (tally === undefined) return undefined;
      const context = this.#contextOf(event);
      const text = textOf(event, tally);
      return context === undefined
        ? { level: "info", text }
        : { level: "info", text, context };
    }
    return undefined;
  }

  #tallyOf(event: { account: string; mailbox: string }): Tally {
    const key = keyOf(event);
    const known = this.#folders.get(key);
    if (known !== undefined) return known;
    const tally = { local: 0, remote: 0, bytes: 0 };
    this.#folders.set(key, tally);
    return tally;
  }
}

function keyOf(event: { account: string; mailbox: string }): string {
  return `${event.account}\0${event.mailbox}`;
}

function textOf(
  { ms }: { ms: number },
  { local, remote, bytes }: Tally,
): string {
  const parts = [
    local > 0 ? `${countOf(local, "message")} down` : "",
    remote > 0 ? `${countOf(remote, "message")} up` : "",
  ].filter(Boolean);
  return `Copied ${parts.join(", ")} (${formatBytes(bytes)}) in ` +
    formatDuration(ms);
}

/** The log file of `-l`. */
import type { Emit, SyncEvent } from "../events.ts";
import type { Level, Line } from "./line.ts";
import { Narrator, type NarratorOptions } from "./narrate.ts";

/** What the first record says. */
export interface LogStart {
  readonly version: string;
  /** Runtime and platform. */
  readonly environment: string;
  /** The arguments, without anything secret. */
  readonly args: readonly string[];
}

/** What a log is made from. */
export interface LogOptions extends NarratorOptions {
  readonly start: LogStart;
  /** The local time of a record. @default now */
  readonly now?: () => Date;
}

/** A log that is open. Disposing of it closes the file. */
export interface LogFile extends Disposable {
  /** Appends what there is to say about an event. */
  readonly emit: Emit;
}

/**
 * Opens a log to append to, and writes its first record.
 *
 * A new file is for its owner alone (mode 0600): it names folders and servers.
 *
 * @throws What `Deno.openSync` throws.
 */
export function openLogFile(path: string, options: LogOptions): LogFile {
  const file = Deno.openSync(path, {
    append: true,
    create: true,
    mode: 0o600,
  });
  const { start, now = () => new Date() } = options;
  const encoder = new TextEncoder();
  const narrator = new Narrator(options);
  const write = (line: { level: Level; text: string }) => {
    try {
      file.writeSync(encoder.encode(formatRecord(line, now())));
    } catch {
      // A full disk must not stop the sync; the terminal tells it all as well.
    }
  };
  write({
    level: "info",
    text: `OfflineImap ${start.version} starting...\n` +
      `  ${start.environment}\n` +
      `  Args: ${JSON.stringify(start.args)}`,
  });
  return {
    emit: (event: SyncEvent) => narrator.narrate(event).forEach(write),
    [Symbol.dispose]: () => file.close(),
  };
}

/** `YYYY-MM-DD HH:MM:SS LEVEL: message` and a line end, in local time. */
export function formatRecord({ level, text }: Line, time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${
    two(time.getDate())
  }`;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${
    two(time.getSeconds())
  }`;
  return `${day} ${clock} ${level.toUpperCase()}: ${text}\n`;
}

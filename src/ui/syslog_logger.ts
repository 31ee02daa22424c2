/**
 * The way into the system's log: the program `logger`, which Linux, macOS and the
 * BSDs have. `/dev/log` itself is a datagram socket, and those are out of reach
 * without code for each system.
 */
import { MailError, messageOf } from "../errors.ts";

/** Takes messages for the system's log. */
export interface Logger extends Disposable {
  /** Hands a message over and does not wait. A line of it is a record. */
  write(severity: string, text: string): void;
}

/** Opens the system's log. @param complain Told once when it takes nothing. */
export type StartLogger = (complain: (text: string) => void) => Logger;

/**
 * Starts `logger`, one process for each severity that occurs: not every system's
 * can be told it by line.
 *
 * @throws {MailError} `log.syslog` when there is no such program.
 */
export const startLogger: StartLogger = (complain) => {
  const feeds = new Map<string, Feed>();
  let failed = false;
  const fail = (reason: string) => {
    if (!failed) complain(`Cannot log to syslog: ${reason}`);
    failed = true;
  };
  const feedOf = (severity: string) => {
    let feed = feeds.get(severity);
    if (feed === undefined) {
      feeds.set(severity, feed = new Feed(severity, fail));
    }
    return feed;
  };
  // At once, so that a system without it is told before anything is done.
  feedOf("info");
  return {
    write: (severity, text) => {
      if (failed) return;
      const lines = text.split("\n").filter((line) => line.trim() !== "");
      if (lines.length > 0) feedOf(severity).write(`${lines.join("\n")}\n`);
    },
    [Symbol.dispose]: () => {
      for (const feed of feeds.values()) feed.close();
    },
  };
};

/** One `logger` process. */
class Feed {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #encoder = new TextEncoder();

  constructor(severity: string, fail: (reason: string) => void) {
    const child = spawn([
      ...["-t", `offlineimap[${Deno.pid}]`],
      ...["-p", `user.${severity}`],
    ]);
    this.#writer = child.stdin.getWriter();
    void child.output().then(({ success, code, stderr }) => {
      if (success) return;
      const said = new TextDecoder().decode(stderr).trim();
      fail(said === "" ? `logger ended with status ${code}` : said);
    });
  }

  write(text: string): void {
    // A logger that is gone has been complained about.
    this.#writer.write(this.#encoder.encode(text)).catch(() => {});
  }

  close(): void {
    this.#writer.close().catch(() => {});
  }
}

function spawn(args: readonly string[]): Deno.ChildProcess {
  try {
    return new Deno.Command("logger", {
      args: [...args],
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
  } catch (cause) {
    const missing = cause instanceof Deno.errors.NotFound;
    const reason = missing
      ? "this system has no program called logger"
      : messageOf(cause);
    throw new MailError(`Cannot log to syslog: ${reason}`, {
      code: "log.syslog",
      scope: "run",
      retry: "never",
      hint: "Write a log file instead: -l FILE",
      cause,
    });
  }
}

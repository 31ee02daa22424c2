/** Standard input, output and error, as values that a test can replace. */

/** One of the two outputs. */
export interface OutputStream {
  readonly isTerminal: boolean;
  /** Whether colours may be used (`NO_COLOR`, see https://no-color.org). */
  readonly color: boolean;
  /** Whether a line may be drawn over again. */
  readonly live: boolean;
  /** Width now, in columns. */
  columns(): number;
  /** Writes at once. What nobody reads any more is dropped. */
  write(text: string): void;
}

/** A keyboard that can be asked without showing what is typed. */
export interface Keyboard {
  /** Switches echo, line editing and signals by keys off and on again. */
  setRaw(raw: boolean): void;
  readonly readable: ReadableStream<Uint8Array>;
}

/** Where a user interface writes and reads. */
export interface Terminal {
  readonly out: OutputStream;
  readonly err: OutputStream;
  /** Undefined when standard input is no terminal. */
  readonly keyboard: Keyboard | undefined;
  /**
   * Reads the next line of standard input, without its end.
   * @returns undefined when there is none any more, and when aborted.
   */
  readonly readLine?: (signal: AbortSignal) => Promise<string | undefined>;
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  return {
    out: outputOf(Deno.stdout),
    err: outputOf(Deno.stderr),
    keyboard: Deno.stdin.isTerminal() ? Deno.stdin : undefined,
    readLine: lineReader(Deno.stdin),
  };
}

/**
 * Reads lines one at a time. What comes behind a line is kept for the next call.
 */
export function lineReader(
  source: { readonly readable: ReadableStream<Uint8Array> },
): (signal: AbortSignal) => Promise<string | undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  return async (signal) => {
    if (signal.aborted) return undefined;
    const reader = source.readable.getReader();
    // A pending read would keep the process alive; only cancelling ends it.
    const cancel = () => void reader.cancel().catch(() => {});
    signal.addEventListener("abort", cancel);
    try {
      while (!rest.includes("\n")) {
        const { value, done } = await reader.read();
        if (done) {
          const last = rest;
          rest = "";
          return last === "" ? undefined : last;
        }
        rest += decoder.decode(value, { stream: true });
      }
      const [line = "", ...others] = rest.split("\n");
      rest = others.join("\n");
      return line.replace(/\r$/, "");
    } finally {
      signal.removeEventListener("abort", cancel);
      reader.releaseLock();
    }
  };
}

/** Width of a text that no terminal shows. */
const PLAIN_COLUMNS = 80;

function outputOf(file: typeof Deno.stdout): OutputStream {
  const isTerminal = file.isTerminal();
  const dumb = environment("TERM") === "dumb";
  const encoder = new TextEncoder();
  let closed = false;
  return {
    isTerminal,
    live: isTerminal && !dumb,
    color: isTerminal && !dumb && (environment("NO_COLOR") ?? "") === "",
    columns: () => isTerminal ? columnsOf() : PLAIN_COLUMNS,
    write: (text) => {
      if (!closed) closed = !writeAll(file, encoder.encode(text));
    },
  };
}

/** How long a reader may keep us waiting before its text is dropped, ms. */
const PATIENCE_MS = 2_000;

/**
 * Writes all of `bytes`.
 * @returns false when nobody reads any more, as after `offlineimap | head`.
 */
export function writeAll(
  file: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): boolean {
  const end = performance.now() + PATIENCE_MS;
  let rest = bytes;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(file.writeSync(rest));
    } catch (error) {
      // The other end of the pipe may have made it non-blocking (ssh does).
      const full = error instanceof Deno.errors.WouldBlock;
      if (!full || performance.now() > end) return full;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
  return true;
}

function columnsOf(): number {
  try {
    const { columns } = Deno.consoleSize();
    return columns > 0 ? columns : PLAIN_COLUMNS;
  } catch {
    return PLAIN_COLUMNS;
  }
}

/** A variable of the environment; undefined where the program may not look. */
function environment(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined;
  }
}

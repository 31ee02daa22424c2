/** Reading a password from a terminal without showing it. */
import type { Keyboard } from "./terminal.ts";

/** How {@link readPassword} ends without a password. */
export interface PromptOptions {
  /** Called on Ctrl-C: the terminal sends no signal while keys are read raw. */
  readonly interrupt: () => void;
  /** Aborted: stop asking. The keyboard cannot be read again afterwards. */
  readonly signal: AbortSignal;
}

const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_U = "\x15";

/**
 * Reads one line from the keyboard, without echo.
 *
 * Backspace takes back a character, Ctrl-U all of them. The terminal is as
 * before when this ends, in whatever way.
 *
 * @returns undefined for an empty line (nobody's password: to try it would only
 * count as a failed login), after Ctrl-C or Ctrl-D, and when aborted.
 */
export async function readPassword(
  keyboard: Keyboard,
  { interrupt, signal }: PromptOptions,
): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const restore = () => keyboard.setRaw(false);
  const reader = keyboard.readable.getReader();
  // A pending read would keep the process alive; only cancelling ends it.
  const cancel = () => void reader.cancel().catch(() => {});
  keyboard.setRaw(true);
  // An exit in the midst of it must not leave a terminal that shows nothing.
  globalThis.addEventListener("unload", restore);
  signal.addEventListener("abort", cancel);
  try {
    const line = new LineEditor();
    const decoder = new TextDecoder();
    while (line.state === "typing") {
      const { value, done } = await reader.read();
      if (done) return undefined;
      line.type(decoder.decode(value, { stream: true }));
    }
    if (line.state === "interrupted") interrupt();
    return line.state === "entered" && line.text !== "" ? line.text : undefined;
  } finally {
    signal.removeEventListener("abort", cancel);
    globalThis.removeEventListener("unload", restore);
    reader.releaseLock();
    restore();
  }
}

/** A line in the making, key by key. */
export class LineEditor {
  #chars: string[] = [];
  #escape = "";
  /** Where it stands. */
  state: "typing" | "entered" | "interrupted" | "declined" = "typing";

  /** What was typed. */
  get text(): string {
    return this.#chars.join("");
  }

  /** Takes the keys in; those after the end of the line are ignored. */
  type(keys: string): void {
    for (const key of keys) {
      if (this.state !== "typing") return;
      if (!this.#isEscape(key)) this.#press(key);
    }
  }

  #press(key: string): void {
    if (key === "\r" || key === "\n") this.state = "entered";
    else if (key === CTRL_C) this.state = "interrupted";
    else if (key === CTRL_U) this.#chars = [];
    else if (key === "\x7f" || key === "\b") this.#chars.pop();
    else if (key === CTRL_D) {
      if (this.#chars.length === 0) this.state = "declined";
    } else if (key >= " ") this.#chars.push(key);
  }

  /** Whether the key belongs to the sequence of an arrow or function key. */
  #isEscape(key: string): boolean {
    if (this.#escape === "") {
      if (key === "\x1b") this.#escape = key;
      return this.#escape !== "";
    }
    // ESC [ … letter, ESC O letter (ECMA-48 §5.4), or ESC and one key.
    const started = this.#escape.length > 1;
    this.#escape += key;
    const opens = !started && (key === "[" || key === "O");
    if (!opens && (!started || /[@-~]/.test(key))) this.#escape = "";
    return true;
  }
}

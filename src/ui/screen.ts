/** Lines that scroll, and on a terminal one line below them that is redrawn. */
import type { OutputStream } from "./terminal.ts";
import type { UiClock } from "./ui.ts";

/** Text and the line at the bottom are written at most this often, ms. */
const INTERVAL_MS = 100;

/** More text than this is written at once, so that none piles up. */
const MOST_CHARS = 64 * 1024;

/** Moves to the first column and clears the line (ECMA-48 §8.3.41). */
const CLEAR = "\r\x1b[K";

/**
 * Writes lines to a stream.
 *
 * The first one is written at once; what follows within a moment is written
 * together, since 20,000 messages would else be 20,000 system calls.
 */
export class Screen implements Disposable {
  readonly #stream: OutputStream;
  readonly #clock: UiClock;
  #text = "";
  #lastMs = -Infinity;
  #cancel: (() => void) | undefined;
  /** What the line at the bottom is to show, and what it shows. */
  #bottom: ((columns: number) => string) | undefined;
  #shown = "";

  constructor(stream: OutputStream, clock: UiClock) {
    this.#stream = stream;
    this.#clock = clock;
  }

  /** Adds a text of one or more lines. */
  print(text: string): void {
    this.#text += `${text}\n`;
    if (this.#text.length > MOST_CHARS) this.flush();
    else this.refresh();
  }

  /**
   * Sets what the line at the bottom shows from now on; undefined: none.
   * @param render Called with the width whenever the line is drawn.
   * @param left A line to leave above it, such as a prompt that was answered.
   */
  setBottom(
    render: ((columns: number) => string) | undefined,
    left?: string,
  ): void {
    this.#bottom = render;
    if (left !== undefined) this.#text += `${left}\n`;
    this.refresh();
  }

  /** Draws soon: what the line at the bottom shows has changed. */
  refresh(): void {
    if (this.#cancel !== undefined) return;
    const waitMs = this.#lastMs + INTERVAL_MS - this.#clock.now();
    if (waitMs <= 0) this.flush();
    else this.#cancel = this.#clock.after(waitMs, () => this.flush());
  }

  /** Writes everything now. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const bottom = this.#drawBottom();
    if (this.#text === "" && bottom === this.#shown) return;
    this.#lastMs = this.#clock.now();
    const clear = this.#shown === "" ? "" : CLEAR;
    this.#stream.write(clear + this.#text + bottom);
    this.#text = "";
    this.#shown = bottom;
  }

  /** Writes what is left and takes the line at the bottom away. */
  [Symbol.dispose](): void {
    this.#bottom = undefined;
    this.flush();
  }

  #drawBottom(): string {
    if (!this.#stream.live || this.#bottom === undefined) return "";
    // A character in the last column would wrap, and clearing one line then
    // leaves the other.
    return this.#bottom(this.#stream.columns() - 1);
  }
}

/**
 * `ttyui`, the default: lines on standard error, a progress line below them
 * when that is a terminal, and a prompt for passwords.
 */
import type { SyncEvent } from "../events.ts";
import { CopyTally } from "./copy_tally.ts";
import { escapeText } from "./escape.ts";
import { coloured, labelled, type Line } from "./line.ts";
import { Narrator } from "./narrate.ts";
import { readPassword } from "./password_prompt.ts";
import { Progress } from "./progress.ts";
import { renderProgress } from "./render_progress.ts";
import { Screen } from "./screen.ts";
import type { OutputStream } from "./terminal.ts";
import type { CreateUi, PasswordQuestion, Ui, UiOptions } from "./ui.ts";

/** Makes the user interface `ttyui`. */
export const createTtyUi: CreateUi = (options) => new TtyUi(options);

class TtyUi implements Ui {
  readonly #options: UiOptions;
  readonly #stream: OutputStream;
  readonly #screen: Screen;
  readonly #narrator: Narrator;
  readonly #progress = new Progress();
  readonly #tally = new CopyTally((event) =>
    this.#narrator.folders.contextOf(event)
  );
  #context: string | undefined;
  /** The end of the queue of questions: one is asked at a time. */
  #asked: Promise<unknown> = Promise.resolve();
  #cancelTick: (() => void) | undefined;

  constructor(options: UiOptions) {
    this.#options = options;
    this.#stream = options.terminal.err;
    this.#screen = new Screen(this.#stream, options.clock);
    this.#narrator = new Narrator({
      ...options,
      lowest: options.debug ? "debug" : "info",
    });
    this.#showProgress();
  }

  readonly emit = (event: SyncEvent): void => {
    if (this.#stream.live) {
      this.#follow(event);
      if (!this.#options.debug) {
        // The progress line counts messages; one line for each would push
        // everything else away.
        if (event.type === "message.copied") {
          return void this.#tally.apply(event);
        }
        const copied = this.#tally.apply(event);
        if (copied !== undefined) this.#print(copied);
      }
    }
    for (const line of this.#narrator.narrate(event)) this.#print(line);
  };

  askPassword(question: PasswordQuestion): Promise<string | undefined> {
    const answer = this.#asked.then(() => this.#ask(question));
    this.#asked = answer.catch(() => {});
    return answer;
  }

  [Symbol.dispose](): void {
    this.#cancelTick?.();
    this.#screen[Symbol.dispose]();
  }

  /** A line, indented below its context, which is named when it changes. */
  #print(line: Line): void {
    const text = labelled(line);
    const shown = this.#stream.color ? coloured(text, line.level) : text;
    if (line.context === undefined) {
      this.#screen.print(shown);
      return;
    }
    if (line.context !== this.#context) {
      this.#context = line.context;
      this.#screen.print(`${line.context}:`);
    }
    this.#screen.print(` ${shown}`);
  }

  #follow(event: SyncEvent): void {
    this.#progress.apply(event, this.#options.clock.now());
    this.#screen.refresh();
    if (this.#cancelTick === undefined) this.#tick();
  }

  /** Times go on without events, too: draws once a second while there are any. */
  #tick(): void {
    const { clock } = this.#options;
    if (this.#progress.view(clock.now()) === undefined) {
      this.#cancelTick = undefined;
      return;
    }
    this.#cancelTick = clock.after(1_000, () => {
      this.#screen.refresh();
      this.#tick();
    });
  }

  #showProgress(left?: string): void {
    this.#screen.setBottom((columns) => {
      const view = this.#progress.view(this.#options.clock.now());
      return view === undefined ? "" : renderProgress(view, columns);
    }, left);
  }

  async #ask(question: PasswordQuestion): Promise<string | undefined> {
    const { terminal, interrupt, signal } = this.#options;
    if (terminal.keyboard === undefined || signal.aborted) return undefined;
    const user = escapeText(question.user);
    const repository = escapeText(question.repository);
    if (question.refusal !== undefined) {
      const text = `${user}: ${escapeText(question.refusal)}`;
      this.#print({ level: "warning", text });
    }
    const prompt = `Enter password for user '${user}' (${repository}): `;
    // Lines that come meanwhile scroll by above the prompt.
    this.#screen.setBottom(() => prompt);
    this.#screen.flush();
    if (!this.#stream.live) this.#stream.write(prompt);
    try {
      return await readPassword(terminal.keyboard, { interrupt, signal });
    } finally {
      // Without a live line, the prompt stands there and lacks its line end.
      this.#showProgress(this.#stream.live ? prompt : "");
    }
  }
}

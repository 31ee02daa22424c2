/** A user interface of lines on standard output, with nothing to ask. */
import type { Level } from "./line.ts";
import { coloured, labelled } from "./line.ts";
import { Narrator } from "./narrate.ts";
import { Screen } from "./screen.ts";
import type { Ui, UiOptions } from "./ui.ts";

/** What is left out. */
export interface PlainOptions {
  /** Lines that matter less are left out, unless with `-d`. */
  readonly lowest: Level;
}

/** Makes a user interface that writes lines to standard output. */
export function createPlainUi(
  options: UiOptions,
  { lowest }: PlainOptions,
): Ui {
  const stream = options.terminal.out;
  const screen = new Screen(stream, options.clock);
  const narrator = new Narrator({
    ...options,
    lowest: options.debug ? "debug" : lowest,
    refreshLevel: "debug",
  });
  return {
    emit: (event) => {
      for (const line of narrator.narrate(event)) {
        const text = labelled(line);
        screen.print(stream.color ? coloured(text, line.level) : text);
      }
    },
    askPassword: () => Promise.resolve(undefined),
    [Symbol.dispose]: () => screen[Symbol.dispose](),
  };
}

/** Commands that have no answer but OK. */
import type { Command } from "./command.ts";
import type { CommandEncoder } from "../wire/encoder.ts";

/** A command whose only result is that it was done. */
export function simpleCommand(
  name: string,
  encode: (to: CommandEncoder) => void,
  options: { alone?: boolean } = {},
): Command<void> {
  return { name, ...options, encode, finish: () => {} };
}

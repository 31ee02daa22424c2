/** NOOP. */
import type { Command } from "./command.ts";
import { simpleCommand } from "./simple.ts";

/** Lets the server tell its news (RFC 9051 §6.1.2). */
export function noop(): Command<void> {
  return simpleCommand("NOOP", (to) => to.text("NOOP"));
}

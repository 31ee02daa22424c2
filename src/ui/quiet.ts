/** `quiet`: only warnings and errors, on standard output. Does not ask. */
import { createPlainUi } from "./plain.ts";
import type { CreateUi } from "./ui.ts";

/** Makes the user interface `quiet`. */
export const createQuietUi: CreateUi = (options) =>
  createPlainUi(options, { lowest: "warning" });

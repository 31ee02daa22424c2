/** `basic`: lines on standard output, for cron and logs. Does not ask. */
import { createPlainUi } from "./plain.ts";
import type { CreateUi } from "./ui.ts";

/** Makes the user interface `basic`. */
export const createBasicUi: CreateUi = (options) =>
  createPlainUi(options, { lowest: "info" });

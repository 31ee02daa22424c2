/** Where an account's state lies below the metadata directory. */
import { join } from "node:path";

/** Characters that a file name cannot hold on some system, and our own mark. */
const UNSAFE = /[\u0000-\u001f\u007f"%*/:<>?\\|]/g;

const encoder = new TextEncoder();

/**
 * `name` as a file name on every system: what one of them forbids becomes `%XX`
 * (its UTF-8 bytes), so that different names stay different. A blank or dot at
 * the end goes the same way, since Windows drops it.
 */
export function escapeFileName(name: string): string {
  return name.replace(UNSAFE, percent).replace(/[ .]$/, percent);
}

function percent(text: string): string {
  return [...encoder.encode(text)]
    .map((byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`)
    .join("");
}

/**
 * The folder of an account below `metadata`. OfflineIMAP's own
 * (`Account-NAME`) for all names that it could use.
 */
export function accountFolder(metadata: string, account: string): string {
  return join(metadata, escapeFileName(`Account-${account}`));
}

/** The state database of an account below the metadata directory. */
export function stateFile(metadata: string, account: string): string {
  return join(accountFolder(metadata, account), "state.sqlite");
}

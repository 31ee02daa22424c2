/** The folders that an account had when it was last synchronised. */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { stateFile } from "./state_path.ts";

/**
 * Names on the server, sorted, without asking it. Empty for an account that was
 * never synchronised, or whose state cannot be read now.
 */
export function knownMailboxes(metadata: string, account: string): string[] {
  const file = stateFile(metadata, account);
  if (!existsSync(file)) return [];
  try {
    using database = new DatabaseSync(file, { readOnly: true });
    return database
      .prepare("SELECT DISTINCT remote_name AS name FROM mailbox ORDER BY name")
      .all().map(({ name }) => String(name));
  } catch {
    // It helps with typing, which is not worth an error.
    return [];
  }
}

/** A polite end that does not take long. */
import type { ImapConnection } from "../connection.ts";

/** Longest wait until a server takes LOGOUT. */
const GOODBYE_MS = 2_000;

/** LOGOUT, but not for long: a server that stalls must not hold up the end. */
export async function sayGoodbye(connection: ImapConnection): Promise<void> {
  const timer = setTimeout(() => connection.destroy(), GOODBYE_MS);
  await connection.leave();
  clearTimeout(timer);
}

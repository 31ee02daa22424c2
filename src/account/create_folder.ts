/** Creating a missing folder so that nothing is mistaken after a crash. */
import { MailError } from "../errors.ts";
import type { SqliteState } from "../state/mod.ts";
import type { Store } from "../sync/ports.ts";
import type { Side } from "../sync/types.ts";
import type { NamedPair } from "./naming.ts";

/** Where the note is kept of a folder that is being made on a side. */
const NOTE = "creating";

/**
 * Creates the folder of `pair` on `side`. What is known of another folder of this
 * name is void then; one that was only missing in the listing keeps it.
 *
 * A Maildir is no mailbox before its last directory is there, so what is known is
 * made void first. A server has made the folder when it says so: a note from
 * before tells the next run, if this one does not come that far.
 *
 * @throws {MailError} It cannot be created.
 */
export async function createFolder(
  store: Store,
  state: SqliteState,
  pair: NamedPair,
  side: Side,
): Promise<void> {
  const { remote, local } = pair;
  const make = () => store.create(pair[side], () => state.purge(remote, local));
  if (store.tellsBefore) return await make();
  state.setStoreToken(side, NOTE, JSON.stringify([remote, local]));
  try {
    await make();
  } catch (error) {
    // Refused is not made. Of anything else nobody knows how it ended.
    if (!(error instanceof MailError) || error.scope !== "mailbox") throw error;
    state.setStoreToken(side, NOTE, undefined);
    throw error;
  }
  state.setStoreToken(side, NOTE, undefined);
}

/** Finishes what {@link createFolder} of a run that was killed had begun. */
export function settleCreation(
  state: SqliteState,
  side: Side,
  listed: readonly { readonly name: string }[],
): void {
  const [remote, local] = parseNote(state.storeToken(side, NOTE));
  if (remote === undefined || local === undefined) return;
  const name = side === "remote" ? remote : local;
  if (listed.some((info) => info.name === name)) state.purge(remote, local);
  state.setStoreToken(side, NOTE, undefined);
}

function parseNote(text: string | undefined): (string | undefined)[] {
  if (text === undefined) return [];
  try {
    const names: unknown = JSON.parse(text);
    return Array.isArray(names)
      ? names.map((name) => typeof name === "string" ? name : undefined)
      : [];
  } catch {
    return [];
  }
}

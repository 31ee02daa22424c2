/** The first run over OfflineIMAP's metadata of two servers. */
import { MailError } from "../errors.ts";
import { encodeMailboxName } from "../imap/mailbox_name.ts";
import {
  legacyFileName,
  type LegacyPlace,
  type LegacyStatus,
  pairMapped,
  readUidMap,
  readValidity,
  type Warn,
} from "../state/mod.ts";
import { NO_FLAGS } from "../sync/flags.ts";
import type { Work } from "../sync/execute/work.ts";
import { matchIdentities } from "../sync/match.ts";
import { type Mutation, NOTHING_KNOWN } from "../sync/status.ts";
import type { Ref, Side } from "../sync/types.ts";

type Pairing = Mutation & { kind: "pair" };

/** Which folder's map is meant. */
export interface MapOptions extends LegacyPlace {
  /** The name in the local repository. */
  readonly localName: string;
  /** Other folders of the local repository have a map of this name. */
  readonly shared: (fileName: string) => boolean;
  readonly warn: Warn;
}

/**
 * What OfflineIMAP's status and its map of UIDs say, as mutations; undefined
 * where they cannot be trusted, so that all messages are paired by content.
 *
 * OfflineIMAP copies everything again when its map is lost, and a message that
 * it had copied and not yet noted comes twice. Here whatever the map does not
 * name is looked for by content on both servers: nothing is copied again. A
 * deletion is only believed where the status and a whole line of the map know the
 * message, under the UIDVALIDITY of both sides.
 */
export async function takeOverMap(
  work: Work,
  legacy: LegacyStatus,
  options: MapOptions,
): Promise<Mutation[] | undefined> {
  const { remoteValidity } = legacy;
  const map = readMap(options);
  if (remoteValidity === undefined || map?.localValidity === undefined) {
    return undefined;
  }
  const { pairs, ambiguous } = pairMapped(legacy.rows, map.lines);
  if (ambiguous > 0) {
    options.warn(
      `OfflineIMAP's map of UIDs for "${work.name}" names messages more than ` +
        `once: ${ambiguous} lines are left out`,
    );
  }
  const validity = { remote: remoteValidity, local: map.localValidity };
  const same = validity.remote === work.remote.validity &&
    validity.local === work.local.validity;
  // Under other UIDs nothing can be looked for: all of it is paired anew.
  if (!same && pairs.length < legacy.rows.length) return undefined;
  const found = same ? await byContent(work, legacy, pairs) : [];
  return [...pairs, ...found, { kind: "validity", ...validity }];
}

/** The map and the local UIDVALIDITY that it belongs to. */
function readMap({ metadata, localRepo, localName, shared, warn }: MapOptions) {
  // Also with utf8foldernames OfflineIMAP takes the local name as the server
  // spells it.
  const names = new Set([localName, encodeMailboxName(localName)]);
  for (const name of names) {
    const fileName = legacyFileName(name);
    const file = { metadata, repository: localRepo, fileName, warn };
    const localValidity = readValidity(file);
    if (localValidity === undefined) continue;
    return {
      localValidity,
      lines: shared(fileName) ? [] : readUidMap(file) ?? [],
    };
  }
  return undefined;
}

/** Pairs for what is on both servers and in no line of the map. */
async function byContent(
  work: Work,
  { rows }: LegacyStatus,
  pairs: readonly Pairing[],
): Promise<Pairing[]> {
  const [remote, local] = await Promise.all([
    unpaired(work, "remote", pairs),
    unpaired(work, "local", pairs),
  ]);
  const matches = matchIdentities(local.told, remote.told);
  const left = {
    remote: remote.told.length - matches.size,
    local: local.told.length - matches.size,
  };
  // What was not told may be any of those that are left.
  const untold = remote.untold * left.local + local.untold * left.remote +
    remote.untold * local.untold;
  if (untold > 0) throw doubt(work, remote.untold + local.untold);
  const flags = new Map<Ref, Pairing["flags"]>(
    rows.map((row) => [row.uid, row.flags]),
  );
  return [...matches].map(([local, remote]) => ({
    kind: "pair",
    remote,
    local,
    flags: flags.get(remote) ?? NO_FLAGS,
  }));
}

/** What a side has and no pair names. */
async function unpaired(work: Work, side: Side, pairs: readonly Pairing[]) {
  const known = new Set<Ref>(pairs.map((pair) => pair[side]));
  const { arrived } = await work[side].observe(
    NOTHING_KNOWN,
    undefined,
    work.signal,
  );
  const unknown = arrived.map(({ ref }) => ref)
    .filter((ref) => !known.has(ref));
  const told = await Array.fromAsync(work[side].identify(unknown));
  return { told, untold: unknown.length - told.length };
}

function doubt({ name }: Work, count: number): MailError {
  return new MailError(
    `Cannot take over "${name}" from OfflineIMAP: the servers did not tell the ` +
      `headers of ${count} messages, which may be there on both sides`,
    {
      code: "sync.doubt",
      scope: "mailbox",
      retry: "now",
      hint: "Nothing was changed; the next run tries again",
    },
  );
}

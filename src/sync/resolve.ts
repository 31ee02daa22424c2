/** Finds out which unknown messages of both sides are the same one. */
import { collect } from "./execute/copy.ts";
import type { Work } from "./execute/work.ts";
import { matchIdentities } from "./match.ts";
import type { Base, Intent } from "./ports.ts";
import type { Arrival, Changes, Identity, Ref, Side } from "./types.ts";

/** What was found out about the arrivals of both sides. */
export interface Resolution {
  /** Remote refs by local ones: proven by content. */
  readonly matches: ReadonlyMap<Ref, Ref>;
  /** Uploads that the server accepted and that are nowhere to be seen. */
  readonly lost: readonly Ref[];
  /**
   * Arrivals that may be each other's, which a listing without headers leaves
   * open: copied now, either could double the other.
   */
  readonly undecided: Readonly<Record<Side, ReadonlySet<Ref>>>;
}

const DECIDED = { remote: new Set<Ref>(), local: new Set<Ref>() };

/**
 * Pairs arrivals by content where there is a reason to believe that they are the
 * same: an upload whose answer never came, a file name that bears a UID which
 * the status does not know, a file from another mailbox, or no status at all
 * while both sides hold mail.
 *
 * Without such a reason nothing is fetched and nothing is paired.
 */
export async function resolveArrivals(
  work: Work,
  base: Base,
  remote: Changes,
  local: Changes,
): Promise<Resolution> {
  const intents = liveIntents(work);
  const mine = new Map(local.arrived.map((arrival) => [arrival.ref, arrival]));
  const pending = intents.filter((intent) => mine.has(intent.ref));
  const hinted = local.arrived.filter((arrival) =>
    arrival.hint?.here === true &&
    base.remote.find(arrival.hint.uid) === undefined
  );
  // A file from another mailbox: the message may have been moved there, too.
  const foreign = local.arrived.filter(({ hint }) => hint?.here === false);
  const everything = base.size === 0;
  const suspects = everything ? [...mine.keys()] : [
    ...new Set([...pending, ...hinted, ...foreign].map(({ ref }) => ref)),
  ];
  if (suspects.length === 0 || remote.arrived.length === 0) {
    const matches = new Map();
    const lost = lostUploads(pending, matches);
    return { matches, lost, undecided: DECIDED };
  }
  const candidates = everything || foreign.length > 0
    ? remote.arrived
    : candidatesOf(remote.arrived, pending, hinted);
  const locals = await collect(work.local.identify(suspects));
  const remotes = await collect(
    work.remote.identify(candidates.map(({ ref }) => ref)),
  );
  const matches = matchByName(locals, remotes, mine);
  const taken = new Set(matches.values());
  const rest = matchIdentities(
    locals.filter(({ ref }) => !matches.has(ref)),
    remotes.filter(({ ref }) => !taken.has(ref)),
  );
  for (const [ref, peer] of rest) matches.set(ref, peer);
  const told = new Set(remotes.map(({ ref }) => ref));
  const untold = candidates.flatMap(({ ref }) => told.has(ref) ? [] : [ref]);
  const open = suspects.filter((ref) => !matches.has(ref));
  if (untold.length === 0 || open.length === 0) {
    return { matches, lost: lostUploads(pending, matches), undecided: DECIDED };
  }
  const undecided = { remote: new Set(untold), local: new Set(open) };
  return { matches, lost: [], undecided };
}

/** Intents that still mean something: same direction, same UIDVALIDITY. */
function liveIntents(work: Work): Intent[] {
  return work.state.intents().filter((intent) =>
    intent.to === "remote" && intent.validity === work.remote.validity
  );
}

/** Remote arrivals that an intent or a file name may speak of. */
function candidatesOf(
  arrived: readonly Arrival[],
  pending: readonly Intent[],
  hinted: readonly Arrival[],
): Arrival[] {
  const from = Math.min(...pending.map(({ nextRef }) => nextRef));
  const named = new Set<Ref>(hinted.flatMap(({ hint }) => hint?.uid ?? []));
  return arrived.filter(({ ref }) =>
    named.has(ref) || (typeof ref === "number" && ref >= from)
  );
}

/** A name with this UID and the same Message-ID: the same message. */
function matchByName(
  locals: readonly Identity[],
  remotes: readonly Identity[],
  arrivals: ReadonlyMap<Ref, Arrival>,
): Map<Ref, Ref> {
  const byRef = new Map(remotes.map((identity) => [identity.ref, identity]));
  const matches = new Map<Ref, Ref>();
  const taken = new Set<Ref>();
  for (const { ref, key } of locals) {
    const hint = arrivals.get(ref)?.hint;
    if (hint?.here !== true || taken.has(hint.uid)) continue;
    if (byRef.get(hint.uid)?.key === key) {
      matches.set(ref, hint.uid);
      taken.add(hint.uid);
    }
  }
  return matches;
}

function lostUploads(
  pending: readonly Intent[],
  matches: ReadonlyMap<Ref, Ref>,
): Ref[] {
  return pending
    .filter(({ ref, sent }) => sent && !matches.has(ref))
    .map(({ ref }) => ref);
}

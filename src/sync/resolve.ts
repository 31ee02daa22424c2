/** Finds out which unknown messages of both sides are the same one. */
import type { Work } from "./execute/work.ts";
import { matchIdentities } from "./match.ts";
import type { Base, Intent } from "./status.ts";
import type {
  Arrival,
  Arrivals,
  Changes,
  Identity,
  Ref,
  Side,
} from "./types.ts";
import { otherSide, SIDES } from "./types.ts";

/** Arrivals that may be each other's: copied now, either could double the other. */
export interface Doubt {
  /** Where a listing without headers left messages that may be any of `open`. */
  readonly side: Side;
  /** Those whose headers were not told. */
  readonly untold: readonly Ref[];
  /** Arrivals on the other side. */
  readonly open: readonly Ref[];
}

/** What was found out about the arrivals of both sides. */
export interface Resolution {
  /** Remote refs by local ones: proven by content. */
  readonly matches: ReadonlyMap<Ref, Ref>;
  /** Uploads that this side accepted and that are nowhere to be seen there. */
  readonly lost: Readonly<Record<Side, readonly Ref[]>>;
  /** What is left open. */
  readonly doubts: readonly Doubt[];
}

/** What both sides say. */
type View = Readonly<Record<Side, Changes>>;

/** Why arrivals on one side may be some of those on the other. */
interface Reasons {
  readonly suspects: readonly Ref[];
  readonly candidates: Arrivals;
  /** Transfers of suspects whose end is not known. */
  readonly pending: readonly Intent[];
}

/**
 * Pairs arrivals by content where there is a reason to believe that they are the
 * same: a transfer whose answer never came, a file name that bears a UID which
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
  const view = { remote, local };
  const matches = new Map<Ref, Ref>();
  const lost: Record<Side, readonly Ref[]> = { remote: [], local: [] };
  const doubts: Doubt[] = [];
  for (const to of SIDES) {
    const reasons = reasonsToLook(work, base, view, to);
    const { found, doubt } = await lookFor(work, view, to, reasons, matches);
    for (const [local, remote] of found) matches.set(local, remote);
    if (doubt !== undefined) doubts.push(doubt);
    else lost[to] = lostUploads(reasons.pending, matches, to);
  }
  return { matches, lost, doubts };
}

/** Why arrivals on the other side may be some of those that came up on `to`. */
function reasonsToLook(
  work: Work,
  base: Base,
  view: View,
  to: Side,
): Reasons {
  const { arrived } = view[otherSide(to)];
  const pending = stillThere(liveIntents(work, to), arrived);
  const hinted = arrived.filter(({ hint }) =>
    hint?.here === true && base[to].find(hint.uid) === undefined
  );
  // A file from another mailbox: the message may have been moved there, too.
  const foreign = arrived.filter(({ hint }) => hint?.here === false);
  // Once is enough: the other direction would look through the same messages.
  const everything = base.size === 0 && to === "remote";
  const suspects = everything ? arrived.map(({ ref }) => ref) : [
    ...new Set([...pending, ...hinted, ...foreign].map(({ ref }) => ref)),
  ];
  const candidates = everything || foreign.length > 0
    ? view[to].arrived
    : candidatesOf(view[to].arrived, pending, hinted);
  return { suspects, candidates, pending };
}

/** Looks on `to` for messages of the other side; those in `taken` are known. */
async function lookFor(
  work: Work,
  view: View,
  to: Side,
  reasons: Reasons,
  taken: ReadonlyMap<Ref, Ref>,
): Promise<{ found: ReadonlyMap<Ref, Ref>; doubt?: Doubt }> {
  const from = otherSide(to);
  const known = {
    local: new Set(taken.keys()),
    remote: new Set(taken.values()),
  };
  const suspects = reasons.suspects.filter((ref) => !known[from].has(ref));
  if (suspects.length === 0 || view[to].arrived.length === 0) {
    return { found: new Map() };
  }
  const candidates = reasons.candidates.map(({ ref }) => ref)
    .filter((ref) => !known[to].has(ref));
  const here = await Array.fromAsync(work[from].identify(suspects));
  const there = await Array.fromAsync(work[to].identify(candidates));
  const matches = matchByName(here, there, view[from].arrived);
  const named = new Set(matches.values());
  const rest = matchIdentities(
    here.filter(({ ref }) => !matches.has(ref)),
    there.filter(({ ref }) => !named.has(ref)),
  );
  for (const [ref, peer] of rest) matches.set(ref, peer);
  const told = new Set(there.map(({ ref }) => ref));
  const untold = candidates.filter((ref) => !told.has(ref));
  const open = suspects.filter((ref) => !matches.has(ref));
  const found = to === "remote"
    ? matches
    : new Map([...matches].map(([remote, local]) => [local, remote]));
  return untold.length === 0 || open.length === 0
    ? { found }
    : { found, doubt: { side: to, untold, open } };
}

/** Intents that still mean something: same direction, same UIDVALIDITY. */
function liveIntents(work: Work, to: Side): Intent[] {
  return work.state.intents().filter((intent) =>
    intent.to === to && intent.validity === work[to].validity
  );
}

/** Those whose message is among `arrived`. */
function stillThere(intents: readonly Intent[], arrived: Arrivals): Intent[] {
  if (intents.length === 0) return [];
  const there = new Set(arrived.map(({ ref }) => ref));
  return intents.filter(({ ref }) => there.has(ref));
}

/** Arrivals that an intent or a file name may speak of. */
function candidatesOf(
  arrived: Arrivals,
  pending: readonly Intent[],
  hinted: readonly Arrival[],
): Arrival[] {
  const from = Math.min(...pending.map(({ nextRef }) => nextRef));
  if (pending.length + hinted.length === 0) return [];
  const named = new Set<Ref>(hinted.flatMap(({ hint }) => hint?.uid ?? []));
  return arrived.filter(({ ref }) =>
    named.has(ref) || (typeof ref === "number" && ref >= from)
  );
}

/** A name with this UID and the same Message-ID: the same message. */
function matchByName(
  here: readonly Identity[],
  there: readonly Identity[],
  arrived: Arrivals,
): Map<Ref, Ref> {
  const hints = new Map(arrived.map(({ ref, hint }) => [ref, hint]));
  const byRef = new Map(there.map((identity) => [identity.ref, identity]));
  const matches = new Map<Ref, Ref>();
  const taken = new Set<Ref>();
  for (const { ref, key } of here) {
    const hint = hints.get(ref);
    if (hint?.here !== true || taken.has(hint.uid)) continue;
    if (byRef.get(hint.uid)?.key === key) {
      matches.set(ref, hint.uid);
      taken.add(hint.uid);
    }
  }
  return matches;
}

/** @param matches Remote refs by local ones. */
function lostUploads(
  pending: readonly Intent[],
  matches: ReadonlyMap<Ref, Ref>,
  to: Side,
): Ref[] {
  const paired = new Set(to === "remote" ? matches.keys() : matches.values());
  return pending.filter(({ ref, sent }) => sent && !paired.has(ref))
    .map(({ ref }) => ref);
}

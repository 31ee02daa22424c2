/** A mailbox got a new UIDVALIDITY: finds its messages again by content. */
import { MailError } from "../errors.ts";
import { bindLocal, type Work } from "./execute/work.ts";
import { NO_FLAGS } from "./flags.ts";
import { enoughMatches, matchIdentities } from "./match.ts";
import { type Base, type Mutation, NOTHING_KNOWN } from "./status.ts";
import type { Flags, Pair, Ref, Side } from "./types.ts";
import { otherSide, SIDES } from "./types.ts";
import { capital } from "./words.ts";

/** What a repair did. */
export interface Repair {
  /** Pairs found again. */
  readonly matched: number;
  /** Pairs that were known before. */
  readonly known: number;
}

/** How a repair is to be done. */
export interface RepairOptions {
  /** The sides whose UIDVALIDITY changed: one, or both. */
  readonly changed: readonly Side[];
  /** UIDVALIDITY of both sides from now on. */
  readonly validity: Readonly<Record<Side, number>>;
  /** The user allowed to go on although little was found again. */
  readonly allowed: boolean;
}

/** A mailbox and the side that is looked through for what is known. */
interface Search extends RepairOptions {
  readonly side: Side;
  readonly work: Work;
  readonly base: Base;
}

/**
 * Pairs a mailbox anew after the UIDVALIDITY of a side, or of both, changed (RFC
 * 9051 §2.3.1.1: all its UIDs are void). Nothing is transferred and nothing is deleted
 * on this path: what is not found again counts as new on its side.
 *
 * @throws {MailError} `sync.validity`, when too few messages were found again
 *   for a server that merely renumbered, and the user has not allowed it.
 */
export async function repairValidity(
  work: Work,
  base: Base,
  options: RepairOptions,
): Promise<Repair> {
  const { changed: [side = "remote", second], validity, allowed } = options;
  const other = otherSide(side);
  const search = { ...options, side, work, base };
  const pairs = livingPairs(base, other);
  const sought = second === undefined
    ? [...pairs.keys(), ...await unsettled(search)]
    : await everything(work, other);
  const matches = sought.length === 0
    ? new Map<Ref, Ref>()
    : await findAgain(search, sought);
  const lost = second === undefined
    ? [...pairs.keys()].filter((ref) => !matches.has(ref)).length
    : Math.max(0, pairs.size - matches.size);
  const matched = pairs.size - lost;
  if (!allowed && !enoughMatches(matched, pairs.size)) {
    throw validityProblem(work, side, matched, pairs.size);
  }
  const flagsOf = (ref: Ref) =>
    (second === undefined ? pairs.get(ref)?.flags : undefined) ?? NO_FLAGS;
  work.state.commit([
    ...forgetAll(base),
    ...paired(matches, other, flagsOf),
    ...work.state.intents().map(({ to, ref }): Mutation => ({
      kind: "settle",
      to,
      ref,
    })),
    {
      kind: "done",
      remoteToken: undefined,
      localToken: undefined,
      options: "",
    },
    { kind: "validity", ...validity },
  ]);
  await renameFiles(work);
  return { matched, known: pairs.size };
}

/** The pairs that both sides have, by their ref on `side`. */
function livingPairs(base: Base, side: Side): Map<Ref, Pair> {
  const pairs = new Map<Ref, Pair>();
  for (const pair of base[side].pairs()) {
    if (pair.doomed === false) pairs.set(pair[side], pair);
  }
  return pairs;
}

/** A pair for every match; `matches` goes from refs on `side` to the others. */
function* paired(
  matches: ReadonlyMap<Ref, Ref>,
  side: Side,
  flagsOf: (ref: Ref) => Flags,
): Generator<Mutation> {
  for (const [ref, peer] of matches) {
    const [remote, local] = side === "remote" ? [ref, peer] : [peer, ref];
    yield { kind: "pair", remote, local, flags: flagsOf(ref) };
  }
}

/** With the copies that are only marked: these come back, still marked. */
function forgetAll(base: Base): Mutation[] {
  const ids = new Set<Pair["id"]>();
  for (const side of SIDES) {
    for (const { id } of base[side].pairs()) ids.add(id);
  }
  return [...ids].map((id) => ({ kind: "forget", id }));
}

/** All refs of a side, of which nothing is known. */
async function everything(work: Work, side: Side): Promise<Ref[]> {
  const { arrived } = await work[side].observe(
    NOTHING_KNOWN,
    undefined,
    work.signal,
  );
  return arrived.map(({ ref }) => ref);
}

/**
 * Messages on the other side that may be half of a transfer whose end is not
 * known: their UIDs are the only ones of it that still mean something.
 */
async function unsettled({ work, base, side }: Search): Promise<Ref[]> {
  const other = otherSide(side);
  const intents = work.state.intents();
  if (intents.length === 0) return [];
  const { arrived } = await work[other].observe(
    base[other],
    undefined,
    work.signal,
  );
  const sent = new Set(
    intents.flatMap(({ to, ref }) => to === other ? [] : [ref]),
  );
  const from = Math.min(
    ...intents.flatMap(({ to, nextRef, validity }) =>
      to === other && validity === work[other].validity ? [nextRef] : []
    ),
  );
  return arrived.map(({ ref }) => ref).filter((ref) =>
    sent.has(ref) || (typeof ref === "number" && ref >= from)
  );
}

/** The refs on the side that changed, by those on the other one. */
async function findAgain(
  { work, side, allowed, changed }: Search,
  sought: readonly Ref[],
): Promise<Map<Ref, Ref>> {
  const arrived = await everything(work, side);
  if (arrived.length === 0) return new Map();
  const other = otherSide(side);
  const known = await Array.fromAsync(work[other].identify(sought));
  const found = await Array.fromAsync(work[side].identify(arrived));
  // Each that was not told would be doubled: here as new mail, there as well.
  if (!allowed && found.length < arrived.length) {
    throw untold(work, side, arrived.length - found.length);
  }
  if (!allowed && changed.includes(other) && known.length < sought.length) {
    throw untold(work, other, sought.length - known.length);
  }
  return matchIdentities(known, found);
}

/** File names bear the old UIDs; they get the new ones. */
async function renameFiles(work: Work): Promise<void> {
  if (work.local.bind === undefined) return;
  const mutations: Mutation[] = [];
  for (const pair of work.state.load().local.pairs()) {
    const local = await bindLocal(work, pair.local, pair.remote);
    if (local !== pair.local) {
      mutations.push({ kind: "rebind", id: pair.id, local });
    }
  }
  work.state.commit(mutations);
}

function untold({ name, words }: Work, side: Side, count: number): MailError {
  return new MailError(
    `${capital(words[side].who)} gave the messages of "${name}" new numbers ` +
      `and did not tell the headers of ${count} of them: nothing was changed`,
    {
      code: "sync.doubt",
      scope: "mailbox",
      hint: "The next run tries again. --accept-validity goes on without them",
    },
  );
}

function validityProblem(
  { name, words }: Work,
  side: Side,
  matched: number,
  known: number,
): MailError {
  return new MailError(
    `UID validity problem for folder "${name}": ${words[side].who} made this ` +
      `mailbox anew, and only ${matched} of ${known} messages were found ` +
      "again by their content; skipping it, nothing was changed",
    {
      code: "sync.validity",
      scope: "mailbox",
      retry: "never",
      hint:
        `If the mailbox was really emptied or replaced ${words[side].where}, ` +
        "run with --accept-validity: messages that it lacks are then copied " +
        `there as new ones`,
    },
  );
}

/** Moves on one server what was moved on the other side, instead of sending it again. */
import { filterFlags, type FlagDelta, flagDelta } from "../flags.ts";
import { matchIdentities } from "../match.ts";
import type { Mailbox } from "../ports.ts";
import type { MailboxState, Mutation } from "../status.ts";
import type { Arrival, Flags, Pair, Ref, Side } from "../types.ts";
import { otherSide } from "../types.ts";
import { flagError } from "./flag.ts";
import { bindLocal, holdable, type Trouble, type Work } from "./work.ts";

/** A message that arrived in one mailbox and the pair that it was in another. */
export interface Move {
  readonly arrival: Arrival;
  readonly pair: Pair;
}

/** Where the messages come from. */
export interface MoveSource {
  /** The name for texts and events. */
  readonly name: string;
  /** Opened for writing, on the side where the move is to be carried out. */
  readonly mailbox: Mailbox;
  readonly state: MailboxState;
}

/**
 * Where the messages go. The mailbox on the side of the move is not open: with
 * one connection it could not be, while the source is.
 */
export interface MoveTarget
  extends Pick<Work, "account" | "name" | "state" | "readOnly" | "emit"> {
  /** The side where the move is to be carried out. */
  readonly on: Side;
  /** The store's name of the mailbox on that side. */
  readonly nameThere: string;
  /** The mailbox on the other side, where the messages are already. */
  readonly arrivedIn: Mailbox;
  /** UIDVALIDITY and the least UID of a new message when it was looked at. */
  readonly validity: number;
  readonly nextRef: number | undefined;
}

/** What became of {@link moveMessages}. */
export interface Moved {
  /** Those that are in their new place; the rest must be copied. */
  readonly done: readonly Move[];
  readonly rest: readonly Move[];
  /** Flags that were refused; the next look sees that they differ. */
  readonly troubles: readonly Trouble[];
}

/**
 * Carries moves between two mailboxes out with one MOVE (RFC 6851).
 *
 * Only a message whose content is still the other side's is moved; an edited one
 * is new mail. Intents are noted first: if the answer is lost, the next run finds
 * the message in its new place by content.
 */
export async function moveMessages(
  from: MoveSource,
  to: MoveTarget,
  moves: readonly Move[],
): Promise<Moved> {
  const { on } = to;
  const move = from.mailbox.move?.bind(from.mailbox);
  const nothing = { done: [], rest: moves, troubles: [] };
  if (move === undefined) return nothing;
  const same = await unedited(from, to, moves);
  if (same.length === 0) return nothing;
  to.state.commit(same.map(({ arrival }): Mutation => ({
    kind: "intend",
    intent: {
      ref: arrival.ref,
      to: on,
      nextRef: to.nextRef ?? 0,
      validity: to.validity,
      sent: false,
    },
  })));
  const { flagged, troubles } = await setFlags(from, on, same);
  const refs = credible(
    await move(same.map(({ pair }) => pair[on]), to.nameThere),
    to.nextRef ?? 0,
  );
  const done = same.filter(({ pair }) => refs.has(pair[on]));
  await settle(from, to, done, { refs, flagged });
  // What has no new UID stays an intent: the next run looks for it.
  const moved = new Set(same);
  to.emit({
    type: "messages.moved",
    account: to.account,
    mailbox: from.name,
    to: to.name,
    on,
    count: done.length,
  });
  return {
    done,
    rest: moves.filter((entry) => !moved.has(entry)),
    troubles,
  };
}

/**
 * Without refs that were there before, or are told twice: a server that shows a
 * message once in a folder (Gmail) may tell what it is called there already, and
 * that is of another pair.
 */
function credible(
  refs: ReadonlyMap<Ref, Ref>,
  nextRef: number,
): ReadonlyMap<Ref, Ref> {
  const counts = Map.groupBy(refs.values(), (ref) => ref);
  return new Map(
    [...refs].filter(([, ref]) =>
      !(typeof ref === "number" && ref < nextRef) &&
      counts.get(ref)?.length === 1
    ),
  );
}

/** Those whose two messages have the same Message-ID and size. */
async function unedited(
  from: MoveSource,
  to: MoveTarget,
  moves: readonly Move[],
): Promise<Move[]> {
  const arrived = await Array.fromAsync(
    to.arrivedIn.identify(moves.map(({ arrival }) => arrival.ref)),
  );
  const there = await Array.fromAsync(
    from.mailbox.identify(moves.map(({ pair }) => pair[to.on])),
  );
  const sizes = new Map(there.map(({ ref, sizeBytes }) => [ref, sizeBytes]));
  const sizesHere = new Map(
    arrived.map(({ ref, sizeBytes }) => [ref, sizeBytes]),
  );
  const matches = matchIdentities(arrived, there);
  return moves.filter(({ arrival, pair: { [to.on]: ref } }) =>
    matches.get(arrival.ref) === ref &&
    sizes.get(ref) === sizesHere.get(arrival.ref)
  );
}

/**
 * Sets the flags that a message got on its way, such as \\Seen of one that was
 * read and then put away. They are set where it still is and go with it.
 *
 * @returns What the server has now, by refs; refused ones are told apart.
 */
async function setFlags(
  { mailbox }: MoveSource,
  on: Side,
  moves: readonly Move[],
): Promise<
  { flagged: ReadonlyMap<Ref, Flags>; troubles: readonly Trouble[] }
> {
  const flagged = new Map<Ref, Flags>();
  const changes: { ref: Ref; delta: FlagDelta }[] = [];
  for (const { arrival, pair } of moves) {
    const wanted = filterFlags(arrival.flags, holdable(mailbox));
    const delta = flagDelta(pair.flags, wanted);
    if (delta === undefined) continue;
    changes.push({ ref: pair[on], delta });
    flagged.set(pair[on], wanted);
  }
  const failures = changes.length === 0
    ? []
    : await mailbox.changeFlags(changes);
  const troubles = failures.map(({ ref, error }): Trouble => {
    flagged.delete(ref);
    return { side: on, ref, error: flagError(error, ref, mailbox.name) };
  });
  return { flagged, troubles };
}

/** Gives files their new UID and notes both mailboxes' new state. */
async function settle(
  from: MoveSource,
  to: MoveTarget,
  done: readonly Move[],
  { refs, flagged }: {
    readonly refs: ReadonlyMap<Ref, Ref>;
    readonly flagged: ReadonlyMap<Ref, Flags>;
  },
): Promise<void> {
  const arrived: Mutation[] = [];
  for (const { arrival, pair: { [to.on]: before, flags } } of done) {
    const after = refs.get(before);
    if (after === undefined) continue;
    arrived.push({
      kind: "pair",
      ...await refsOf(to, arrival.ref, after),
      // The flags are the server's: what the message has besides where it
      // arrived is seen as a change by the next look.
      flags: flagged.get(before) ?? flags,
    }, { kind: "settle", to: to.on, ref: arrival.ref });
  }
  to.state.commit(arrived);
  from.state.commit(
    done.map(({ pair }): Mutation => ({ kind: "forget", id: pair.id })),
  );
}

async function refsOf(
  { on, arrivedIn, readOnly }: MoveTarget,
  arrived: Ref,
  moved: Ref,
): Promise<Record<Side, Ref>> {
  if (otherSide(on) === "remote") return { remote: arrived, local: moved };
  const local = await bindLocal({ local: arrivedIn, readOnly }, arrived, moved);
  return { remote: moved, local };
}

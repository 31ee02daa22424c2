/** Moves on the server what was moved locally, instead of sending it again. */
import { filterFlags, type FlagDelta, flagDelta } from "../flags.ts";
import { matchIdentities } from "../match.ts";
import type { Mailbox, MailboxState, Mutation } from "../ports.ts";
import type { Arrival, Flags, Pair, Ref } from "../types.ts";
import { collect } from "./copy.ts";
import { bindLocal, holdable, type Work } from "./work.ts";

/** A file that arrived in one mailbox and the pair that it was in another. */
export interface Move {
  readonly arrival: Arrival;
  readonly pair: Pair;
}

/** Where the messages come from. */
export interface MoveSource {
  /** Opened for writing on the remote side. */
  readonly remote: Mailbox;
  readonly state: MailboxState;
}

/**
 * Where the messages go. Its remote side is not open: with one connection it
 * could not be, while the source is.
 */
export interface MoveTarget
  extends
    Pick<Work, "account" | "name" | "local" | "state" | "readOnly" | "emit"> {
  /** The store's name of the remote mailbox. */
  readonly remoteName: string;
  /** UIDVALIDITY and the least UID of a new message when it was looked at. */
  readonly validity: number;
  readonly nextRef: number | undefined;
}

/** What became of {@link moveMessages}. */
export interface Moved {
  /** Those that are in their new place; the rest must be uploaded. */
  readonly done: readonly Move[];
  readonly rest: readonly Move[];
}

/**
 * Carries moves between two mailboxes out with one MOVE (RFC 6851).
 *
 * Only a file whose content is still the server's is moved; an edited one is new
 * mail. Intents are noted first: if the answer is lost, the next run finds the
 * message in its new place by content.
 */
export async function moveMessages(
  from: MoveSource,
  to: MoveTarget,
  moves: readonly Move[],
): Promise<Moved> {
  const move = from.remote.move?.bind(from.remote);
  if (move === undefined) return { done: [], rest: moves };
  const same = await unedited(from, to, moves);
  if (same.length === 0) return { done: [], rest: moves };
  to.state.commit(same.map(({ arrival }): Mutation => ({
    kind: "intend",
    intent: {
      ref: arrival.ref,
      to: "remote",
      nextRef: to.nextRef ?? 0,
      validity: to.validity,
      sent: false,
    },
  })));
  const flagged = await setFlags(from, same);
  const refs = await move(same.map(({ pair }) => pair.remote), to.remoteName);
  const done = same.filter(({ pair }) => refs.has(pair.remote));
  await settle(from, to, done, { refs, flagged });
  const arrived = new Set(done);
  // What has no new UID stays an intent: the next run looks for it.
  const moved = new Set(same);
  to.emit({
    type: "messages.moved",
    account: to.account,
    mailbox: from.remote.name,
    to: to.name,
    on: "remote",
    count: arrived.size,
  });
  return { done, rest: moves.filter((entry) => !moved.has(entry)) };
}

/** Those whose file and message have the same Message-ID and size. */
async function unedited(
  from: MoveSource,
  to: MoveTarget,
  moves: readonly Move[],
): Promise<Move[]> {
  const files = await collect(
    to.local.identify(moves.map(({ arrival }) => arrival.ref)),
  );
  const messages = await collect(
    from.remote.identify(moves.map(({ pair }) => pair.remote)),
  );
  const sizes = new Map(messages.map(({ ref, sizeBytes }) => [ref, sizeBytes]));
  const fileSizes = new Map(
    files.map(({ ref, sizeBytes }) => [ref, sizeBytes]),
  );
  const matches = matchIdentities(files, messages);
  return moves.filter(({ arrival, pair }) =>
    matches.get(arrival.ref) === pair.remote &&
    sizes.get(pair.remote) === fileSizes.get(arrival.ref)
  );
}

/**
 * Sets the flags that a file got on its way, such as \\Seen of a message that was
 * read and then put away. They are set where the message still is and go with it.
 *
 * @returns What the server has now, by refs; refused ones are left out.
 */
async function setFlags(
  { remote }: MoveSource,
  moves: readonly Move[],
): Promise<ReadonlyMap<Ref, Flags>> {
  const flags = new Map<Ref, Flags>();
  const changes: { ref: Ref; delta: FlagDelta }[] = [];
  for (const { arrival, pair } of moves) {
    const wanted = filterFlags(arrival.flags, holdable(remote));
    const delta = flagDelta(pair.flags, wanted);
    if (delta === undefined) continue;
    changes.push({ ref: pair.remote, delta });
    flags.set(pair.remote, wanted);
  }
  if (changes.length === 0) return flags;
  for (const { ref } of await remote.changeFlags(changes)) flags.delete(ref);
  return flags;
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
  for (const { arrival, pair } of done) {
    const remote = refs.get(pair.remote);
    if (remote === undefined) continue;
    const local = await bindLocal(to, arrival.ref, remote);
    // The flags are the server's: what the file's name says besides is seen as
    // a change by the next look.
    const flags = flagged.get(pair.remote) ?? pair.flags;
    arrived.push(
      { kind: "pair", remote, local, flags },
      { kind: "settle", to: "remote", ref: arrival.ref },
    );
  }
  to.state.commit(arrived);
  from.state.commit(
    done.map(({ pair }): Mutation => ({ kind: "forget", id: pair.id })),
  );
}

/** A mailbox got a new UIDVALIDITY: finds its messages again by content. */
import { MailError } from "../errors.ts";
import { collect } from "./execute/copy.ts";
import { bindLocal, type Work } from "./execute/work.ts";
import { enoughMatches, matchIdentities } from "./match.ts";
import { type Base, type Mutation, NOTHING_KNOWN } from "./ports.ts";
import type { Pair, Ref } from "./types.ts";

/** What a repair did. */
export interface Repair {
  /** Pairs found again. */
  readonly matched: number;
  /** Pairs that were known before. */
  readonly known: number;
}

/**
 * Pairs a mailbox anew after its UIDVALIDITY changed (RFC 9051 §2.3.1.1: all
 * UIDs are void). Nothing is transferred and nothing is deleted on this path:
 * what is not found again counts as new on its side.
 *
 * @throws {MailError} `sync.validity`, when too few messages were found again
 *   for a server that merely renumbered, and the user has not allowed it.
 */
export async function repairValidity(
  work: Work,
  base: Base,
  allowed: boolean,
): Promise<Repair> {
  const pairs = new Map<Ref, Pair>();
  for (const pair of base.local.pairs()) pairs.set(pair.local, pair);
  const matches = base.size === 0
    ? new Map()
    : await findAgain(work, pairs, allowed);
  if (!allowed && !enoughMatches(matches.size, pairs.size)) {
    throw validityProblem(work, matches.size, pairs.size);
  }
  const mutations: Mutation[] = [];
  for (const { id } of base.remote.pairs()) {
    mutations.push({ kind: "forget", id });
  }
  for (const [local, remote] of matches) {
    const flags = pairs.get(local)?.flags;
    if (flags !== undefined) {
      mutations.push({ kind: "pair", remote, local, flags });
    }
  }
  mutations.push(
    {
      kind: "done",
      remoteToken: undefined,
      localToken: undefined,
      options: "",
    },
    {
      kind: "validity",
      remote: work.remote.validity,
      local: work.local.validity,
    },
  );
  work.state.commit(mutations);
  await renameFiles(work);
  return { matched: matches.size, known: pairs.size };
}

async function findAgain(
  work: Work,
  pairs: ReadonlyMap<Ref, Pair>,
  allowed: boolean,
): Promise<Map<Ref, Ref>> {
  const { arrived } = await work.remote.observe(
    NOTHING_KNOWN,
    undefined,
    work.signal,
  );
  if (arrived.length === 0) return new Map();
  const locals = await collect(work.local.identify([...pairs.keys()]));
  const remotes = await collect(
    work.remote.identify(arrived.map(({ ref }) => ref)),
  );
  // Each that was not told would be doubled: here as new mail, there as well.
  if (!allowed && remotes.length < arrived.length) {
    throw untold(work, arrived.length - remotes.length);
  }
  return matchIdentities(locals, remotes);
}

/** File names bear the old UIDs; they get the new ones. */
async function renameFiles(work: Work): Promise<void> {
  const mutations: Mutation[] = [];
  for (const pair of work.state.load().local.pairs()) {
    const local = await bindLocal(work, pair.local, pair.remote);
    if (local !== pair.local) {
      mutations.push({ kind: "rebind", id: pair.id, local });
    }
  }
  work.state.commit(mutations);
}

function untold({ name }: Work, count: number): MailError {
  return new MailError(
    `The server gave the messages of "${name}" new numbers and did not tell ` +
      `the headers of ${count} of them: nothing was changed`,
    {
      code: "sync.doubt",
      scope: "mailbox",
      hint: "The next run tries again. --accept-validity goes on without them",
    },
  );
}

function validityProblem(
  work: Work,
  matched: number,
  known: number,
): MailError {
  return new MailError(
    `UID validity problem for folder "${work.name}": the server made this ` +
      `mailbox anew, and only ${matched} of ${known} messages were found ` +
      "again by their content; skipping it, nothing was changed",
    {
      code: "sync.validity",
      scope: "mailbox",
      retry: "never",
      hint:
        "If the mailbox was really emptied or replaced on the server, run with " +
        "--accept-validity: local messages that the server lacks are then " +
        "uploaded as new ones",
    },
  );
}

/** Which mailboxes a sync is about: all, or those that something was heard of. */
import type { MailError } from "../errors.ts";
import type { Stranded } from "../sync/last_copies.ts";
import type { MailboxPair } from "../sync/pair_mailboxes.ts";
import type { MailboxInfo } from "../sync/ports.ts";
import type { PairStatus } from "../sync/status.ts";
import type { Focus } from "./focus.ts";
import { settleCreation } from "./create_folder.ts";
import type { Seen } from "./kept.ts";
import type { NamedPair } from "./naming.ts";
import type { OpenAccount } from "./open_account.ts";

/** Both sides of an account, and what belongs together. */
export interface View {
  /** All mailboxes, not only those that something was heard of. */
  readonly whole: boolean;
  readonly remote: readonly MailboxInfo[];
  readonly local: readonly MailboxInfo[];
  /** What is to be synchronised. */
  readonly pairs: readonly NamedPair[];
  readonly problems: readonly MailError[];
  /** Mailboxes that are to be synchronised, and whose names stand against it. */
  readonly stranded: readonly Stranded[];
}

/**
 * Lists both sides and pairs their mailboxes.
 *
 * With a focus the server is not asked for a listing: the names of the last full
 * sync do, and its few mailboxes are opened, whatever their state. A name that
 * was not there then makes it a full sync.
 */
export async function look(account: OpenAccount): Promise<View> {
  const { run, io, names } = account;
  const { focus } = run.options;
  const seen = io.kept?.seen;
  if (focus !== undefined && seen !== undefined && knows(seen, focus)) {
    return await lookAt(account, focus, seen);
  }
  // At once: the server's answer takes longer than the local tree.
  const [
    { mailboxes: remote, problems: hidden },
    { mailboxes: local, problems: hiddenHere },
  ] = await Promise.all([names.list("remote"), names.list("local")]);
  if (!run.options.dryRun) {
    settleCreation(account.state, "remote", remote);
    settleCreation(account.state, "local", local);
  }
  const { pairs, problems, unpaired } = await names.pair(remote, local);
  if (io.kept !== undefined) io.kept.seen = remember(remote, pairs);
  return {
    whole: true,
    remote,
    local,
    pairs,
    problems: [...hidden, ...hiddenHere, ...problems],
    stranded: strandedHere(unpaired),
  };
}

/** The mailboxes in focus, and those that these may depend on. */
async function lookAt(
  account: OpenAccount,
  focus: Focus,
  { remote }: Seen,
): Promise<View> {
  const { mailboxes: local } = await account.names.list("local");
  const { pairs, unpaired } = await account.names.pair(remote, local);
  const statuses = account.state.statuses();
  const { chosen, agreed } = choose(pairs, focus, { local, statuses });
  return {
    whole: false,
    remote: remote.map((info) => {
      const token = agreed.get(info.name);
      return token === undefined ? info : { ...info, token };
    }),
    local,
    pairs: chosen,
    problems: [],
    stranded: strandedHere(unpaired),
  };
}

/**
 * The pairs in focus, and those whose Maildir changed or may have: a file that is
 * gone may have been moved to another mailbox, which must be looked at in the
 * same sync, before anything is deleted.
 *
 * @returns With the server's tokens, by name, of those that nothing was heard of.
 */
export function choose<Pair extends MailboxPair>(
  pairs: readonly Pair[],
  focus: Focus,
  { local, statuses }: {
    readonly local: readonly Pick<MailboxInfo, "name" | "token">[];
    readonly statuses: Iterable<
      Pick<PairStatus, "remote" | "local" | "remoteToken" | "localToken">
    >;
  },
): {
  readonly chosen: readonly Pair[];
  readonly agreed: ReadonlyMap<string, string>;
} {
  const heard = {
    remote: new Set(focus.remote),
    local: new Set(focus.local),
  };
  const tokens = new Map(local.map(({ name, token }) => [name, token]));
  const known = new Map(Array.from(statuses, (one) => [keyOf(one), one]));
  const agreed = new Map<string, string>();
  const chosen = pairs.filter((pair) => {
    if (heard.remote.has(pair.remote) || heard.local.has(pair.local)) {
      return true;
    }
    const { localToken, remoteToken } = known.get(keyOf(pair)) ?? {};
    // Nothing was heard of its other side.
    if (remoteToken !== undefined) agreed.set(pair.remote, remoteToken);
    // Without one nobody knows: it was written to a moment ago, or it failed.
    return localToken === undefined || localToken !== tokens.get(pair.local);
  });
  return { chosen, agreed };
}

function strandedHere(names: readonly string[]): Stranded[] {
  return names.map((mailbox) => ({ side: "local", mailbox }));
}

function keyOf({ remote, local }: { remote: string; local: string }): string {
  return JSON.stringify([remote, local]);
}

function knows({ pairs }: Seen, focus: Focus): boolean {
  const local = new Set(pairs.map((pair) => pair.local));
  const remote = new Set(pairs.map((pair) => pair.remote));
  return focus.local.every((name) => local.has(name)) &&
    focus.remote.every((name) => remote.has(name));
}

function remember(
  remote: readonly MailboxInfo[],
  pairs: readonly NamedPair[],
): Seen {
  return {
    // A token would say "unchanged" of a mailbox that was heard of.
    remote: remote.map(({ name, specialUse }) => ({ name, specialUse })),
    pairs: pairs.map(({ remote, local, visible }) => ({
      remote,
      local,
      visible,
    })),
  };
}

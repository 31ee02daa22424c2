/** Holds back deletions that would leave a message on one side only. */
import { MailError } from "../errors.ts";
import { sameValidity } from "./open_work.ts";
import { isFatal } from "./execute/work.ts";
import type { Run } from "./run.ts";
import { type Known, NOTHING_KNOWN } from "./status.ts";
import type { Task } from "./task.ts";
import { otherSide, type Ref, type Side, SIDES } from "./types.ts";
import type { Waiting } from "./waiting.ts";

/** Messages of a mailbox that the other side was not given, and will not be. */
export interface Stranded {
  /** The side that holds them. */
  readonly side: Side;
  /** The store's name of the mailbox. */
  readonly mailbox: string;
  /** Which they are. @default all that `known` does not know */
  readonly refs?: readonly Ref[];
  readonly known?: Known;
}

/** A run before its deletions. */
export interface Eve {
  readonly waiting: readonly Waiting[];
  /** Mailboxes that failed, and will fail again. */
  readonly shut: ReadonlySet<Task>;
}

/** A message's key, and the mailbox on the other side that holds it. */
type Holders = ReadonlyMap<string, string>;

/**
 * Takes out of what waits the deletions of messages that went to a place from
 * where they cannot come to the other side: one that was moved to a folder that
 * the server does not make, or does not let us write to, is on the server only
 * where it was before. Mail programs move by writing a new file, so the message
 * tells, and not the name.
 *
 * @throws {MailError} What ends the account, or one of the mailboxes.
 */
export async function holdLastCopies(run: Run, eve: Eve): Promise<void> {
  if (run.allowDeletes) return;
  for (const on of SIDES) {
    const sources = eve.waiting
      .filter(({ deletions }) => deletions[on].length > 0);
    if (sources.length === 0) continue;
    const holders = await holdersOf(run, strandedOn(otherSide(on), run, eve));
    if (holders.size === 0) continue;
    for (const entry of sources) await hold(run, on, entry, holders);
  }
}

/** What was refused, all of a mailbox that is shut, and all without a partner. */
function strandedOn(
  side: Side,
  { state, stranded = [] }: Run,
  { shut }: Eve,
): Stranded[] {
  const found = stranded.filter((one) => one.side === side);
  for (const { remote, local, [side]: { name: mailbox } } of shut) {
    const { [side]: known } = state.mailbox(remote.name, local.name).load();
    found.push({ side, mailbox, known });
  }
  // Also of mailboxes that this run has no task for.
  for (const { remote, local, [side]: mailbox } of state.statuses()) {
    const refs = state.mailbox(remote, local).refusals()
      .filter(({ from }) => from === side).map(({ ref }) => ref);
    if (refs.length > 0) found.push({ side, mailbox, refs });
  }
  return found;
}

async function holdersOf(
  { stores, signal }: Run,
  places: readonly Stranded[],
): Promise<Holders> {
  const holders = new Map<string, string>();
  for (const { side, mailbox: name, refs, known = NOTHING_KNOWN } of places) {
    try {
      await using mailbox = await stores[side].open(name, {
        readOnly: true,
        signal,
      });
      const sought = refs ??
        (await mailbox.observe(known, undefined, signal)).arrived
          .map(({ ref }) => ref);
      for (const { key } of await Array.fromAsync(mailbox.identify(sought))) {
        holders.set(key, name);
      }
    } catch (error) {
      // What never opens was told of, and holds nothing back for ever; nor does
      // a folder that is gone with what was refused.
      const isKnown = error instanceof MailError &&
        (error.retry === "never" || refs !== undefined && !isFatal(error));
      if (!isKnown) throw error;
    }
  }
  return holders;
}

async function hold(
  { account, emit, signal, stores, words }: Run,
  on: Side,
  entry: Waiting,
  holders: Holders,
): Promise<void> {
  const { task, deferred, deletions } = entry;
  const held = new Map<Ref, string>();
  {
    await using mailbox = await stores[on].open(task[on].name, {
      readOnly: true,
      signal,
    });
    sameValidity(mailbox, deferred.validity[on]);
    const refs = deletions[on].map((pair) => pair[on]);
    for (const { ref, key } of await Array.fromAsync(mailbox.identify(refs))) {
      const holder = holders.get(key);
      if (holder !== undefined) held.set(ref, holder);
    }
  }
  if (held.size === 0) return;
  deletions[on] = deletions[on].filter((pair) => !held.has(pair[on]));
  entry.failed = true;
  const { where } = words[on];
  const now = [...new Set(held.values())].map((name) => `"${name}"`).join(", ");
  emit({
    type: "warning",
    account,
    mailbox: task.name,
    code: "sync.last-copy",
    text: `${held.size} messages of "${task.name}" are not deleted ${where}: ` +
      `they are in ${now} now, and could not be copied ${where} from there`,
    hint: "They go when the copies are made, or with --allow-deletes",
  });
}

/** Opens both sides of a mailbox for work. */
import { MailError } from "../errors.ts";
import type { Work } from "./execute/work.ts";
import type { Mailbox } from "./ports.ts";
import type { Run } from "./run.ts";
import type { Task } from "./task.ts";
import { type Side, SIDES } from "./types.ts";

/** Both sides of a mailbox; disposing of it closes them. */
export interface OpenWork extends Work, AsyncDisposable {}

/** The UIDVALIDITY of both sides. */
export type Validity = Readonly<Record<Side, number>>;

/**
 * Opens both sides of a mailbox, at once: each waits for its own server. What
 * was found out under one UIDVALIDITY is never carried out under another: give
 * the one that it belongs to.
 *
 * @throws {MailError} Scope mailbox: one side is gone, refuses, or was made anew.
 */
export async function openWork(
  run: Run,
  task: Task,
  validity?: Validity,
): Promise<OpenWork> {
  const { readOnly } = task.rules;
  const state = run.state.mailbox(task.remote.name, task.local.name);
  await using opened = new AsyncDisposableStack();
  const [remote, local] = await openBoth(run, task, state.status(), opened);
  if (validity !== undefined) {
    sameValidity(remote, validity.remote);
    sameValidity(local, validity.local);
  }
  const resources = opened.move();
  return {
    account: run.account,
    name: task.name,
    words: run.words,
    remote,
    local,
    bodies: run.bodies,
    state,
    readOnly,
    inOrder: run.inOrder ?? false,
    canHold: (flag) => remote.canHold(flag) && local.canHold(flag),
    emit: run.emit,
    signal: run.signal,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function openBoth(
  run: Run,
  { remote, local, rules }: Task,
  { remoteToken, localToken }: {
    readonly remoteToken: string | undefined;
    readonly localToken: string | undefined;
  },
  opened: AsyncDisposableStack,
): Promise<[remote: Mailbox, local: Mailbox]> {
  const names = { remote: remote.name, local: local.name };
  const since = { remote: remoteToken, local: localToken };
  const outcomes = await Promise.allSettled(SIDES.map(async (side) => {
    const token = since[side];
    return opened.use(
      await run.stores[side].open(names[side], {
        readOnly: rules.readOnly[side] || rules.dryRun,
        signal: run.signal,
        ...(token === undefined ? {} : { since: token }),
      }),
    );
  }));
  const [first, second] = outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
  if (first === undefined || second === undefined) throw new Error("No sides");
  return [first, second];
}

/** @throws {MailError} Scope mailbox: the server made it anew meanwhile. */
export function sameValidity(mailbox: Mailbox, validity: number): void {
  if (mailbox.validity === validity) return;
  throw new MailError(
    `The server made "${mailbox.name}" anew while it was being synchronised`,
    { code: "sync.renumbered", scope: "mailbox", retry: "later" },
  );
}

/** Opens both sides of a mailbox for work. */
import { MailError } from "../errors.ts";
import type { Work } from "./execute/work.ts";
import type { Mailbox } from "./ports.ts";
import type { Run, Task } from "./run.ts";

/** Both sides of a mailbox; disposing of it closes them. */
export interface OpenWork extends Work, AsyncDisposable {}

/**
 * Opens both sides of a mailbox. What was found out under one UIDVALIDITY is
 * never carried out under another: give the one that it belongs to.
 *
 * @throws {MailError} Scope mailbox: one side is gone, refuses, or was made anew.
 */
export async function openWork(
  run: Run,
  task: Task,
  validity?: number,
): Promise<OpenWork> {
  const { readOnly, dryRun } = task.rules;
  const state = run.state.mailbox(task.remote.name, task.local.name);
  const since = state.status().remoteToken;
  const { signal } = run;
  await using opened = new AsyncDisposableStack();
  const remote = opened.use(
    await run.stores.remote.open(task.remote.name, {
      readOnly: readOnly.remote || dryRun,
      signal,
      ...(since === undefined ? {} : { since }),
    }),
  );
  if (validity !== undefined) sameValidity(remote, validity);
  const local = opened.use(
    await run.stores.local.open(task.local.name, {
      readOnly: readOnly.local || dryRun,
      signal,
    }),
  );
  const resources = opened.move();
  return {
    account: run.account,
    name: task.name,
    remote,
    local,
    state,
    readOnly,
    inOrder: run.inOrder ?? false,
    canHold: (flag) => remote.canHold(flag) && local.canHold(flag),
    emit: run.emit,
    signal,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** @throws {MailError} Scope mailbox: the server made it anew meanwhile. */
export function sameValidity(remote: Mailbox, validity: number): void {
  if (remote.validity === validity) return;
  throw new MailError(
    `The server made "${remote.name}" anew while it was being synchronised`,
    { code: "sync.renumbered", scope: "mailbox", retry: "later" },
  );
}

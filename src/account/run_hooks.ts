/** The hooks of an account: when they run, and what they are told. */
import { MailError, messageOf } from "../errors.ts";
import { isInbox } from "../imap/mailbox_name.ts";
import type { Task } from "../sync/task.ts";
import { type Side, SIDES } from "../sync/types.ts";
import type { AccountIo, AccountRun, RunOptions } from "./api.ts";
import { hookEnvironment, type HookFacts } from "./hook_facts.ts";
import { runHook } from "./hooks.ts";
import type { OpenAccount } from "./open_account.ts";
import type { SyncCounts } from "./sync_counts.ts";

/**
 * Runs a hook of an account; in a dry run it is only announced.
 *
 * @returns Whether it ended well, or there is none.
 */
export async function accountHook(
  { account, options }: AccountRun,
  io: AccountIo,
  name: "presynchook" | "postsynchook",
  done: Partial<HookFacts>,
): Promise<boolean> {
  const { broker } = io;
  const command = name === "presynchook"
    ? account.presyncHook
    : account.postsyncHook;
  if (command === undefined || command === "" || io.signal.aborted) return true;
  if (options.dryRun) {
    io.emit({
      type: "hook.started",
      account: account.name,
      name,
      command,
      dryRun: true,
    });
    return true;
  }
  return await runHook(
    {
      facts: {
        hook: name,
        account: account.name,
        mode: modeOf(options),
        ...done,
      },
      command,
      limitMs: account.hookTimeoutSeconds * 1000,
      platform: Deno.build.os,
      signal: io.signal,
    },
    io.emit,
    broker && ((hook) => broker.hook(hook.facts, hook.signal)),
  );
}

function modeOf({ heard, quick }: RunOptions): HookFacts["mode"] {
  return heard ? "idle" : quick ? "quick" : "full";
}

/** The error of an account whose hook is to be obeyed (`stricthooks`). */
export function notReady({ account }: AccountRun): MailError {
  return new MailError(
    `Account ${account.name} was not synchronised: its presynchook failed`,
    {
      code: "hook.strict",
      scope: "account",
      retry: "later",
      hint: "Without stricthooks = yes it is synchronised all the same",
    },
  );
}

/**
 * Calls `newmail_hook`, as OfflineIMAP for the INBOX alone, when something unread
 * came out of it: the hook of a repository is about mail that was found there,
 * which between two servers may be either. A hook that fails is told and stops
 * nothing.
 */
export async function newMail(
  account: OpenAccount,
  task: Task,
  counts: SyncCounts,
): Promise<void> {
  for (const side of SIDES) await newMailOf(side, account, task, counts);
}

async function newMailOf(
  side: Side,
  { run, io, newMailHooks }: OpenAccount,
  task: Task,
  counts: SyncCounts,
): Promise<void> {
  const hook = newMailHooks[side];
  const folder = task.name;
  const unseen = counts.unseenFrom(side, folder);
  if (hook === undefined || !isInbox(task[side].name)) return;
  if (unseen === 0 || run.options.dryRun) return;
  const account = run.account.name;
  const facts: HookFacts = {
    hook: "newmail_hook",
    account,
    mode: modeOf(run.options),
    folder,
    ...counts.in(folder),
    unseen,
  };
  try {
    await hook({
      ...hookEnvironment(facts),
      OFFLINEIMAP_JSON: JSON.stringify(facts),
    });
  } catch (cause) {
    io.emit({
      type: "warning",
      account,
      mailbox: folder,
      code: "hook.failed",
      text: `newmail_hook of repository ${run.account[side].name} failed: ` +
        messageOf(cause),
    });
  }
}

/** From names to mailboxes: what is missing is created. */
import { type MailError, toMailError } from "../errors.ts";
import type { Stranded } from "../sync/last_copies.ts";
import type { MailboxInfo } from "../sync/ports.ts";
import type { Task } from "../sync/task.ts";
import { otherSide, type Side } from "../sync/types.ts";
import { createFolder } from "./create_folder.ts";
import type { NamedPair } from "./naming.ts";
import { tellNewStatus } from "./new_status.ts";
import type { OpenAccount } from "./open_account.ts";
import { planNew } from "./plan_new.ts";
import { taskOf } from "./task_of.ts";

/** What is to be synchronised, and what could not get a partner. */
export interface Prepared {
  readonly tasks: readonly Task[];
  readonly stranded: readonly Stranded[];
}

/**
 * Creates what is missing and says by which rules each pair is synchronised. A
 * dry run tells what would be in the folders that it does not create.
 *
 * @param report Told of a folder that cannot be created; the others go on.
 * @throws {MailError} Scope account: nothing more can be created.
 */
export async function prepareTasks(
  account: OpenAccount,
  pairs: readonly NamedPair[],
  listed: Readonly<Record<Side, readonly MailboxInfo[]>>,
  report: (error: MailError) => void,
): Promise<Prepared> {
  const remote = new Map(listed.remote.map((info) => [info.name, info]));
  const local = new Map(listed.local.map((info) => [info.name, info]));
  const { fold } = account.names.rules().local;
  const alike = new Map(listed.local.map((info) => [fold(info.name), info]));
  const tasks: Task[] = [];
  const stranded: Stranded[] = [];
  for (const pair of pairs) {
    if (account.io.signal.aborted) break;
    if (
      pair.create !== undefined &&
      !await create(account, pair, pair.create, report)
    ) {
      const side = otherSide(pair.create);
      stranded.push({ side, mailbox: pair[side] });
      continue;
    }
    tasks.push(taskOf(
      account,
      pair,
      await account.ignored(pair),
      remote.get(pair.remote) ?? { name: pair.remote, specialUse: [] },
      local.get(pair.local) ?? {
        ...alike.get(fold(pair.local)) ?? { specialUse: [] },
        name: pair.local,
      },
    ));
  }
  return { tasks, stranded };
}

/** @returns Whether it is there now. */
async function create(
  account: OpenAccount,
  pair: NamedPair,
  side: Side,
  report: (error: MailError) => void,
): Promise<boolean> {
  const { run: { account: { name, [side]: repository }, options }, io } =
    account;
  io.emit({
    type: "mailbox.created",
    account: name,
    repository: repository.name,
    mailbox: pair[side],
    dryRun: options.dryRun,
  });
  if (options.dryRun) {
    await planNew(account, pair, side);
    return false;
  }
  try {
    await createFolder(account[side], account.state, pair, side);
    tellNewStatus(account, pair);
    return true;
  } catch (cause) {
    const error = toMailError(cause, {
      message: `Cannot create folder "${pair[side]}"`,
      code: "account.create",
      scope: "mailbox",
    });
    if (error.scope === "account") throw error;
    report(error);
    return false;
  }
}

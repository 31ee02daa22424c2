/** `--delete-folder`, with the parts of this run. */
import { deleteFolderOf } from "../delete_folder.ts";
import type { Task } from "../run.ts";
import { accountRun, ioOf } from "./account_run.ts";

/** Deletes the folder that the command line names. */
export async function removeFolder(task: Task): Promise<void> {
  const { args, config, parts } = task;
  await deleteFolderOf({
    ...parts,
    config,
    folder: args.deleteFolder ?? "",
    accountRun: (account) => accountRun(account, args, config),
    io: ioOf(task),
  });
}

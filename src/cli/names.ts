/** The list of folders for mail clients (`[mbnames]`), as a run uses it. */
import type { Config } from "../config/config.ts";
import { type Emit, reportOf } from "../events.ts";
import type { MailboxNames } from "../mbnames/mailbox_names.ts";

/**
 * Opens the list; undefined when none is wanted. A section that is wrong is told
 * as an error, and everything else is done.
 */
export async function openNames(
  { mbnames, general }: Config,
  emit: Emit,
): Promise<MailboxNames | undefined> {
  if (mbnames === undefined) return undefined;
  if ("error" in mbnames) {
    emit({ type: "error", error: reportOf(mbnames.error) });
    return undefined;
  }
  const { MailboxNames } = await import("../mbnames/mailbox_names.ts");
  return new MailboxNames({
    config: mbnames,
    metadata: general.metadata,
    pythonFile: general.pythonFile,
    dryRun: general.dryRun,
    emit,
  });
}

/**
 * `--mbnames-prune`: forgets the folders of accounts that `general.accounts` does
 * not name, or of all when the list is switched off.
 *
 * @throws {MailError} When a file cannot be removed.
 */
export async function pruneNames(
  { config, emit }: { readonly config: Config; readonly emit: Emit },
): Promise<void> {
  const { general, mbnames, accounts } = config;
  if (mbnames === undefined) {
    const { pruneAll } = await import("../mbnames/mailbox_names.ts");
    const { metadata, dryRun } = general;
    return await pruneAll({ metadata, dryRun, emit });
  }
  await using names = await openNames(config, emit);
  await names?.prune(accounts.map(({ name }) => name));
}

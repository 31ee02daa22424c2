/**
 * `--migrate-fmd5-using-nametrans`: file names of OfflineIMAP before 6.3.5, whose
 * `FMD5=` was that of the folder's name before the local nametrans.
 */
import { join } from "node:path";
import { noStep } from "../effects.ts";
import { MailError, messageOf } from "../errors.ts";
import { Durability } from "../maildir/durability.ts";
import { mailboxMark } from "../maildir/filename.ts";
import { Root } from "../maildir/root.ts";
import { Tree } from "../maildir/tree.ts";
import type { AccountIo, AccountRun } from "./api.ts";
import { Expressions } from "./expressions.ts";

const MARK = /FMD5=([a-fA-F0-9]+)/;

/**
 * Gives each file that bears the old mark of its folder the new one. Files are
 * renamed, never written; a name that is taken already is left alone, and so is
 * any other mark. Needs no server. Accounts without a Maildir have nothing to do.
 *
 * @throws {MailError} Scope account: the tree cannot be read.
 */
export async function migrateMarks(
  run: AccountRun,
  io: AccountIo,
): Promise<void> {
  const { local } = run.account;
  if (!("localFolders" in local)) return;
  const { dryRun, fsync } = run.options;
  const say = (text: string) =>
    io.emit({ type: "notice", account: run.account.name, text });
  const warn = (text: string) =>
    io.emit({
      type: "warning",
      account: run.account.name,
      code: "migrate.left",
      text,
    });
  let count = 0;
  await using expressions = new Expressions({
    pythonFile: run.pythonFile,
    onOutput: say,
    outside: io.broker?.python(),
  });
  const translate = await expressions.nameTransform(local.nameTrans);
  const platform = Deno.build.os;
  const durability = new Durability({ fsync, platform, step: noStep });
  const root = new Root({
    path: local.localFolders,
    platform,
    expected: false,
    dryRun: true,
    durability,
    step: noStep,
  });
  const { separator } = local;
  const tree = new Tree({
    root,
    separator,
    platform,
    durability,
    now: Date.now,
    step: noStep,
  });
  for (const name of await tree.list()) {
    const from = mailboxMark(name, separator);
    const to = mailboxMark(await translate(name), separator);
    if (from === to) continue;
    for (const place of ["new", "cur"]) {
      if (io.signal.aborted) return;
      const directory = join(tree.directory(name), place);
      const renamed = renameAll(directory, {
        ...{ from, to, dryRun },
        ...{ say, warn },
      });
      count += renamed;
      if (renamed > 0 && !dryRun) durability.directoryNow(directory);
    }
  }
  const done = dryRun ? "would be renamed" : "were renamed";
  say(`Account ${run.account.name}: ${count} files ${done}`);
}

interface Renaming {
  readonly from: string;
  readonly to: string;
  readonly dryRun: boolean;
  readonly say: (text: string) => void;
  readonly warn: (text: string) => void;
}

/** @returns How many files were renamed, or would be. */
function renameAll(directory: string, renaming: Renaming): number {
  const { from, to, dryRun, say, warn } = renaming;
  const names = [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
  const taken = new Set(names);
  let count = 0;
  for (const name of names) {
    const mark = MARK.exec(name)?.[1];
    if (mark === undefined || mark === to) continue;
    const path = join(directory, name);
    if (mark !== from) {
      warn(
        `Inconsistent FMD5 for file \`${path}': Neither \`${from}' nor ` +
          `\`${to}' found`,
      );
      continue;
    }
    const target = name.replace(`FMD5=${mark}`, `FMD5=${to}`);
    if (taken.has(target)) {
      warn(`File \`${path}' stays: there is one called \`${target}'`);
      continue;
    }
    say(`Migrating file \`${path}' to FMD5 \`${to}'`);
    taken.add(target);
    count++;
    if (dryRun) continue;
    try {
      Deno.renameSync(path, join(directory, target));
    } catch (cause) {
      throw new MailError(
        `Cannot rename file '${path}' to '${target}': ${messageOf(cause)}`,
        { code: "migrate.rename", scope: "account", cause },
      );
    }
  }
  return count;
}

/** `[mbnames]`: a file with the names of all folders, for mail clients. */
import type { AccountFolders } from "../account/api.ts";
import type { MbnamesConfig } from "../config/config.ts";
import { MailError, messageOf, toMailError } from "../errors.ts";
import { type Emit, reportOf } from "../events.ts";
import { PythonModule } from "../python/mod.ts";
import type { FolderItem } from "./folder_item.ts";
import { type ListFormat, openListFormat } from "./list_format.ts";
import { PartialFiles } from "./partial_files.ts";
import { replaceFile } from "./replace_file.ts";

/** What {@link MailboxNames} works by. */
export interface MailboxNamesOptions {
  readonly config: MbnamesConfig;
  readonly metadata: string;
  /** Absolute path of `general.pythonfile`. */
  readonly pythonFile: string | undefined;
  /** Say what would be written, and write nothing. */
  readonly dryRun: boolean;
  readonly emit: Emit;
}

/**
 * Keeps the list up to date. What goes wrong is told as an error of the run and
 * keeps no mail from being synchronised. Disposing of it ends the user's Python.
 */
export class MailboxNames implements AsyncDisposable {
  readonly #options: MailboxNamesOptions;
  readonly #files: PartialFiles;
  readonly #module: PythonModule;
  #format: Promise<ListFormat> | undefined;
  /** Told once: an expression that fails does so for every account. */
  #broken = false;
  /** The end of the queue: accounts finish at the same time. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: MailboxNamesOptions) {
    const { metadata, pythonFile, emit } = options;
    this.#options = options;
    this.#files = new PartialFiles(metadata);
    this.#module = new PythonModule({
      file: pythonFile,
      onOutput: (text) => emit({ type: "notice", text }),
    });
  }

  /** Notes the folders of an account; with `incremental` writes the list. */
  accountDone(done: AccountFolders): Promise<void> {
    return this.#enqueue(async () => {
      await this.#note(done);
      if (this.#options.config.incremental) await this.#write();
    });
  }

  /** Ends a run: writes the list unless that was done after each account. */
  finish(): Promise<void> {
    return this.#enqueue(async () => {
      if (!this.#options.config.incremental) await this.#write();
    });
  }

  /** Forgets all accounts but these, and writes the list. */
  prune(accounts: readonly string[]): Promise<void> {
    return this.#enqueue(async () => {
      const gone = await this.#files.others(accounts);
      await removePartialFiles(gone, this.#options);
      await this.#write(gone);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#module[Symbol.asyncDispose]();
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const unlessBroken = () => this.#broken ? undefined : work();
    return this.#last = this.#last.then(unlessBroken).catch((cause) => {
      const { emit, config } = this.#options;
      const error = toMailError(cause, {
        message: `Cannot write the list of folders ${config.filename}`,
        code: "mbnames.write",
        scope: "run",
      });
      emit({ type: "error", error: reportOf(error) });
    });
  }

  async #rules(): Promise<ListFormat> {
    this.#format ??= openListFormat(this.#options.config, this.#module);
    try {
      return await this.#format;
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }

  async #note({ account, root, folders }: AccountFolders): Promise<void> {
    const { accepts } = await this.#rules();
    const items: FolderItem[] = [];
    const paths = new Map(folders.map(({ name, path }) => [name, path]));
    for (const [name, foldername] of paths) {
      if (!await accepts(account, name)) continue;
      items.push({ accountname: account, foldername, localfolders: root });
    }
    const path = this.#files.pathOf(account);
    if (this.#announce(path)) return;
    await writing(path, () => this.#files.write(account, items));
  }

  /** @param without Files that a dry run would have removed. */
  async #write(without: readonly string[] = []): Promise<void> {
    const { filename } = this.#options.config;
    const { format } = await this.#rules();
    const items: FolderItem[] = [];
    for (const path of await this.#files.list()) {
      if (!without.includes(path)) items.push(...await this.#read(path));
    }
    const text = await format(items);
    if (this.#announce(filename)) return;
    await writing(filename, () => replaceFile(filename, text));
  }

  /** The folders in a file; one that is damaged costs its own account only. */
  async #read(path: string): Promise<FolderItem[]> {
    try {
      return await this.#files.read(path);
    } catch (cause) {
      const error = new MailError(
        `Cannot read the folders of an account from ${path}: ` +
          messageOf(cause),
        {
          code: "mbnames.read",
          scope: "run",
          retry: "never",
          hint: "Delete this file; the account's next sync writes it anew",
          cause,
        },
      );
      this.#options.emit({ type: "error", error: reportOf(error) });
      return [];
    }
  }

  /** Tells what a dry run does not do. @returns Whether it is one. */
  #announce(path: string): boolean {
    const { dryRun, emit } = this.#options;
    if (dryRun) emit({ type: "notice", text: `mbnames would write ${path}` });
    return dryRun;
  }
}

/** Without `[mbnames]`: removes all that is left of it below `metadata`. */
export async function pruneAll(
  options: Pick<MailboxNamesOptions, "metadata" | "dryRun" | "emit">,
): Promise<void> {
  const files = await new PartialFiles(options.metadata).list();
  await removePartialFiles(files, options);
}

async function removePartialFiles(
  paths: readonly string[],
  { dryRun, emit }: Pick<MailboxNamesOptions, "dryRun" | "emit">,
): Promise<void> {
  for (const path of paths) {
    if (!dryRun) await writing(path, () => Deno.remove(path));
    const text = dryRun ? `mbnames would remove ${path}` : `removed ${path}`;
    emit({ type: "notice", text });
  }
  if (paths.length === 0) {
    emit({ type: "notice", text: "no cache file to remove" });
  }
}

async function writing(path: string, write: () => Promise<void>) {
  try {
    await write();
  } catch (cause) {
    throw new MailError(
      `Cannot write the list of folders ${path}: ${messageOf(cause)}`,
      { code: "mbnames.write", scope: "run", retry: "later", cause },
    );
  }
}

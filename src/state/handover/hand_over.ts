/**
 * Keeps OfflineIMAP's own status true, so that it can be started again at any
 * time and finds nothing to do.
 *
 * Our state is what counts; these files are made from it at the end of a run,
 * for the mailboxes of which something changed. After a crash they may be older
 * than the state, never newer: a message is on disk and in the state before it
 * is here. A status that is too old costs OfflineIMAP a look at names of files.
 */
import { join } from "node:path";
import { messageOf } from "../../errors.ts";
import { forEachConcurrently } from "../../sync/pool.ts";
import { copyAside } from "../copy_aside.ts";
import type { MailboxNames } from "../mailbox_row.ts";
import { syncFolder } from "../state_files.ts";
import type { Lag, StatusFiles, WrittenStatus } from "../status_files.ts";
import type { Collisions } from "../takeover/collisions.ts";
import { FlagLetters, type LabelTexts } from "../takeover/legacy_flags.ts";
import {
  legacyFileName,
  legacyPath,
  type LegacyPlace,
  statusFileName,
} from "../takeover/legacy_name.ts";
import type { Warn } from "../takeover/legacy_row.ts";
import {
  removeStatus,
  replaceFile,
  type ReplaceOptions,
} from "./replace_file.ts";
import { fillStatus } from "./status_database.ts";
import { stampOf } from "./status_stamp.ts";
import { writeUidMap } from "./uid_map.ts";
import { type Validities, ValidityFiles } from "./validity_files.ts";

/** A mailbox pair whose status OfflineIMAP may want to read. */
export interface HandedMailbox extends MailboxNames, Validities {
  /** The remote name after `nametrans`. */
  readonly visible: string;
}

/** Where to, and by which rules. */
export interface HandOverOptions extends LegacyPlace, ReplaceOptions {
  readonly remoteSeparator: string;
  /** Keywords by lower-case letter (`customflag_a` …). */
  readonly customFlags: ReadonlyMap<string, string>;
  /** How labels are spelled. @default there are none */
  readonly labels?: LabelTexts | undefined;
  /** Folders that OfflineIMAP gives one file: whose it would be cannot be told. */
  readonly collisions: Collisions;
  /** The local side is a server, too: it has a map of UIDs for each folder. */
  readonly mapped?: boolean;
  /** Sides with a `startdate`: from their first UID on all is synchronised. */
  readonly started?: readonly ("remote" | "local")[];
  /** Told why files stay as they are, once. */
  readonly warn: Warn;
}

/** Files made at once: eight syncs overlap well, more only queue. */
const AT_ONCE = 8;

/** What file systems allow as a name. */
const NAME_BYTES = 255;

/**
 * Writes what OfflineIMAP's status lacks of these mailboxes. Nothing here is
 * worth an error: what cannot be written is told to `warn`, and tried again by
 * the next run.
 */
export async function handOver(
  mailboxes: readonly HandedMailbox[],
  files: StatusFiles,
  options: HandOverOptions,
): Promise<void> {
  try {
    const due = files.lagging(mailboxes).flatMap(({ mailbox, lag }) => {
      const path = legacyStatusPath(mailbox, options);
      return path === undefined ? [] : [{ mailbox, lag, path }];
    });
    if (due.length > 0) await new HandOver(files, options).run(due);
  } catch (error) {
    options.warn(
      "The status files of OfflineIMAP could not be brought up to date: " +
        `${messageOf(error)}. Mail and this program's own state are not ` +
        "concerned; run it once more before going back to OfflineIMAP",
    );
  }
}

/** Where OfflineIMAP keeps a folder's status; undefined if it could not. */
export function legacyStatusPath(
  { visible }: { readonly visible: string },
  options:
    & Pick<HandOverOptions, "remoteSeparator" | "collisions">
    & LegacyPlace,
): string | undefined {
  const name = statusFileName(visible, options.remoteSeparator);
  if (options.collisions.status.has(name)) return undefined;
  if (new TextEncoder().encode(name).length > NAME_BYTES) return undefined;
  return legacyPath(options.metadata, statusFolder(options), name);
}

function statusFolder({ account }: LegacyPlace): string[] {
  return [`Account-${account}`, "LocalStatus-sqlite"];
}

interface Due {
  readonly mailbox: HandedMailbox;
  readonly lag: Lag;
  readonly path: string;
}

class HandOver {
  readonly #files: StatusFiles;
  readonly #options: HandOverOptions;
  readonly #letters: FlagLetters;
  readonly #validities: ValidityFiles;
  /** Where files are made; gone afterwards. */
  readonly #workshop: string;
  #made = 0;

  constructor(files: StatusFiles, options: HandOverOptions) {
    this.#files = files;
    this.#options = options;
    this.#letters = new FlagLetters(options.customFlags, options.labels);
    this.#workshop = join(
      options.metadata,
      `Account-${options.account}`,
      "handing-over",
    );
    this.#validities = new ValidityFiles(this.#workshop, options);
  }

  async run(due: readonly Due[]): Promise<void> {
    const folder = join(
      this.#options.metadata,
      ...statusFolder(this.#options),
    );
    const written: WrittenStatus[] = [];
    Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
    // One that a killed run left.
    await removeFolder(this.#workshop);
    await Deno.mkdir(this.#workshop, { mode: 0o700 });
    try {
      const pool = {
        concurrency: AT_ONCE,
        // Short, and worth finishing when the run is told to stop.
        signal: new AbortController().signal,
      };
      await forEachConcurrently(due, pool, async (one) => {
        const stamp = await this.#write(one);
        const { remote, local } = one.mailbox;
        if (stamp !== undefined) written.push({ remote, local, stamp });
      });
    } finally {
      // Names first: a stamp that is on disk speaks of a file that is.
      if (this.#options.fsync) syncFolder(folder);
      this.#files.record(written);
      await removeFolder(this.#workshop);
    }
  }

  /** @returns The stamp of the file; undefined where there need not be one. */
  async #write({ mailbox, lag, path }: Due): Promise<string | undefined> {
    const before = stampOf(path);
    const changed = before !== undefined && before === lag.stamp
      ? lag.changed
      : undefined;
    const messages = this.#files.messages(mailbox, changed);
    if (before === undefined && isEmpty(messages)) return undefined;
    if (this.#options.mapped) return await this.#writeMapped(mailbox, path);
    if (this.#validities.differ(mailbox) && before !== undefined) {
      // Its rows belong to the old validity. Without them OfflineIMAP goes by
      // the names of files, should this be the last that we come to do.
      removeStatus(path, this.#options);
      await this.#writeNumbers(mailbox);
      return await this.#writeAll(mailbox, path);
    }
    await this.#writeNumbers(mailbox);
    if (before === undefined) return await this.#writeAll(mailbox, path);
    using copy = copyAside(path, this.#workshop);
    const differs = this.#fill(copy.file, messages, changed);
    if (differs === undefined) return await this.#writeAll(mailbox, path);
    if (differs) await replaceFile(copy.file, path, this.#options);
    return stampOf(path);
  }

  /**
   * Without a status OfflineIMAP makes one from the map, so that goes first and
   * comes last: at no time does it name a message that the map does not.
   */
  async #writeMapped(
    mailbox: HandedMailbox,
    path: string,
  ): Promise<string | undefined> {
    const map = this.#mapOf(mailbox);
    if (map === undefined) return undefined;
    removeStatus(path, this.#options);
    await this.#writeNumbers(mailbox);
    const made = join(this.#workshop, String(this.#made++));
    const messages = this.#files.messages(mailbox);
    await writeUidMap(map, made, messages, this.#options);
    return await this.#writeAll(mailbox, path);
  }

  async #writeNumbers(mailbox: HandedMailbox): Promise<void> {
    await this.#validities.write(mailbox);
    for (const side of this.#options.started ?? []) {
      await this.#validities.writeStart(
        mailbox,
        side,
        this.#files.messages(mailbox),
      );
    }
  }

  #mapOf({ local, localFile = local }: HandedMailbox): string | undefined {
    const { metadata, localRepo } = this.#options;
    const folder = [`Repository-${localRepo}`, "UIDMapping"];
    return legacyPath(metadata, folder, legacyFileName(localFile));
  }

  async #writeAll(mailbox: HandedMailbox, path: string) {
    const made = join(this.#workshop, String(this.#made++));
    const messages = this.#files.messages(mailbox);
    fillStatus(made, messages, undefined, this.#letters);
    await replaceFile(made, path, this.#options);
    return stampOf(path);
  }

  /** Undefined when the file is none that SQLite can read. */
  #fill(...[file, messages, changed]: FillArguments): boolean | undefined {
    try {
      return fillStatus(file, messages, changed, this.#letters);
    } catch {
      return undefined;
    }
  }
}

type FillArguments = [
  file: string,
  messages: Parameters<typeof fillStatus>[1],
  changed: Parameters<typeof fillStatus>[2],
];

function isEmpty(messages: Iterable<unknown>): boolean {
  for (const _ of messages) return false;
  return true;
}

async function removeFolder(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

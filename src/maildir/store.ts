/** A tree of Maildirs as one side of an account. */
import { hostname } from "node:os";
import type { DebugLog } from "../events.ts";
import { noStep, type Step } from "../effects.ts";
import { fileError } from "./file_error.ts";
import { refuseStray } from "./links.ts";
import type {
  Mailbox,
  MailboxInfo,
  OpenOptions,
  Store,
} from "../sync/ports.ts";
import type { StoreContext } from "./context.ts";
import { mailboxTimes, tokenOf } from "./directory_time.ts";
import { Durability } from "./durability.ts";
import { type InfoSeparator, mailboxMark, UniqueNames } from "./filename.ts";
import { FlagLetters } from "./flags.ts";
import { Kept, type KeptOptions } from "./kept.ts";
import { latestChange } from "./label_reader.ts";
import type { LabelHeader } from "./label_header.ts";
import type { ListingCache } from "./listing_cache.ts";
import { MaildirMailbox, missingMailbox } from "./mailbox.ts";
import {
  foldName,
  mailboxPath,
  type NameOptions,
  type Platform,
} from "./mailbox_name.ts";
import { Root } from "./root.ts";
import { sweepTmp } from "./tmp_file.ts";
import { Tree } from "./tree.ts";

/** How a Maildir repository is set up. Only `root` has no default. */
export interface MaildirOptions {
  /** `Maildir` or `GmailMaildir`. @default "Maildir" */
  readonly typeName?: string;
  /** `localfolders`, absolute. Created with its parents when missing. */
  readonly root: string;
  /** Makes the root where this thread may not. @default it does it itself */
  readonly makeRoot?: (() => Promise<void>) | undefined;
  /** `sep`. @default "." */
  readonly separator?: string;
  /** `nametrans` of this repository: what a mailbox's mark is made of. */
  readonly translate?: (name: string) => string;
  /** IMAP keywords by letter (`customflag_a` …). */
  readonly keywords?: ReadonlyMap<string, string>;
  /** Labels are kept in a header of the messages. @default they are not */
  readonly labels?: LabelHeader;
  /** `filterheaders`: fields that an upload goes without. */
  readonly filterHeaders?: readonly string[];
  /** `maildir-windows-compatible`: `!` starts the info part of new names. */
  readonly windowsCompatible?: boolean;
  /** Overrules `windowsCompatible`. @default `!` on Windows, else `:` */
  readonly infoSeparator?: InfoSeparator;
  /** `filename_use_mail_timestamp`. @default false */
  readonly filenameUseMailTimestamp?: boolean;
  /** `utime_from_header`. @default false */
  readonly utimeFromHeader?: boolean;
  /** `restoreatime`. @default false */
  readonly restoreAtime?: boolean;
  /** Everything is on the disk before a method returns. @default true */
  readonly fsync?: boolean;
  /**
   * An earlier run of this program left a status that knows messages of this
   * tree: a root without its marker file is then not believed to be empty.
   * @default false
   */
  readonly expected?: boolean;
  /** Where removed messages stay for some days. @default they are deleted */
  readonly kept?: KeptOptions;
  /** What the last run saw of the tree. @default nothing is remembered */
  readonly cache?: ListingCache;
  /** Neither the root nor its marker is created. @default false */
  readonly dryRun?: boolean;
  /** Told about files that cannot be dealt with. */
  readonly warn?: (text: string) => void;
  /** What is read, found and changed (`-d maildir`). @default nobody asks */
  readonly log?: DebugLog;
  readonly platform?: Platform;
  readonly hostname?: string;
  readonly pid?: number;
  /** The wall clock, milliseconds since the epoch. */
  readonly now?: () => number;
  readonly step?: Step;
}

/** Maildirs below one directory, named and laid out as OfflineIMAP does. */
export class MaildirStore implements Store {
  readonly typeName: string;
  readonly separator: string;
  readonly tellsBefore = true;
  readonly #context: StoreContext;
  readonly #names: NameOptions;
  readonly #translate: (name: string) => string;

  constructor(options: MaildirOptions) {
    const platform = options.platform ?? Deno.build.os;
    const now = options.now ?? Date.now;
    const step = options.step ?? noStep;
    const separator = options.separator ?? ".";
    const durability = new Durability({
      // A dry run writes nothing, and leaves to others what they wrote.
      fsync: (options.fsync ?? true) && options.dryRun !== true,
      platform,
      step,
    });
    const root = new Root({
      path: options.root,
      platform,
      expected: options.expected ?? false,
      dryRun: options.dryRun ?? false,
      make: options.makeRoot,
      durability,
      step,
    });
    this.typeName = options.typeName ?? "Maildir";
    this.separator = separator;
    this.#names = { separator, platform };
    this.#translate = options.translate ?? ((name) => name);
    this.#context = {
      root,
      tree: new Tree({
        root,
        separator,
        platform,
        durability,
        now,
        step,
        ...(options.cache === undefined ? {} : { cache: options.cache }),
      }),
      letters: new FlagLetters(options.keywords),
      labels: options.labels,
      filtered: new Set(
        (options.filterHeaders ?? []).map((name) => name.toLowerCase()),
      ),
      separator: infoSeparator(options, platform),
      names: new UniqueNames({
        pid: options.pid ?? Deno.pid,
        hostname: options.hostname ?? hostname(),
        now,
      }),
      durability,
      kept: new Kept(options.kept, { durability, now, step }),
      nameFromHeader: options.filenameUseMailTimestamp ?? false,
      timeFromHeader: options.utimeFromHeader ?? false,
      restoreAtime: options.restoreAtime ?? false,
      now,
      step,
      warn: options.warn ?? (() => {}),
      log: options.log,
    };
  }

  async list(): Promise<MailboxInfo[]> {
    const { log, root, tree, now, restoreAtime } = this.#context;
    await root.begin();
    const names = await tree.list();
    log?.(`Folders in ${root.path}: ${names.length} (${names.join(", ")})`);
    if (names.length === 0 && root.isDoubtful()) throw root.unmounted();
    const looked = now();
    const infos: MailboxInfo[] = [];
    for (const name of names) {
      const info = { name, specialUse: [] };
      const token = restoreAtime ? undefined : await this.#token(name, looked);
      infos.push(token === undefined ? info : { ...info, token });
    }
    return infos;
  }

  async create(name: string, onNew?: () => void): Promise<void> {
    await this.#context.root.begin();
    await this.#context.tree.create(name, onNew);
    this.#context.log?.(`Folder "${name}": made`);
  }

  async open(name: string, options: OpenOptions): Promise<Mailbox> {
    const { root, tree } = this.#context;
    await root.begin();
    const directory = tree.directory(name);
    try {
      if (mailboxTimes(directory) === undefined) {
        throw root.isDoubtful() ? root.unmounted() : missingMailbox(name);
      }
      const path = mailboxPath(name, this.#names);
      refuseStray(root.path, path, name);
      if (!options.readOnly) sweepTmp(`${directory}/tmp`, this.#context);
      return new MaildirMailbox({
        name,
        path,
        directory,
        mark: mailboxMark(this.#translate(name), this.separator),
        readOnly: options.readOnly,
      }, this.#context);
    } catch (error) {
      throw fileError(`Cannot open folder "${name}"`, error, "mailbox");
    }
  }

  /**
   * Deletes messages that were kept longer than configured.
   * @returns The days that are gone for good, `YYYY-MM-DD`.
   */
  purgeKept(nowMs: number): string[] {
    try {
      return this.#context.kept.purge(nowMs);
    } catch (error) {
      throw fileError("Cannot delete what was kept", error, "account");
    }
  }

  /**
   * Where a mailbox lies below the root, levels joined by `/`: mostly its name.
   * A name that can have no directory is returned as it is.
   */
  pathOf(name: string): string {
    try {
      return mailboxPath(name, this.#names).join("/");
    } catch {
      return name;
    }
  }

  /**
   * The same text for names whose mailboxes would share a directory, as far as
   * that shows once the root is in use.
   */
  directoryKey(name: string): string {
    return foldName(this.pathOf(name), this.#context.root.folding());
  }

  /** Nothing is held open between calls. */
  async [Symbol.asyncDispose](): Promise<void> {}

  async #token(name: string, nowMs: number): Promise<string | undefined> {
    const { labels, tree } = this.#context;
    try {
      const directory = tree.directory(name);
      const times = mailboxTimes(directory);
      if (times === undefined) return undefined;
      const token = tokenOf(times, nowMs);
      if (labels === undefined || token === undefined) return token;
      return tokenOf(times, nowMs, await latestChange(directory));
    } catch {
      // What cannot be looked at is opened, and says then what is wrong.
      return undefined;
    }
  }
}

function infoSeparator(
  options: MaildirOptions,
  platform: Platform,
): InfoSeparator {
  if (options.infoSeparator !== undefined) return options.infoSeparator;
  // Windows takes what follows a colon for the name of an alternate stream.
  return platform === "windows" || options.windowsCompatible === true
    ? "!"
    : ":";
}

/** One Maildir folder as the engine sees it. */
import { MailError } from "../errors.ts";
import type {
  Failure,
  FetchOptions,
  FlagChange,
  Known,
  Mailbox,
  Message,
  Removed,
} from "../sync/ports.ts";
import {
  type Changes,
  type Flags,
  type Identity,
  noChanges,
  type Ref,
} from "../sync/types.ts";
import { ByteGate, forEachConcurrently } from "../sync/pool.ts";
import { confirmAbsent } from "./absence.ts";
import { unionFlags } from "../sync/flags.ts";
import { labelOf } from "../sync/labels.ts";
import { AccessTimes } from "./access_time.ts";
import type { MailboxPlace, StoreContext } from "./context.ts";
import { Delivery } from "./delivery.ts";
import {
  fileTimeOf,
  mailboxTimes,
  markToken,
  tokenOf,
} from "./directory_time.ts";
import { parseFileName } from "./filename.ts";
import { LabelReader, latestChange } from "./label_reader.ts";
import { fileError, isAbsent } from "./os_error.ts";
import { type Place, Places, type Where } from "./places.ts";
import { IN_MEMORY_BYTES, readContent, readIdentity } from "./reader.ts";
import { Relabelling } from "./relabel.ts";
import { Renames, vanished } from "./renames.ts";
import { type Scan, scanMailbox } from "./scan.ts";
import { settle } from "./settle.ts";

/** What a Maildir has for UIDVALIDITY, as OfflineIMAP has it. */
export const MAILDIR_VALIDITY = 42;

/** How often a file is looked for that another program renames meanwhile. */
const TRIES = 5;

const NO_FIELDS: ReadonlySet<string> = new Set();

/** Bytes of messages in memory that wait to be taken. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

/** Files in hand at a time, so that they share the sync of their directory. */
const AT_ONCE = 64;

/** A mailbox in a Maildir tree. Its refs are unique names. */
export class MaildirMailbox implements Mailbox {
  readonly name: string;
  readonly validity = MAILDIR_VALIDITY;
  readonly nextRef = undefined;
  readonly readOnly = false;
  readonly #context: StoreContext;
  readonly #place: MailboxPlace;
  readonly #places: Places;
  readonly #renames: Renames;
  readonly #delivery: Delivery;
  readonly #relabel: Relabelling | undefined;
  readonly #accessTimes: AccessTimes | undefined;
  /** Flags of messages that were not seen, to look for them by name. */
  #missed: ReadonlyMap<Ref, Flags> = new Map();

  /** @throws What the system says if the directories cannot be looked at. */
  constructor(place: MailboxPlace, context: StoreContext) {
    const { directory, mark } = place;
    this.name = place.name;
    this.#context = context;
    this.#place = place;
    this.#places = new Places(directory, context.separator);
    this.#renames = new Renames({ ...context, mark, places: this.#places });
    this.#delivery = new Delivery({ ...context, directory, mark });
    this.#relabel = context.labels === undefined
      ? undefined
      : new Relabelling({ ...context, labels: context.labels, directory });
    this.#accessTimes = context.restoreAtime
      ? new AccessTimes(directory)
      : undefined;
  }

  canHold(flag: string): boolean {
    const { labels, letters } = this.#context;
    const label = labelOf(flag);
    if (label === undefined) return letters.canHold(flag);
    return labels !== undefined && !labels.isIgnored(label);
  }

  /**
   * {@inheritDoc Mailbox.observe}
   *
   * The directories' times are taken before they are read, so that what changes
   * meanwhile shows at the next look. What has changed is on the disk when this
   * returns, so that no power cut takes back what is carried over.
   * @throws {MailError} Scope account, `maildir.unmounted`: messages are missing
   *   and the root is not what it was.
   */
  async observe(
    known: Known,
    since: string | undefined,
    signal?: AbortSignal,
  ): Promise<Changes> {
    const { labels: header, root, restoreAtime, now } = this.#context;
    return await this.#guard("read", async () => {
      const looked = now();
      const times = mailboxTimes(this.#place.directory);
      if (times === undefined) throw this.#missing();
      // Restoring access times may hide a change, see AccessTimes.
      const files = header === undefined
        ? undefined
        : await latestChange(this.#place.directory);
      const token = restoreAtime ? undefined : tokenOf(times, looked, files);
      if (token !== undefined && token === since) {
        return noChanges(known.size, token);
      }
      const labels = header && new LabelReader(header, fileTimeOf(since));
      const { complete, fresh, ...scan } = await scanMailbox(known, {
        ...this.#context,
        ...this.#place,
        labels,
        places: this.#places,
        ...(signal === undefined ? {} : { signal }),
      });
      if (root.isDoubtful()) {
        if (scan.gone.length > 0) throw root.unmounted();
        // All that is known is here: it is the right place after all.
        if (known.size > 0) root.mark();
      }
      await this.#settle(scan, fresh, known.size === 0);
      this.#missed = new Map(
        scan.gone.map(({ local, flags }) => [local, flags]),
      );
      const sure = complete && labels?.complete !== false;
      const mark = labels && markToken(LabelReader.markAt(looked));
      return { ...scan, token: sure ? token ?? mark : undefined };
    });
  }

  async confirmAbsent(refs: readonly Ref[]): Promise<ReadonlySet<Ref>> {
    return await this.#guard("read", () =>
      confirmAbsent(refs, {
        directory: this.#place.directory,
        root: this.#context.root,
        lettersOf: (ref) => {
          const flags = this.#missed.get(ref);
          return flags === undefined
            ? undefined
            : this.#context.letters.letters(flags);
        },
      }));
  }

  async *identify(refs: readonly Ref[]): AsyncGenerator<Identity> {
    await this.#guard("read", () => this.#places.prepare(refs));
    for (const ref of refs) {
      try {
        const hidden = this.#context.labels?.names;
        yield await this.#withFile(
          ref,
          (path) => readIdentity(ref, path, hidden),
        );
      } catch {
        // Left out: an unreadable message proves nothing.
      }
    }
  }

  async fetch(
    refs: readonly Ref[],
    consume: (message: Message) => Promise<void>,
    { concurrency, signal }: FetchOptions,
  ): Promise<Failure[]> {
    const failures: Failure[] = [];
    await this.#guard("read", () => this.#places.prepare(refs));
    const gate = new ByteGate(MAX_READ_BYTES);
    const { filtered, labels } = this.#context;
    const hidden = filtered.union(labels?.names ?? NO_FIELDS);
    await forEachConcurrently(refs, {
      concurrency,
      signal: signal ?? new AbortController().signal,
    }, async (ref) => {
      try {
        // At once: it is a call that takes less than handing it on would.
        const { size } = await this.#withFile(
          ref,
          (path) => Promise.resolve(Deno.statSync(path)),
        );
        using _room = await gate.enter(Math.min(size, IN_MEMORY_BYTES));
        await consume(
          await this.#withFile(ref, async (path, { name }) => ({
            ref,
            flags: this.#flagsOf(name, path),
            ...await readContent(path, hidden),
          })),
        );
      } catch (error) {
        failures.push({ ref, error: this.#failure("read", ref, error) });
      }
    });
    return failures;
  }

  async prepareAppend(): Promise<void> {
    this.#mustBeWritable();
    await this.#guard(
      "write to",
      () => Promise.resolve(this.#delivery.probe()),
    );
  }

  async append(message: Message, peer: Ref): Promise<Ref> {
    this.#mustBeWritable();
    return await this.#guard("write to", async () => {
      const { ref } = await this.#delivery.deliver(message, peer);
      return ref;
    });
  }

  async bind(ref: Ref, peer: Ref): Promise<Ref> {
    if (typeof peer !== "number" || typeof ref !== "string") return ref;
    this.#mustBeWritable();
    return await this.#guard("write to", async () => {
      const { ref: bound, changed } = await this.#renames.bind(ref, peer);
      await this.#sync(changed);
      return bound;
    });
  }

  async changeFlags(
    changes: readonly FlagChange[],
  ): Promise<Failure[]> {
    this.#mustBeWritable();
    const failures: Failure[] = [];
    const changed = new Set<Where>();
    await this.#guard("write to", async () => {
      await this.#places.prepare(changes.map(({ ref }) => ref));
      failures.push(...await this.#setLabels(changes, changed));
      const failed = new Set(failures.map(({ ref }) => ref));
      for (const { ref, delta } of changes) {
        if (failed.has(ref)) continue;
        try {
          const directories = await this.#renames.setFlags(ref, delta);
          directories.forEach((where) => changed.add(where));
        } catch (error) {
          failures.push({ ref, error: this.#failure("rename", ref, error) });
        }
      }
      await this.#sync(changed);
    });
    return failures;
  }

  /**
   * {@inheritDoc Mailbox.remove}
   *
   * Files go to the keep place, see `Kept`. All files of a unique name are taken.
   * @throws {MailError} When some could not be removed; the others were.
   */
  async remove(refs: readonly Ref[]): Promise<Removed> {
    this.#mustBeWritable();
    const report = { changed: new Set<Where>(), failures: [] as unknown[] };
    let left = refs;
    await this.#guard("write to", async () => {
      for (let tries = 0; tries < TRIES && left.length > 0; tries++) {
        const { absent, escaped } = await this.#takeOut(left, report);
        // A listing can miss what is renamed meanwhile: one more look at those.
        left = tries === 0 ? [...absent, ...escaped] : escaped;
      }
      await this.#sync(report.changed);
      if (report.failures.length > 0) throw report.failures[0];
    });
    const there = new Set(left);
    return { removed: refs.filter((ref) => !there.has(ref)), marked: [] };
  }

  async move(
    refs: readonly Ref[],
    to: string,
  ): Promise<ReadonlyMap<Ref, Ref>> {
    this.#mustBeWritable();
    const target = this.#context.tree.directory(to);
    const moved = new Map<Ref, Ref>();
    await this.#guard("write to", async () => {
      if (mailboxTimes(target) === undefined) throw missingMailbox(to);
      await this.#places.prepare(refs);
      const changed = new Set<string>();
      for (const ref of refs) {
        try {
          const { ref: there, where } = await this.#renames.moveTo(ref, target);
          moved.set(ref, there);
          changed.add(`${target}/${where}`);
          changed.add(`${this.#place.directory}/${where}`);
        } catch (error) {
          // A missing one is simply not among the moved.
          if (!(error instanceof MailError)) throw error;
        }
      }
      const { durability } = this.#context;
      await Promise.all([...changed].map((path) => durability.directory(path)));
    });
    return moved;
  }

  /** Nothing is left to wait for: every method returns when its work is durable. */
  async flush(): Promise<void> {}

  /** Puts access times back if `restoreatime` asks for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { step } = this.#context;
    await this.#guard("read", () => this.#accessTimes?.restore(step));
  }

  /** Brings what a scan found to the disk; see {@link settle}. */
  async #settle(
    { arrived, reflagged, gone }: Omit<Scan, "complete" | "fresh">,
    fresh: readonly Ref[],
    isNew: boolean,
  ): Promise<void> {
    if (arrived.length + reflagged.length + gone.length === 0) return;
    const { durability, root } = this.#context;
    await settle({
      directory: this.#place.directory,
      root: root.path,
      fresh,
      isNew,
      durability,
      withFile: (ref, work) => this.#withFile(ref, work),
    });
  }

  /**
   * Takes files out of the mailbox.
   * @returns Messages that have no file, and those whose file was renamed before
   *   it could be taken.
   */
  async #takeOut(
    refs: readonly Ref[],
    { changed, failures }: { changed: Set<Where>; failures: unknown[] },
  ): Promise<{ absent: Ref[]; escaped: Ref[] }> {
    const found = await Promise.all(
      refs.map(async (ref) => [ref, await this.#places.findAll(ref)] as const),
    );
    const absent: Ref[] = [];
    const escaped: Ref[] = [];
    const options = {
      concurrency: AT_ONCE,
      signal: new AbortController().signal,
    };
    await forEachConcurrently(found, options, async ([ref, all]) => {
      this.#places.forget(ref);
      if (all.length === 0) absent.push(ref);
      for (const place of all) {
        try {
          const path = this.#places.path(place);
          await this.#context.kept.take(path, this.#place.path);
          changed.add(place.where);
        } catch (error) {
          if (isAbsent(error)) escaped.push(ref);
          else failures.push(error);
        }
      }
    });
    return { absent, escaped };
  }

  /** Works on a message's file, which other programs may rename meanwhile. */
  async #withFile<Result>(
    ref: Ref,
    work: (path: string, place: Place) => Promise<Result>,
  ): Promise<Result> {
    let place = await this.#places.find(ref);
    for (let tries = 0; place !== undefined && tries < TRIES; tries++) {
      try {
        return await work(this.#places.path(place), place);
      } catch (error) {
        if (!isAbsent(error)) throw error;
        place = await this.#places.findAgain(ref);
      }
    }
    throw vanished(ref);
  }

  #flagsOf(fileName: string, path: string): Flags {
    const { labels, letters, separator } = this.#context;
    const flags = letters.flags(parseFileName(fileName, separator).letters);
    if (labels === undefined) return flags;
    const reader = new LabelReader(labels, undefined);
    return unionFlags(flags, reader.read(path, undefined));
  }

  /** Writes labels into files. @returns Those that failed. */
  async #setLabels(
    changes: readonly FlagChange[],
    changed: Set<Where>,
  ): Promise<Failure[]> {
    const failures: Failure[] = [];
    await this.#relabel?.all(changes, async (ref, write) => {
      try {
        await this.#withFile(ref, async (path, { where }) => {
          if (await write(path)) changed.add(where);
        });
      } catch (error) {
        failures.push({ ref, error: this.#failure("relabel", ref, error) });
      }
    });
    return failures;
  }

  async #sync(changed: Iterable<Where>): Promise<void> {
    const { durability } = this.#context;
    await Promise.all(
      [...changed].map((where) =>
        durability.directory(`${this.#place.directory}/${where}`)
      ),
    );
  }

  #missing(): MailError {
    const { root } = this.#context;
    return root.isDoubtful() ? root.unmounted() : missingMailbox(this.name);
  }

  #mustBeWritable(): void {
    if (!this.#place.readOnly) return;
    throw new MailError(`Folder "${this.name}" was opened for reading only`, {
      code: "maildir.readonly",
      scope: "mailbox",
      retry: "never",
    });
  }

  #failure(verb: string, ref: Ref, cause: unknown): Error {
    const action = `Cannot ${verb} message "${ref}" of "${this.name}"`;
    const error = fileError(action, cause, "message");
    return error instanceof Error ? error : new Error(String(error));
  }

  async #guard<Result>(
    verb: string,
    work: () => Promise<Result> | Result,
  ): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw fileError(`Cannot ${verb} folder "${this.name}"`, error, "mailbox");
    }
  }
}

/** A mailbox that is not there. */
export function missingMailbox(name: string): MailError {
  return new MailError(`Folder "${name}" does not exist in the Maildir`, {
    code: "maildir.missing",
    scope: "mailbox",
    retry: "later",
  });
}

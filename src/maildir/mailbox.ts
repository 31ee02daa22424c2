/** One Maildir folder as the engine sees it. */
import { MailError } from "../errors.ts";
import type { DebugLog } from "../events.ts";
import type {
  Failure,
  FetchOptions,
  FlagChange,
  Mailbox,
  Message,
  Removed,
} from "../sync/ports.ts";
import type { Known } from "../sync/status.ts";
import type { Changes, Flags, Identity, Ref } from "../sync/types.ts";
import { ByteGate, forEachConcurrently } from "../sync/pool.ts";
import { unionFlags } from "../sync/flags.ts";
import { labelOf } from "../sync/labels.ts";
import { AccessTimes } from "./access_time.ts";
import type { MailboxPlace, StoreContext } from "./context.ts";
import { Delivery } from "./delivery.ts";
import { mailboxTimes } from "./directory_time.ts";
import { parseFileName } from "./filename.ts";
import { LabelReader } from "./label_reader.ts";
import { Observation } from "./observation.ts";
import { fileError } from "./file_error.ts";
import { Places, type Where } from "./places.ts";
import { IN_MEMORY_BYTES, readContent, readIdentity } from "./reader.ts";
import { Relabelling } from "./relabel.ts";
import { removeMessages } from "./removal.ts";
import { Renames } from "./renames.ts";

/** What a Maildir has for UIDVALIDITY, as OfflineIMAP has it. */
const MAILDIR_VALIDITY = 42;

const NO_FIELDS: ReadonlySet<string> = new Set();

/** Bytes of messages in memory that wait to be taken. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

/** A mailbox in a Maildir tree. Its refs are unique names. */
export class MaildirMailbox implements Mailbox {
  readonly name: string;
  readonly validity = MAILDIR_VALIDITY;
  readonly nextRef = undefined;
  readonly readOnly = false;
  readonly #context: StoreContext;
  readonly #place: MailboxPlace;
  readonly #places: Places;
  readonly #observation: Observation;
  readonly #renames: Renames;
  readonly #delivery: Delivery;
  readonly #relabel: Relabelling | undefined;
  readonly #accessTimes: AccessTimes | undefined;

  /** @throws What the system says if the directories cannot be looked at. */
  constructor(place: MailboxPlace, shared: StoreContext) {
    const { directory, mark } = place;
    const context = { ...shared, log: logOf(place, shared) };
    this.name = place.name;
    this.#context = context;
    this.#place = place;
    this.#places = new Places(directory, context.separator);
    this.#observation = new Observation(place, {
      context,
      places: this.#places,
      missing: () => this.#missing(),
    });
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

  /** {@inheritDoc Mailbox.observe} See {@link Observation.observe}. */
  async observe(
    known: Known,
    since: string | undefined,
    signal?: AbortSignal,
  ): Promise<Changes> {
    return await this.#guard(
      "read",
      () => this.#observation.observe(known, since, signal),
    );
  }

  async confirmAbsent(refs: readonly Ref[]): Promise<ReadonlySet<Ref>> {
    return await this.#guard(
      "read",
      () => this.#observation.confirmAbsent(refs),
    );
  }

  async *identify(refs: readonly Ref[]): AsyncGenerator<Identity> {
    await this.#guard("read", () => this.#places.prepare(refs));
    for (const ref of refs) {
      try {
        const hidden = this.#context.labels?.names;
        yield await this.#places.use(
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
        const { size } = await this.#places.use(
          ref,
          (path) => Promise.resolve(Deno.statSync(path)),
        );
        using _room = await gate.enter(Math.min(size, IN_MEMORY_BYTES));
        await consume(
          await this.#places.use(ref, async (path, { name }) => ({
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
   * See {@link removeMessages}.
   * @throws {MailError} When some could not be removed; the others were.
   */
  async remove(refs: readonly Ref[]): Promise<Removed> {
    this.#mustBeWritable();
    let left: ReadonlySet<Ref> = new Set();
    await this.#guard("write to", async () => {
      const removal = await removeMessages(refs, {
        kept: this.#context.kept,
        log: this.#context.log,
        place: this.#place,
        places: this.#places,
      });
      left = removal.left;
      await this.#sync(removal.changed);
      if (removal.failures.length > 0) throw removal.failures[0];
    });
    return { removed: refs.filter((ref) => !left.has(ref)), marked: [] };
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
        await this.#places.use(ref, async (path, { where }) => {
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

function logOf(
  { name }: MailboxPlace,
  { log }: StoreContext,
): DebugLog | undefined {
  return log && ((text) => log(`Folder "${name}": ${text}`));
}

/** A mailbox that is not there. */
export function missingMailbox(name: string): MailError {
  return new MailError(`Folder "${name}" does not exist in the Maildir`, {
    code: "maildir.missing",
    scope: "mailbox",
    retry: "later",
  });
}

/** What a mailbox holds against what is known of it, and the proof of absence. */
import type { MailError } from "../errors.ts";
import type { Known } from "../sync/status.ts";
import {
  type Changes,
  type Flags,
  noChanges,
  type Ref,
} from "../sync/types.ts";
import { confirmAbsent } from "./absence.ts";
import type { MailboxPlace, StoreContext } from "./context.ts";
import {
  fileTimeOf,
  mailboxTimes,
  markToken,
  tokenOf,
} from "./directory_time.ts";
import { LabelReader, latestChange } from "./label_reader.ts";
import type { Places } from "./places.ts";
import { type Scan, scanMailbox } from "./scan.ts";
import { settle } from "./settle.ts";

/** Looks at one mailbox. */
export class Observation {
  readonly #context: StoreContext;
  readonly #place: MailboxPlace;
  readonly #places: Places;
  readonly #missing: () => MailError;
  /** Flags of messages that were not seen, to look for them by name. */
  #missed: ReadonlyMap<Ref, Flags> = new Map();

  /** @param missing What is wrong when the mailbox is not there. */
  constructor(
    place: MailboxPlace,
    { context, places, missing }: {
      readonly context: StoreContext;
      readonly places: Places;
      readonly missing: () => MailError;
    },
  ) {
    this.#context = context;
    this.#place = place;
    this.#places = places;
    this.#missing = missing;
  }

  /**
   * The directories' times are taken before they are read, so that what changes
   * meanwhile shows at the next look. What has changed is on the disk when this
   * returns, so that no power cut takes back what is carried over.
   * @throws {MailError} Scope account, `maildir.unmounted`: messages are missing
   *   and the root is not what it was. Else what the system says.
   */
  async observe(
    known: Known,
    since: string | undefined,
    signal?: AbortSignal,
  ): Promise<Changes> {
    const { labels: header, root, restoreAtime, now } = this.#context;
    const { directory } = this.#place;
    const looked = now();
    const times = mailboxTimes(directory);
    if (times === undefined) throw this.#missing();
    // Restoring access times may hide a change, see AccessTimes.
    const files = header === undefined
      ? undefined
      : await latestChange(directory);
    const token = restoreAtime ? undefined : tokenOf(times, looked, files);
    if (token !== undefined && token === since) {
      this.#context.log?.("not read, since new/ and cur/ have not changed");
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
    this.#tell(scan);
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
  }

  /**
   * Which of `refs` are truly not there; see {@link confirmAbsent}.
   * @throws What the system says.
   */
  async confirmAbsent(refs: readonly Ref[]): Promise<ReadonlySet<Ref>> {
    const { letters, root } = this.#context;
    return await confirmAbsent(refs, {
      directory: this.#place.directory,
      root,
      lettersOf: (ref) => {
        const flags = this.#missed.get(ref);
        return flags === undefined ? undefined : letters.letters(flags);
      },
    });
  }

  /** What a scan found, message by message (`-d maildir`). */
  #tell({ arrived, reflagged, gone, total }: Omit<Scan, "complete" | "fresh">) {
    const { log } = this.#context;
    if (log === undefined) return;
    log(
      `read, ${total} messages: ${arrived.length} new, ${gone.length} gone, ` +
        `${reflagged.length} with other flags`,
    );
    for (const { ref, flags } of arrived) log(`new: ${ref} (${flags})`);
    for (const { remote, local, flags } of gone) {
      log(`gone: message ${remote}, ${local} (${flags})`);
    }
    for (const { pair, flags } of reflagged) {
      log(
        `other flags: message ${pair.remote}, ${pair.local} (${pair.flags}) is ` +
          `(${flags}) now`,
      );
    }
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
      withFile: (ref, work) => this.#places.use(ref, work),
    });
  }
}

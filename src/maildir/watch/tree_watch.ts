/** Hears of changes in a tree of Maildirs, on whatever file system it lies. */
import { join } from "node:path";
import type { Clock } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import {
  foldingOf,
  foldName,
  mailboxPath,
  type NameOptions,
} from "../mailbox_name.ts";
import { FileEvents } from "./file_events.ts";
import type { PlaceOf } from "./place_of.ts";
import { DirectoryPoll, type Moved } from "./poll.ts";

/** What a {@link TreeWatch} works by. */
export interface TreeWatchOptions extends NameOptions {
  /** `localfolders`, absolute. */
  readonly root: string;
  readonly clock: Clock;
  /** The mailboxes that are synchronised, as of now. */
  readonly mailboxes: () => Iterable<string>;
  /** A mailbox changed, or perhaps did; undefined: any of them. */
  readonly onChange: (mailbox: string | undefined, doubtful: boolean) => void;
  /** Tells people, once. */
  readonly warn: (text: string) => void;
  /** Opens the system's events. @default {@link FileEvents} */
  readonly listen?: (
    onChange: (place: PlaceOf | undefined) => void,
    onEnd: (error: unknown) => void,
  ) => Disposable;
}

/** While the system tells of changes, looking only checks whether it does. */
const CHECK_MS = 30_000;
/** Without the system's help this is how soon a change is seen. */
const FAST_MS = 500;
/** An event may come so long after the change that it is about. */
const LATE_MS = 2_000;
/** Looking may take this share of the time at the most. */
const SHARE = 50;

/**
 * Tells of changed mailboxes by the system's events, and looks at the times of
 * their directories as well: now and then to see whether the system tells of
 * everything, which it does not where another machine writes (NFS, SMB), behind
 * symbolic links and on some containers' mounts; every half second once it was
 * seen to miss something, or where it cannot tell at all.
 */
export class TreeWatch implements Disposable {
  readonly #options: TreeWatchOptions;
  readonly #poll: DirectoryPoll;
  /** When the system last told of a mailbox, on the monotonic clock. */
  readonly #toldAt = new Map<string, number>();
  /** Mailboxes by the names of their directories, until the next look. */
  readonly #spellings = new Map<string, string>();
  #events: Disposable | undefined;
  #fast = false;
  #lookedAt = -Infinity;
  #cancel = () => {};
  #cancelSuspicion = () => {};
  #stopped = false;

  constructor(options: TreeWatchOptions) {
    this.#options = options;
    const { root, separator, platform } = options;
    this.#poll = new DirectoryPoll((mailbox) =>
      join(root, ...mailboxPath(mailbox, { separator, platform }))
    );
    this.#listen();
    if (!this.#fast) this.#look();
  }

  /** Whether it looks every half second, since the system is no help. */
  get isPolling(): boolean {
    return this.#fast;
  }

  [Symbol.dispose](): void {
    this.#stopped = true;
    this.#cancel();
    this.#cancelSuspicion();
    this.#events?.[Symbol.dispose]();
  }

  #listen(): void {
    const { root, separator, platform } = this.#options;
    const listen = this.#options.listen ??
      ((onChange, onEnd) =>
        new FileEvents({
          root,
          separator,
          platform,
          onChange,
          onEnd,
        }));
    const giveUp = (error: unknown) => {
      this.#events?.[Symbol.dispose]();
      this.#events = undefined;
      this.#goFast(
        `The system does not tell of changes in "${root}" ` +
          `(${messageOf(error)}); it is looked at every half second instead`,
      );
    };
    try {
      this.#events = listen((place) => this.#onEvent(place), giveUp);
    } catch (error) {
      giveUp(error);
    }
  }

  #onEvent(place: PlaceOf | undefined): void {
    const { onChange, clock } = this.#options;
    if (this.#stopped) return;
    if (place?.kind === "message") {
      const mailbox = this.#spelled(place.mailbox);
      this.#toldAt.set(mailbox, clock.now());
      onChange(mailbox, false);
    } else {
      onChange(undefined, false);
    }
  }

  /** A mailbox by the name it has here; a directory may be spelled otherwise. */
  #spelled(name: string): string {
    const folding = foldingOf(this.#options.platform);
    if (!folding.letterCase && !folding.normalization) return name;
    let spelled = this.#spellings.get(name);
    if (spelled === undefined) {
      const all = [...this.#options.mailboxes()];
      const key = foldName(name, folding);
      spelled = all.includes(name)
        ? name
        : all.find((other) => foldName(other, folding) === key) ?? name;
      this.#spellings.set(name, spelled);
    }
    return spelled;
  }

  #look(): void {
    this.#spellings.clear();
    const { clock, mailboxes, onChange } = this.#options;
    if (this.#stopped) return;
    const start = clock.now();
    const since = this.#lookedAt - LATE_MS;
    const untold = this.#poll.look(mailboxes(), clock.wall())
      .filter(({ mailbox }) => !this.#wasTold(mailbox, since));
    this.#lookedAt = start;
    if (this.#fast) {
      for (const { mailbox, doubtful } of untold) onChange(mailbox, doubtful);
    } else this.#suspect(untold, since);
    // A large tree on a slow disk is looked at less often.
    const tookMs = clock.now() - start;
    const pause = this.#fast ? Math.max(FAST_MS, tookMs * SHARE) : CHECK_MS;
    this.#cancel = clock.after(pause, () => this.#look());
  }

  /** An event may still be on its way; if it is not, the system missed it. */
  #suspect(untold: readonly Moved[], since: number): void {
    const moved = untold.filter(({ doubtful }) => !doubtful);
    if (moved.length === 0) return;
    const { clock, onChange, root } = this.#options;
    this.#cancelSuspicion();
    this.#cancelSuspicion = clock.after(LATE_MS, () => {
      const missed = moved.filter((m) => !this.#wasTold(m.mailbox, since));
      if (missed.length === 0) return;
      for (const { mailbox } of missed) onChange(mailbox, false);
      this.#goFast(
        `The system does not tell of every change in "${root}", as on ` +
          "network file systems; it is looked at every half second as well",
      );
    });
  }

  #wasTold(mailbox: string, since: number): boolean {
    return (this.#toldAt.get(mailbox) ?? -Infinity) >= since;
  }

  #goFast(text: string): void {
    if (this.#fast || this.#stopped) return;
    this.#fast = true;
    this.#options.warn(text);
    this.#cancel();
    this.#look();
  }
}

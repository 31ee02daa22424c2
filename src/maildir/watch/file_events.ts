/** The system's own way to tell of changes in a tree of directories. */
import type { NameOptions } from "../mailbox_name.ts";
import { type PlaceOf, placeOf } from "./place_of.ts";

/** What a {@link FileEvents} works by. */
export interface FileEventsOptions extends NameOptions {
  /** The root of the Maildirs, absolute. */
  readonly root: string;
  /** Something changed there; undefined: events were lost. */
  readonly onChange: (place: PlaceOf | undefined) => void;
  /** It is over, by an error. */
  readonly onEnd: (error: unknown) => void;
}

/** Events that only tell that somebody read. */
const READING: ReadonlySet<string> = new Set(["access"]);

/** Listens to a tree (inotify, FSEvents, ReadDirectoryChangesW). */
export class FileEvents implements Disposable {
  readonly #watcher: Deno.FsWatcher;
  #closed = false;

  /** @throws When the system cannot watch it: no such root, no watches left. */
  constructor(options: FileEventsOptions) {
    // Events bear the true path, macOS resolves links in them.
    const root = Deno.realPathSync(options.root);
    this.#watcher = Deno.watchFs(root, { recursive: true });
    void this.#read(root, options);
  }

  async #read(root: string, options: FileEventsOptions): Promise<void> {
    const { onChange, onEnd } = options;
    try {
      for await (const event of this.#watcher) {
        if (event.flag === "rescan") onChange(undefined);
        if (READING.has(event.kind)) continue;
        for (const path of event.paths) {
          const place = placeOf(path, root, options);
          if (place.kind === "directory" && !isDirectoryNews(event, path)) {
            continue;
          }
          if (place.kind !== "other") onChange(place);
        }
      }
      if (!this.#closed) onEnd(new Error("The system stopped telling"));
    } catch (error) {
      if (!this.#closed) onEnd(error);
    }
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watcher.close();
  }
}

/** A directory came or went; not a file that something else keeps there. */
function isDirectoryNews({ kind }: Deno.FsEvent, path: string): boolean {
  if (kind === "modify" || kind === "any" || kind === "other") return false;
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    // Gone. What is kept beside Maildirs goes and comes, too; a mailbox that
    // went is found by the next full sync.
    return false;
  }
}

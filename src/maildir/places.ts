/** Where a mailbox's files are now: listing directories, finding files again. */
import { MailError } from "../errors.ts";
import type { Ref } from "../sync/types.ts";
import { Coalesced } from "./coalesce.ts";
import { type InfoSeparator, parseFileName } from "./filename.ts";
import { isAbsent } from "../os_error.ts";

/** How often a file is looked for that another program renames meanwhile. */
export const TRIES = 5;

/** The directories that hold messages. */
export type Where = "new" | "cur";

/** A file of a mailbox. */
export interface Place {
  readonly where: Where;
  /** Its file name. */
  readonly name: string;
}

/**
 * Hands the names of all files in a directory to `visit`, in no order. Files
 * whose names begin with a dot and directories are left out.
 *
 * Read entry by entry, so that a million names take no memory. Not with
 * `readDirSync`: when the disk fails half-way that ends without an error (Deno
 * 2.9.6), and a short listing looks like deleted mail.
 * @throws What the system says if the directory cannot be read to its end.
 */
export async function forEachFile(
  directory: string,
  visit: (name: string) => void,
): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    if (!isDirectory && !name.startsWith(".")) visit(name);
  }
}

/**
 * Of files that share a unique name, the one that counts: in `cur/`, as a
 * message only moves from `new/` on, then the last by name.
 */
export function preferred(a: Place, b: Place): Place {
  if (a.where !== b.where) return a.where === "cur" ? a : b;
  return a.name > b.name ? a : b;
}

/** A message that is no longer there. */
export function vanished(ref: Ref): MailError {
  return new MailError(`Message "${ref}" is no longer in its folder`, {
    code: "maildir.vanished",
    scope: "message",
    retry: "later",
  });
}

/**
 * Finds files by their unique names. Other programs rename them at any time, so
 * what is remembered is tried first, and a fresh listing decides.
 */
export class Places {
  readonly #directory: string;
  readonly #separator: InfoSeparator;
  readonly #remembered = new Map<Ref, Place>();
  readonly #listing: Coalesced<Ref, readonly Place[]>;

  /** @param directory The mailbox's, absolute. */
  constructor(directory: string, separator: InfoSeparator) {
    this.#directory = directory;
    this.#separator = separator;
    this.#listing = new Coalesced((refs) => this.#list(refs));
  }

  /** The path of a file. */
  path({ where, name }: Place): string {
    return `${this.#directory}/${where}/${name}`;
  }

  /** Notes where a file was seen or put. */
  remember(ref: Ref, place: Place): void {
    this.#remembered.set(ref, place);
  }

  forget(ref: Ref): void {
    this.#remembered.delete(ref);
  }

  /** Where a file was last seen, or where a listing finds it. */
  async find(ref: Ref): Promise<Place | undefined> {
    return this.#remembered.get(ref) ?? await this.findAgain(ref);
  }

  /** Finds all of `refs` that are not remembered, with one listing. */
  async prepare(refs: readonly Ref[]): Promise<void> {
    const missing = refs.filter((ref) => !this.#remembered.has(ref));
    await Promise.all(missing.map((ref) => this.findAgain(ref)));
  }

  /** Where a file is by a fresh listing. */
  async findAgain(ref: Ref): Promise<Place | undefined> {
    const all = await this.#listing.request(ref);
    const place = all?.reduce(preferred);
    if (place === undefined) this.forget(ref);
    else this.remember(ref, place);
    return place;
  }

  /** All files of that unique name by a fresh listing; mostly one or none. */
  async findAll(ref: Ref): Promise<readonly Place[]> {
    return await this.#listing.request(ref) ?? [];
  }

  /**
   * Works on a message's file, which other programs may rename meanwhile.
   * @throws {MailError} Scope message: it is gone. Else what `work` throws.
   */
  async use<Result>(
    ref: Ref,
    work: (path: string, place: Place) => Promise<Result>,
  ): Promise<Result> {
    let place = await this.find(ref);
    for (let tries = 0; place !== undefined && tries < TRIES; tries++) {
      try {
        return await work(this.path(place), place);
      } catch (error) {
        if (!isAbsent(error)) throw error;
        place = await this.findAgain(ref);
      }
    }
    throw vanished(ref);
  }

  async #list(
    refs: ReadonlySet<Ref>,
  ): Promise<ReadonlyMap<Ref, readonly Place[]>> {
    const found = new Map<Ref, Place[]>();
    // In this order, since files move from new/ to cur/.
    for (const where of ["new", "cur"] as const) {
      await forEachFile(`${this.#directory}/${where}`, (name) => {
        const { unique } = parseFileName(name, this.#separator);
        if (!refs.has(unique)) return;
        const places = found.get(unique);
        if (places === undefined) found.set(unique, [{ where, name }]);
        else places.push({ where, name });
      });
    }
    return found;
  }
}

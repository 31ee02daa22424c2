/** The root directory of a Maildir tree, and the proof that it is really there. */
import { join } from "node:path";
import type { Step } from "../effects.ts";
import { MailError } from "../errors.ts";
import type { Durability } from "./durability.ts";
import { exists } from "./exists.ts";
import { makeDirectories } from "./make_directories.ts";
import { MARKER } from "./layout.ts";
import { type Folding, foldingOf, type Platform } from "./mailbox_name.ts";
import { osCode } from "../os_error.ts";
import { fileError } from "./file_error.ts";

/** What a root needs to know. */
export interface RootOptions {
  /** `localfolders`, absolute. */
  readonly path: string;
  readonly platform: Platform;
  /**
   * An earlier run of this program left a status that knows messages here. A
   * root without its marker file is then taken for a disk that is not mounted.
   */
  readonly expected: boolean;
  /** Nothing may be written. */
  readonly dryRun: boolean;
  /** Makes the root where this thread may not. @default it does it itself */
  readonly make?: (() => Promise<void>) | undefined;
  readonly durability: Durability;
  readonly step: Step;
}

const MARKER_TEXT =
  `This file shows offlineimap that the disk with your mail is mounted.
While it is missing, messages that are not found are not taken for deleted.
`;

/**
 * Guards a root directory: an empty mount point looks like a Maildir from which
 * everything was deleted, except that it lacks the marker file.
 */
export class Root {
  readonly path: string;
  readonly #options: RootOptions;
  #beginning: Promise<void> | undefined;
  #wasMarked = false;

  constructor(options: RootOptions) {
    this.path = options.path;
    this.#options = options;
  }

  /**
   * Makes sure, once, that the root exists, and marks it if nothing speaks
   * against it. Both are durable then.
   * @throws {MailError} Scope account: it is missing though mail is expected.
   */
  begin(): Promise<void> {
    return this.#beginning ??= this.#begin().catch((error) => {
      this.#beginning = undefined;
      throw error;
    });
  }

  async #begin(): Promise<void> {
    const { expected, dryRun, make } = this.#options;
    if (!exists(this.path)) {
      if (expected) throw this.unmounted();
      if (dryRun) return;
      try {
        if (make === undefined) this.#make();
        else await make();
      } catch (error) {
        throw fileError(`Cannot create "${this.path}"`, error, "account");
      }
    }
    if (!expected) this.mark();
  }

  #make(): void {
    const { durability, step } = this.#options;
    makeDirectories(this.path, step)
      .forEach((parent) => durability.directoryNow(parent));
  }

  /** Whether the marker file is there now. */
  isMarked(): boolean {
    const marked = exists(join(this.path, MARKER));
    this.#wasMarked ||= marked;
    return marked;
  }

  /** Whether mail is expected here and nothing shows that this is its place. */
  isDoubtful(): boolean {
    return !this.isMarked() && (this.#options.expected || this.#wasMarked);
  }

  /** Writes the marker file unless it is there. */
  mark(): void {
    if (this.#options.dryRun || this.isMarked()) return;
    this.#options.step("file", "create");
    try {
      Deno.writeTextFileSync(join(this.path, MARKER), MARKER_TEXT);
      // Its name alone counts, and must be there as long as what is known.
      this.#options.durability.directoryNow(this.path);
      this.#wasMarked = true;
    } catch (error) {
      // A root that cannot be written works; only deletions will not be believed.
      if (!["EACCES", "EPERM", "EROFS"].includes(osCode(error) ?? "")) {
        throw fileError(`Cannot write to "${this.path}"`, error, "account");
      }
    }
  }

  /**
   * What the file system under the root cannot tell apart; while the root is not
   * marked, what is usual on the platform.
   */
  folding(): Folding {
    const usual = foldingOf(this.#options.platform);
    if (!this.isMarked()) return usual;
    // The marker's name in capitals finds it only where case does not count.
    const letterCase = exists(join(this.path, MARKER.toUpperCase()));
    return { ...usual, letterCase };
  }

  /** The error that stops everything that could look like a deletion. */
  unmounted(): MailError {
    return new MailError(
      `The Maildir "${this.path}" does not look like it did: messages are ` +
        `missing and so is the file ${MARKER}`,
      {
        code: "maildir.unmounted",
        scope: "account",
        retry: "later",
        hint: "Mount the disk that holds the mail. If the messages were " +
          `deleted on purpose, create an empty file ` +
          `"${join(this.path, MARKER)}" and run again`,
      },
    );
  }
}

/** The flag letters of OfflineIMAP's status. */
import { flagsOf } from "../../sync/flags.ts";
import type { Flags } from "../../sync/types.ts";

const SYSTEM: ReadonlyMap<string, string> = new Map([
  ["D", "\\Draft"],
  ["F", "\\Flagged"],
  ["R", "\\Answered"],
  ["S", "\\Seen"],
  ["T", "\\Deleted"],
]);

/** Turns letters into flags. Keeps what it made: a mailbox has few sets. */
export class FlagLetters {
  readonly #custom: ReadonlyMap<string, string>;
  readonly #made = new Map<string, Flags>();

  /** @param custom Keywords by lower-case letter (`customflag_a` …). */
  constructor(custom: ReadonlyMap<string, string>) {
    this.#custom = custom;
  }

  /**
   * The set that `letters` stand for. A letter without a meaning, such as `P` or
   * one that is no longer configured, was never on the server and is left out.
   */
  read(letters: string): Flags {
    let flags = this.#made.get(letters);
    if (flags === undefined) {
      flags = flagsOf(
        [...letters].map((letter) =>
          SYSTEM.get(letter) ?? this.#custom.get(letter) ?? ""
        ),
      );
      this.#made.set(letters, flags);
    }
    return flags;
  }
}

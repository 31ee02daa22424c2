/** The flag letters of OfflineIMAP's status. */
import { flagList, flagsOf } from "../../sync/flags.ts";
import type { Flags } from "../../sync/types.ts";

const SYSTEM: ReadonlyMap<string, string> = new Map([
  ["D", "\\Draft"],
  ["F", "\\Flagged"],
  ["R", "\\Answered"],
  ["S", "\\Seen"],
  ["T", "\\Deleted"],
]);

/** Letters to flags and back. Keeps what it made: a mailbox has few sets. */
export class FlagLetters {
  readonly #custom: ReadonlyMap<string, string>;
  readonly #made = new Map<string, Flags>();
  readonly #letterOf: ReadonlyMap<string, string>;
  readonly #written = new Map<Flags, string>();

  /** @param custom Keywords by lower-case letter (`customflag_a` …). */
  constructor(custom: ReadonlyMap<string, string>) {
    this.#custom = custom;
    this.#letterOf = new Map(
      [...SYSTEM, ...custom].map(([letter, flag]) => [flag, letter]),
    );
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

  /** The letters of a set, sorted by code point; what has none is left out. */
  write(flags: Flags): string {
    let letters = this.#written.get(flags);
    if (letters === undefined) {
      letters = flagList(flags)
        .flatMap((flag) => this.#letterOf.get(flag) ?? []).sort().join("");
      this.#written.set(flags, letters);
    }
    return letters;
  }

  /** Whether a flag has a letter. */
  canHold(flag: string): boolean {
    return this.#letterOf.has(flag);
  }
}

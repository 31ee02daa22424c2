/** The flag letters and labels of OfflineIMAP's status. */
import { flagList, flagsOf } from "../../sync/flags.ts";
import { isLabel, labelsIn, withLabels } from "../../sync/labels.ts";
import type { Flags } from "../../sync/types.ts";

const SYSTEM: ReadonlyMap<string, string> = new Map([
  ["D", "\\Draft"],
  ["F", "\\Flagged"],
  ["R", "\\Answered"],
  ["S", "\\Seen"],
  ["T", "\\Deleted"],
]);

/** How the status spells labels. */
export interface LabelTexts {
  /** The label that a text stands for; undefined: it is not synchronised. */
  readonly read: (text: string) => string | undefined;
  readonly write: (label: string) => string;
}

/** Letters to flags and back. Keeps what it made: a mailbox has few sets. */
export class FlagLetters {
  readonly #custom: ReadonlyMap<string, string>;
  readonly #labels: LabelTexts | undefined;
  readonly #made = new Map<string, Flags>();
  readonly #letterOf: ReadonlyMap<string, string>;
  readonly #written = new Map<Flags, string>();

  /**
   * @param custom Keywords by lower-case letter (`customflag_a` …).
   * @param labels How labels are spelled. @default they are left out
   */
  constructor(custom: ReadonlyMap<string, string>, labels?: LabelTexts) {
    this.#custom = custom;
    this.#letterOf = new Map(
      [...SYSTEM, ...custom].map(([letter, flag]) => [flag, letter]),
    );
    this.#labels = labels;
  }

  /**
   * The set that `letters` stand for. A letter without a meaning, such as `P` or
   * one that is no longer configured, was never on the server and is left out.
   * @param labels Joined by `, `, as OfflineIMAP writes them: it reads them back at
   *   every comma, those within labels too.
   */
  read(letters: string, labels = ""): Flags {
    const key = `${letters}|${labels}`;
    let flags = this.#made.get(key);
    if (flags === undefined) {
      flags = withLabels(
        flagsOf(
          [...letters].map((letter) =>
            SYSTEM.get(letter) ?? this.#custom.get(letter) ?? ""
          ),
        ),
        labels.split(", ").map((text) => text.trim())
          .flatMap((text) => text === "" ? [] : this.#labels?.read(text) ?? []),
      );
      this.#made.set(key, flags);
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

  /** The labels of a set; undefined where labels are no matter of the status. */
  writeLabels(flags: Flags): string | undefined {
    const labels = this.#labels;
    if (labels === undefined) return undefined;
    return labelsIn(flags).map(labels.write).sort().join(", ");
  }

  /** Whether a flag has a letter, or a label its place. */
  canHold(flag: string): boolean {
    return isLabel(flag)
      ? this.#labels !== undefined
      : this.#letterOf.has(flag);
  }
}

/** Flag letters of Maildir names and the IMAP flags and keywords they stand for. */
import type { Flags } from "../sync/types.ts";
import { type FlagDelta, flagList, flagsOf } from "../sync/flags.ts";

const SYSTEM: readonly (readonly [letter: string, flag: string])[] = [
  ["D", "\\Draft"],
  ["F", "\\Flagged"],
  ["R", "\\Answered"],
  ["S", "\\Seen"],
  ["T", "\\Deleted"],
];

/** Letter combinations remembered; a mailbox rarely has more than thirty. */
const MEMORY = 4096;

/** Whether letters say that the message was read: it then lives in `cur/`. */
export function isSeen(letters: string): boolean {
  return letters.includes("S");
}

/**
 * Translates both ways. Letters without a meaning on IMAP (`P`, letters without
 * `customflag_*`, digits) are never reported and never touched.
 */
export class FlagLetters {
  readonly #flagOf = new Map<string, string>();
  readonly #letterOf = new Map<string, string>();
  readonly #memory = new Map<string, Flags>();
  readonly #letters = new Map<Flags, string>();

  /** @param keywords IMAP keyword by letter `a` to `z` (`customflag_a` …). */
  constructor(keywords: ReadonlyMap<string, string> = new Map()) {
    for (const [letter, flag] of [...SYSTEM, ...keywords]) {
      this.#flagOf.set(letter, flag);
      this.#letterOf.set(flag, letter);
    }
  }

  /** Whether a flag or keyword has a letter. */
  canHold(flag: string): boolean {
    return this.#letterOf.has(flag);
  }

  /** The flags that `letters` stand for. */
  flags(letters: string): Flags {
    const known = this.#memory.get(letters);
    if (known !== undefined) return known;
    const flags = flagsOf(
      [...letters].flatMap((letter) => this.#flagOf.get(letter) ?? []),
    );
    remember(this.#memory, letters, flags);
    return flags;
  }

  /** The letters of `flags`, sorted; flags without a letter are left out. */
  letters(flags: Flags): string {
    const known = this.#letters.get(flags);
    if (known !== undefined) return known;
    const letters = flagList(flags)
      .flatMap((flag) => this.#letterOf.get(flag) ?? []).sort().join("");
    remember(this.#letters, flags, letters);
    return letters;
  }

  /**
   * `letters` after a change of flags: sorted by code point, without doubles.
   * The very same text if nothing changes, whatever its order.
   */
  apply(letters: string, delta: FlagDelta): string {
    const set = new Set(letters);
    let changed = false;
    const remove = new Set(flagList(delta.remove));
    for (const letter of [...set]) {
      // Two letters may be configured for one keyword: both go.
      if (remove.has(this.#flagOf.get(letter) ?? "")) {
        changed = set.delete(letter);
      }
    }
    const held = new Set(flagList(this.flags([...set].join(""))));
    for (const flag of flagList(delta.add)) {
      const letter = this.#letterOf.get(flag);
      if (letter === undefined || held.has(flag)) continue;
      set.add(letter);
      changed = true;
    }
    return changed ? [...set].sort().join("") : letters;
  }
}

function remember<K, V>(memory: Map<K, V>, key: K, value: V): void {
  if (memory.size >= MEMORY) memory.clear();
  memory.set(key, value);
}

/** Folder names as users write them: in folderincludes, and behind -f. */
import {
  decodeMailboxName,
  encodeMailboxName,
  isInbox,
} from "../imap/mailbox_name.ts";

/**
 * A set of folder names. A name is found in the spelling of the user and in the
 * other one, with letters beyond ASCII or in modified UTF-7, whatever
 * `utf8foldernames` says; INBOX is found in any case.
 */
export class WrittenNames {
  readonly #written: ReadonlySet<string>;
  readonly #spellings: ReadonlySet<string>;

  constructor(names: Iterable<string>) {
    this.#written = new Set(names);
    this.#spellings = new Set([...this.#written].flatMap(spellingsOf));
  }

  has(name: string): boolean {
    return this.#spellings.has(isInbox(name) ? "INBOX" : name);
  }

  /** Those of which no spelling is among `names`, each once, as written. */
  missing(names: Iterable<string>): string[] {
    const there = new Set(
      Array.from(names, (name) => isInbox(name) ? "INBOX" : name),
    );
    return [...this.#written].filter((name) =>
      !spellingsOf(name).some((spelling) => there.has(spelling))
    );
  }
}

function spellingsOf(name: string): string[] {
  if (isInbox(name)) return ["INBOX"];
  return [name, encodeMailboxName(name), decodeMailboxName(name)];
}

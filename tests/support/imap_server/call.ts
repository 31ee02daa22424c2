/** One command on its way through the server. */
import type { ArgumentReader } from "./argument_reader.ts";
import { CommandRefusal, type Completion, no, ok } from "./completion.ts";
import type { MailStore } from "./mail_store.ts";
import type { Mailbox } from "./mailbox.ts";
import type { Session } from "./session.ts";
import type { View } from "./view.ts";
import type { ActiveVices } from "./vice_set.ts";

/** What a handler gets. */
export class Call {
  constructor(
    readonly session: Session,
    readonly tag: string,
    /** Upper case, with `UID ` before it where it was so. */
    readonly name: string,
    readonly args: ArgumentReader,
    readonly vices: ActiveVices,
  ) {}

  /** Whether message numbers of this command are UIDs. */
  get byUid(): boolean {
    return this.name.startsWith("UID ");
  }

  /** The logged-in user's mailboxes. @throws {CommandRefusal} Before login. */
  get store(): MailStore {
    const { account } = this.session;
    if (account === undefined) {
      throw new CommandRefusal("Please login first", undefined, "BAD");
    }
    return account.store;
  }

  /** The selected mailbox. @throws {CommandRefusal} Where there is none. */
  get view(): View {
    const { view } = this.session;
    if (view === undefined) {
      throw new CommandRefusal("No mailbox selected", undefined, "BAD");
    }
    return view;
  }

  /**
   * What is answered instead of a change in a mailbox opened by EXAMINE;
   * undefined where it may be changed.
   */
  readOnlyReply(): Completion | undefined {
    if (!this.view.readOnly) return undefined;
    return this.session.profile.readOnlyStore === "ignored"
      ? ok("Ignored with read-only mailbox")
      : no("Mailbox is read-only", "READ-ONLY");
  }

  /** Writes `* text`. */
  untagged(text: string): void {
    this.session.untagged(text);
  }

  /** Reads a mailbox name. @throws {CommandRefusal} Where it is no valid one. */
  mailboxName(): string {
    return this.session.decodeName(this.args.text());
  }

  /** An existing mailbox. @throws {CommandRefusal} With `missingCode`. */
  existing(name: string, missingCode?: string): Mailbox {
    const found = this.store.find(name);
    if (found === undefined) {
      throw new CommandRefusal(`Mailbox doesn't exist: ${name}`, missingCode);
    }
    return found;
  }
}

/** In which state a command is allowed (RFC 3501 §3). */
export type CommandState =
  | "any"
  | "not-authenticated"
  | "authenticated"
  | "selected";

/** One command of the table. */
export interface CommandSpec {
  readonly state: CommandState;
  /** Whether EXPUNGE may be announced at its end (RFC 3501 §7.4.1). */
  readonly announcesExpunge: boolean;
  run(call: Call): Completion | Promise<Completion>;
}

/** A spec with the usual choices. */
export function command(
  state: CommandState,
  run: CommandSpec["run"],
  announcesExpunge = true,
): CommandSpec {
  return { state, announcesExpunge, run };
}

/** Watches the mailboxes that a NOTIFY named. */
import type { MailStore } from "./mail_store.ts";
import type { Mailbox, MailboxListener } from "./mailbox.ts";
import type { Session } from "./session.ts";

/** One event group of NOTIFY. */
export interface NotifyGroup {
  /** Upper case: `SELECTED`, `PERSONAL` … */
  readonly filter: string;
  /** Upper case; empty for NONE. */
  readonly events: ReadonlySet<string>;
  /** Whether a mailbox that is not selected falls under it. */
  matches(name: string): boolean;
}

/** Sends STATUS and LIST for other mailboxes as they change. */
export class Notifier {
  /** How changes of the selected mailbox are told: at once, EXPUNGE aside, not. */
  readonly selected: "now" | "delayed" | undefined;
  readonly #session: Session;
  readonly #store: MailStore;
  readonly #groups: readonly NotifyGroup[];
  readonly #describe: (mailbox: Mailbox) => string;
  readonly #watched = new Map<Mailbox, MailboxListener>();
  readonly #pending = new Set<Mailbox>();
  #names = new Set<string>();

  /** @param describe The STATUS response for a mailbox, without `* `. */
  constructor(
    session: Session,
    store: MailStore,
    groups: readonly NotifyGroup[],
    describe: (mailbox: Mailbox) => string,
  ) {
    this.#session = session;
    this.#store = store;
    this.#groups = groups;
    this.#describe = describe;
    const own = groups.find((group) =>
      group.filter.startsWith("SELECTED") && group.events.size > 0
    );
    if (own !== undefined) {
      this.selected = own.filter === "SELECTED" ? "now" : "delayed";
    }
    for (const mailbox of store.mailboxes.values()) this.#watch(mailbox);
    store.nameListeners.add(this.#renamed);
  }

  /** Whether messages of this mailbox are watched. */
  watches(name: string): boolean {
    return this.#has(name, "MESSAGENEW");
  }

  /** Watches nothing any more. */
  stop(): void {
    this.#store.nameListeners.delete(this.#renamed);
    for (const [mailbox, listener] of this.#watched) {
      mailbox.listeners.delete(listener);
    }
  }

  #has(name: string, event: string): boolean {
    // The first group that names the mailbox decides (RFC 5465 §3.1).
    const group = this.#groups.find((one) => one.matches(name));
    return group?.events.has(event) === true;
  }

  #watch(mailbox: Mailbox): void {
    if (this.#watched.has(mailbox)) return;
    const changed = (event: string) => () => {
      if (mailbox === this.#session.view?.mailbox) return;
      if (!this.#has(mailbox.name, event)) return;
      this.#pending.add(mailbox);
      this.#schedule();
    };
    const listener: MailboxListener = {
      appended: changed("MESSAGENEW"),
      expunged: changed("MESSAGEEXPUNGE"),
      flagsChanged: changed("FLAGCHANGE"),
      invalidated: () => {},
    };
    this.#watched.set(mailbox, listener);
    mailbox.listeners.add(listener);
  }

  readonly #renamed = (name: string): void => {
    const mailbox = this.#store.find(name);
    if (mailbox !== undefined) this.#watch(mailbox);
    if (!this.#has(name, "MAILBOXNAME")) return;
    this.#names.add(name);
    this.#schedule();
  };

  /** Several edits in one go become one row for each mailbox. */
  #schedule(): void {
    queueMicrotask(() => {
      const session = this.#session;
      if (session.notifier !== this) return;
      const { separator } = this.#store;
      for (const name of this.#names) {
        const marks = this.#store.find(name) === undefined
          ? "\\NonExistent"
          : "";
        session.untagged(
          `LIST (${marks}) "${separator.replace("\\", "\\\\")}" ` +
            session.encodeName(name),
        );
      }
      for (const mailbox of this.#pending) {
        session.untagged(this.#describe(mailbox));
      }
      this.#names.clear();
      this.#pending.clear();
      session.writer.flush().catch(() => {});
    });
  }
}

/** All mailboxes of one user. */
import { Gmail, GMAIL_FOLDERS } from "./gmail.ts";
import { Mailbox, type MailboxNumbers } from "./mailbox.ts";

/** A request that the store refuses; becomes a tagged NO. */
export class StoreRefusal extends Error {
  override readonly name = "StoreRefusal";
  constructor(message: string, readonly code?: string) {
    super(message);
  }
}

/** One line of LIST before it is written. */
export interface ListEntry {
  readonly name: string;
  /** Undefined for a level that exists only because something is below it. */
  readonly mailbox: Mailbox | undefined;
  readonly hasChildren: boolean;
  readonly subscribed: boolean;
}

/** All mail of a user at one moment, see {@link MailStore.image}. */
export interface MailImage {
  readonly mailboxes: readonly Mailbox[];
  readonly bareLevels: readonly string[];
  readonly subscriptions: readonly string[];
}

let lastMailboxId = 0;

/** Names to mailboxes, the hierarchy and the subscriptions. */
export class MailStore {
  readonly mailboxes = new Map<string, Mailbox>();
  /** Levels made by `CREATE name/`: in the list, but not selectable. */
  readonly bareLevels = new Set<string>();
  /** Subscribed names, whether or not they exist. */
  readonly subscriptions = new Set<string>();
  /** Hears of names that come, go or change. */
  readonly nameListeners = new Set<(name: string) => void>();
  #lastUidValidity: number;

  /** Set where a message is there once and folders are its labels. */
  readonly gmail: Gmail | undefined;

  /**
   * @param uidValidityBase New mailboxes count up from here.
   * @param isGmail With Gmail's folders and their ways.
   */
  constructor(
    readonly separator: string,
    uidValidityBase: number,
    isGmail = false,
  ) {
    this.#lastUidValidity = uidValidityBase;
    this.gmail = isGmail ? new Gmail(this) : undefined;
    this.mailboxes.set("INBOX", this.#make("INBOX"));
    for (const [name, use] of isGmail ? GMAIL_FOLDERS : []) {
      this.create(name).specialUse = [use];
      this.subscriptions.add(name);
    }
  }

  /** A UIDVALIDITY that was never used before. */
  nextUidValidity(): number {
    return ++this.#lastUidValidity;
  }

  /** The name in the form under which it is stored. */
  normalize(name: string): string {
    const prefix = `inbox${this.separator}`;
    if (name.toLowerCase() === "inbox") return "INBOX";
    return name.toLowerCase().startsWith(prefix)
      ? `INBOX${name.slice(5)}`
      : name;
  }

  /** The mailbox, or undefined. */
  find(name: string): Mailbox | undefined {
    return this.mailboxes.get(this.normalize(name));
  }

  /** Creates a mailbox. @throws {StoreRefusal} When it exists. */
  create(name: string, numbers: Partial<MailboxNumbers> = {}): Mailbox {
    const key = this.normalize(name);
    if (this.mailboxes.has(key)) {
      throw new StoreRefusal("Mailbox already exists", "ALREADYEXISTS");
    }
    const mailbox = this.#make(key, numbers);
    this.mailboxes.set(key, mailbox);
    this.bareLevels.delete(key);
    this.#changed(key);
    return mailbox;
  }

  /** Creates a level that can only hold others (`CREATE name/`). */
  createLevel(name: string): void {
    const key = this.normalize(name);
    if (this.mailboxes.has(key) || this.bareLevels.has(key)) {
      throw new StoreRefusal("Mailbox already exists", "ALREADYEXISTS");
    }
    this.bareLevels.add(key);
    this.#changed(key);
  }

  /** Deletes a mailbox; what is below it stays. @throws {StoreRefusal} */
  delete(name: string): void {
    const key = this.normalize(name);
    const mailbox = this.mailboxes.get(key);
    if (key === "INBOX") {
      throw new StoreRefusal("INBOX can't be deleted", "CANNOT");
    }
    if (mailbox === undefined) {
      if (this.bareLevels.delete(key)) return this.#changed(key);
      throw new StoreRefusal(
        `Mailbox doesn't exist: ${name}`,
        this.#hasChildren(key) ? "CANNOT" : "NONEXISTENT",
      );
    }
    this.mailboxes.delete(key);
    mailbox.invalidate("Mailbox was deleted");
    this.#changed(key);
  }

  /** Renames with everything below; INBOX stays, emptied. @throws {StoreRefusal} */
  rename(from: string, to: string): void {
    const source = this.normalize(from);
    const target = this.normalize(to);
    if (this.mailboxes.has(target)) {
      throw new StoreRefusal("Mailbox already exists", "ALREADYEXISTS");
    }
    if (source === "INBOX") return this.#emptyInboxInto(target);
    if (target.startsWith(source + this.separator)) {
      throw new StoreRefusal("Can't rename below itself", "CANNOT");
    }
    const moved = [...this.mailboxes.values()].filter((mailbox) =>
      mailbox.name === source ||
      mailbox.name.startsWith(source + this.separator)
    );
    if (moved.length === 0 && !this.bareLevels.has(source)) {
      throw new StoreRefusal(`Mailbox doesn't exist: ${from}`, "NONEXISTENT");
    }
    if (this.bareLevels.delete(source)) this.bareLevels.add(target);
    for (const mailbox of moved) {
      this.mailboxes.delete(mailbox.name);
      this.#changed(mailbox.name);
      mailbox.name = target + mailbox.name.slice(source.length);
      this.mailboxes.set(mailbox.name, mailbox);
      this.#changed(mailbox.name);
    }
  }

  /** Every name of the hierarchy, sorted, with the levels in between. */
  entries(): ListEntry[] {
    const names = new Set([...this.mailboxes.keys(), ...this.bareLevels]);
    const parents = new Set<string>();
    for (const name of [...names]) {
      for (const parent of this.#parentsOf(name)) {
        parents.add(parent);
        names.add(parent);
      }
    }
    return [...names].sort(compareNames).map((name) => ({
      name,
      mailbox: this.mailboxes.get(name),
      hasChildren: parents.has(name),
      subscribed: this.subscriptions.has(name),
    }));
  }

  /** Everything as it is now, numbers and history included. */
  image(): MailImage {
    return {
      mailboxes: [...this.mailboxes.values()].map((mailbox) => mailbox.copy()),
      bareLevels: [...this.bareLevels],
      subscriptions: [...this.subscriptions],
    };
  }

  /** Makes everything as it was. No session may have a mailbox selected. */
  restore({ mailboxes, bareLevels, subscriptions }: MailImage): void {
    this.mailboxes.clear();
    this.bareLevels.clear();
    this.subscriptions.clear();
    this.gmail?.clear();
    for (const mailbox of mailboxes) {
      const copy = mailbox.copy();
      this.gmail?.watch(copy);
      this.mailboxes.set(mailbox.name, copy);
    }
    for (const name of bareLevels) this.bareLevels.add(name);
    for (const name of subscriptions) this.subscriptions.add(name);
  }

  #parentsOf(name: string): string[] {
    const parents: string[] = [];
    for (
      let at = name.lastIndexOf(this.separator);
      at > 0;
      at = name.lastIndexOf(this.separator, at - 1)
    ) {
      parents.push(name.slice(0, at));
    }
    return parents;
  }

  #hasChildren(name: string): boolean {
    return [...this.mailboxes.keys(), ...this.bareLevels]
      .some((other) => other.startsWith(name + this.separator));
  }

  #emptyInboxInto(target: string): void {
    const inbox = this.find("INBOX");
    if (inbox === undefined) return;
    const mailbox = this.create(target);
    mailbox.append(inbox.messages);
    inbox.expunge(inbox.messages);
  }

  #make(name: string, numbers: Partial<MailboxNumbers> = {}): Mailbox {
    const id = `F${(++lastMailboxId).toString(36)}`;
    const mailbox = new Mailbox(name, id, {
      ...numbers,
      uidValidity: numbers.uidValidity ?? this.nextUidValidity(),
    });
    this.gmail?.watch(mailbox);
    return mailbox;
  }

  #changed(name: string): void {
    for (const listener of this.nameListeners) listener(name);
  }
}

/** INBOX first, the rest by code point. */
function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "INBOX") return -1;
  if (b === "INBOX") return 1;
  return a < b ? -1 : 1;
}

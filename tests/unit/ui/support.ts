/** Terminals, clocks and a recorded run for the tests of user interfaces. */
import type {
  MailboxNames,
  PlanCounts,
  SyncEvent,
  Totals,
} from "../../../src/events.ts";
import type { Keyboard, OutputStream } from "../../../src/ui/terminal.ts";
import type { UiClock, UiOptions } from "../../../src/ui/ui.ts";

/** A stream that remembers what was written, write by write. */
export class FakeStream implements OutputStream {
  readonly writes: string[] = [];
  readonly isTerminal: boolean;
  readonly live: boolean;
  readonly color: boolean;
  width = 80;

  constructor(kind: "file" | "terminal" | "colors" = "file") {
    this.isTerminal = kind !== "file";
    this.live = this.isTerminal;
    this.color = kind === "colors";
  }

  columns(): number {
    return this.width;
  }

  write(text: string): void {
    this.writes.push(text);
  }

  /** Everything written so far. */
  get text(): string {
    return this.writes.join("");
  }
}

/** A clock that goes on when it is told to. */
export class FakeClock implements UiClock {
  #now = 0;
  #timers: { at: number; action: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.#now + ms, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Lets time pass, and runs what is due in its order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    while (true) {
      const due = this.#timers.filter(({ at }) => at <= end)
        .sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.action();
    }
    this.#now = end;
  }
}

/** A keyboard that is pressed by the test. */
export class FakeKeyboard implements Keyboard {
  readonly modes: boolean[] = [];
  readonly readable: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor() {
    this.readable = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
    });
  }

  setRaw(raw: boolean): void {
    this.modes.push(raw);
  }

  /** Presses keys; bytes are sent as they are. */
  press(keys: string | Uint8Array): void {
    const bytes = typeof keys === "string"
      ? new TextEncoder().encode(keys)
      : keys;
    this.#controller?.enqueue(bytes);
  }

  /** The terminal is gone. */
  close(): void {
    this.#controller?.close();
  }
}

/** What a user interface is made from, with fakes. */
export interface FakeOptions extends UiOptions {
  readonly out: FakeStream;
  readonly err: FakeStream;
  readonly clock: FakeClock;
  readonly interrupts: string[];
  readonly controller: AbortController;
}

/** Options with fakes for everything. */
export function fakeOptions(
  { kind = "file", debug = false, keyboard }: {
    kind?: "file" | "terminal" | "colors";
    debug?: boolean;
    keyboard?: Keyboard;
  } = {},
): FakeOptions {
  const out = new FakeStream(kind);
  const err = new FakeStream(kind);
  const controller = new AbortController();
  const interrupts: string[] = [];
  return {
    out,
    err,
    interrupts,
    controller,
    terminal: { out, err, keyboard },
    clock: new FakeClock(),
    debug,
    sequential: false,
    environment: "imapflow v1.2.3, Deno v4.5.6",
    repositoriesOf: (account) =>
      account === "Work"
        ? { remote: "WorkRemote", local: "WorkLocal" }
        : undefined,
    interrupt: () => interrupts.push("interrupt"),
    signal: controller.signal,
  };
}

/** Counts of a plan with some set. */
export function counts(some: Partial<PlanCounts> = {}): PlanCounts {
  return {
    toLocal: 0,
    toRemote: 0,
    flagLocal: 0,
    flagRemote: 0,
    deleteLocal: 0,
    deleteRemote: 0,
    moved: 0,
    ...some,
  };
}

/** Totals with some set. */
export function totals(some: Partial<Totals> = {}): Totals {
  return { mailboxes: 0, unchanged: 0, failures: 0, ...counts(), ...some };
}

/** The names of a mailbox that is called the same everywhere. */
export function sameNames(name: string): MailboxNames {
  return {
    remote: name,
    remoteVisible: name,
    local: name,
    localVisible: name,
  };
}

const INBOX = { account: "Work", mailbox: "INBOX" };

/** One run over one account in which everything happens once. */
export const RECORDED: readonly SyncEvent[] = [
  { type: "run.started", version: "9.0.0", accounts: ["Work"] },
  { type: "account.started", account: "Work" },
  {
    type: "hook.started",
    account: "Work",
    name: "presynchook",
    command: "true",
    dryRun: false,
  },
  {
    type: "hook",
    account: "Work",
    name: "presynchook",
    command: "true",
    stdout: "done\n",
    stderr: "",
    code: 0,
  },
  {
    type: "connection.opening",
    account: "Work",
    repository: "WorkRemote",
    host: "imap.example.org",
    port: 993,
  },
  {
    type: "mailbox.created",
    account: "Work",
    repository: "WorkLocal",
    mailbox: "Sent",
    dryRun: false,
  },
  {
    type: "status.created",
    account: "Work",
    repository: "WorkLocal",
    mailbox: "Sent",
  },
  {
    type: "mailbox.unchanged",
    account: "Work",
    mailbox: "Archive",
    names: sameNames("Archive"),
    from: "IMAP",
    to: "Maildir",
  },
  {
    type: "mailbox.started",
    ...INBOX,
    names: sameNames("INBOX"),
    from: "IMAP",
    to: "Maildir",
  },
  { type: "mailbox.listed", ...INBOX, remote: 20, local: 19 },
  {
    type: "mailbox.planned",
    ...INBOX,
    counts: counts({ toLocal: 1, toRemote: 2, flagRemote: 3, deleteLocal: 4 }),
    dryRun: false,
  },
  {
    type: "message.copied",
    ...INBOX,
    to: "local",
    uid: 17,
    index: 1,
    total: 1,
    sizeBytes: 5_000,
    seen: true,
  },
  {
    type: "message.copied",
    ...INBOX,
    to: "remote",
    uid: undefined,
    index: 2,
    total: 2,
    sizeBytes: 5_000,
    seen: true,
  },
  {
    type: "messages.flagged",
    ...INBOX,
    on: "remote",
    add: ["\\Seen", "$Junk"],
    remove: ["\\Flagged"],
    count: 3,
    uids: [1, 2, 3],
  },
  {
    type: "messages.deleted",
    ...INBOX,
    on: "local",
    uids: [4, 1, 2, 9],
    dryRun: false,
  },
  { type: "messages.moved", ...INBOX, to: "Sent", on: "remote", count: 2 },
  { type: "mailbox.finished", ...INBOX, ms: 1234.5 },
  { type: "notice", account: "Work", text: "Taken over from OfflineIMAP" },
  {
    type: "warning",
    ...INBOX,
    code: "sync.drift",
    text: "2 changes are not carried over",
    hint: "Run with --restore",
  },
  {
    type: "error",
    ...INBOX,
    error: {
      code: "maildir.write",
      scope: "message",
      text: "Cannot store message 18: no space left",
      hint: "Make room on the disk",
      stack: "MailError: Cannot store message 18\n    at store.ts:1",
    },
  },
  { type: "debug", topic: "imap", text: "A1 NOOP" },
  {
    type: "account.finished",
    account: "Work",
    ms: 75_400,
    totals: totals({ mailboxes: 2 }),
    failed: true,
  },
  { type: "account.sleeping", account: "Work", remainingMs: 150_000 },
  { type: "account.sleeping", account: "Work", remainingMs: 140_000 },
  { type: "account.sleeping", account: "Work", remainingMs: 120_000 },
  { type: "account.sleeping", account: "Work", remainingMs: 0 },
  { type: "run.finished", failed: 1, ms: 80_000, exitCode: 1 },
];

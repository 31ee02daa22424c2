/** Every command that came in, for tests that count. */

/** How a command ended; `lost` when it was executed and never answered. */
export type Outcome = "OK" | "NO" | "BAD" | "BYE" | "lost" | "cut" | "running";

/** One command. */
export interface LoggedCommand {
  /** From 1 over all connections, since the server started. */
  readonly number: number;
  /** The connection's number, from 1. */
  readonly connection: number;
  readonly tag: string;
  /** Upper case, with `UID` before it where it was so: `UID FETCH`. */
  readonly name: string;
  /** What followed the name; literals as `{length}`, credentials as `***`. */
  readonly text: string;
  /** The mailbox that it names first, else the selected one. */
  readonly mailbox: string | undefined;
  /** `performance.now()` when it was complete. */
  readonly at: number;
  outcome: Outcome;
}

/** The commands of a server, all connections, in the order of execution. */
export class CommandLog {
  #entries: LoggedCommand[] = [];
  #total = 0;

  /** Those since the start or the last {@link clear}. */
  get entries(): readonly LoggedCommand[] {
    return this.#entries;
  }

  /** How many there are. */
  get length(): number {
    return this.#entries.length;
  }

  /** Notes a command; the server calls this. */
  add(command: Omit<LoggedCommand, "number" | "outcome">): LoggedCommand {
    const entry: LoggedCommand = {
      number: ++this.#total,
      outcome: "running",
      ...command,
    };
    this.#entries.push(entry);
    return entry;
  }

  /** Names in order; of one connection if given. */
  names(connection?: number): string[] {
    return this.#of(connection).map((entry) => entry.name);
  }

  /** `NAME text` in order; of one connection if given. */
  lines(connection?: number): string[] {
    return this.#of(connection).map((entry) =>
      entry.text === "" ? entry.name : `${entry.name} ${entry.text}`
    );
  }

  /** How many commands have this name, or match the pattern. */
  count(name: string | RegExp): number {
    return this.#entries.filter((entry) =>
      typeof name === "string" ? entry.name === name : name.test(entry.name)
    ).length;
  }

  /** Forgets what was so far; numbers go on. */
  clear(): void {
    this.#entries = [];
  }

  #of(connection: number | undefined): readonly LoggedCommand[] {
    return connection === undefined
      ? this.#entries
      : this.#entries.filter((entry) => entry.connection === connection);
  }
}

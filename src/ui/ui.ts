/** What a user interface is: a consumer of events that may be able to ask. */
import type { Emit } from "../events.ts";
import type { Terminal } from "./terminal.ts";

/** What the user is asked a password for. */
export interface PasswordQuestion {
  readonly repository: string;
  readonly user: string;
  /** What was said of the password before, which was refused. */
  readonly refusal?: string | undefined;
}

/** A user interface. Disposing of it writes what is left and frees the terminal. */
export interface Ui extends Disposable {
  /** Never throws and never waits. */
  readonly emit: Emit;
  /**
   * Asks for a password, without showing it.
   * @returns undefined when this interface cannot ask, or the user declined.
   */
  askPassword(question: PasswordQuestion): Promise<string | undefined>;
}

/** The two repositories of an account, for texts. */
export interface RepositoryNames {
  readonly remote: string;
  readonly local: string;
}

/** What a user interface is made from. */
export interface UiOptions {
  readonly terminal: Terminal;
  readonly clock: UiClock;
  /** Show everything, stacks included (`-d`). */
  readonly debug: boolean;
  /** One after the other (`-1`): OfflineIMAP has but one thread then. */
  readonly sequential: boolean;
  /** One line about program and runtime, for the banner. */
  readonly environment: string;
  /** The names of an account's repositories, if known. */
  readonly repositoriesOf: (account: string) => RepositoryNames | undefined;
  /** Called when the user presses Ctrl-C where no signal comes from it. */
  readonly interrupt: () => void;
  /** Aborted: the run ends; whoever is asked gets no answer any more. */
  readonly signal: AbortSignal;
}

/** Makes a user interface. */
export type CreateUi = (options: UiOptions) => Ui;

/** Time as a user interface needs it; a test brings its own. */
export interface UiClock {
  /** Milliseconds since some moment, never going back. */
  now(): number;
  /** Runs `action` once after `ms`; the function returned calls it off. */
  after(ms: number, action: () => void): () => void;
}

/** The real clock. */
export const UI_CLOCK: UiClock = {
  now: () => performance.now(),
  after: (ms, action) => {
    const id = setTimeout(action, ms);
    return () => clearTimeout(id);
  },
};

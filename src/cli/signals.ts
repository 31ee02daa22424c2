/** Signals, turned into wishes of the user. */
import type { RunControl } from "../account/run_control.ts";

/** What {@link listenForSignals} works by. */
export interface SignalParts {
  /** `Deno.build.os`: which signals there are. */
  readonly platform: string;
  readonly control: RunControl;
  /** Tells the user what happens now. */
  readonly warn: (text: string) => void;
  /** Ends the process at once. */
  readonly exit: () => void;
  /** @default Deno's own */
  readonly source?: SignalSource;
}

/** Where signals come from. */
export interface SignalSource {
  add(signal: Deno.Signal, handler: () => void): void;
  remove(signal: Deno.Signal, handler: () => void): void;
}

/** Listens while it is not disposed of. */
export interface SignalListener extends Disposable {
  /** As if SIGINT had come: Ctrl-C at a prompt, where it sends none. */
  interrupt(): void;
}

/** As many requests to stop end the process at once. */
const IMPATIENT = 3;

/**
 * Follows OfflineIMAP's signals: USR1 wakes all accounts, USR2 and ABRT end the
 * run after the syncs in hand, INT, TERM and HUP as soon as everything is
 * consistent, and three of those at once.
 *
 * Windows has INT (Ctrl-C), BREAK, and HUP when the console is closed.
 */
export function listenForSignals(parts: SignalParts): SignalListener {
  const { platform, control, warn, exit, source = DENO_SIGNALS } = parts;
  let stops = 0;
  const stop = () => {
    stops++;
    if (stops >= IMPATIENT) {
      warn("Signaled thrice. Aborting!");
      exit();
    } else if (stops === 1) {
      warn(
        "Preparing to shutdown after sync (the message in hand is finished " +
          "first); twice more stops at once",
      );
    }
    control.abort();
  };
  const finish = () => {
    warn("Terminating after this sync...");
    control.finish();
  };
  const handlers: [Deno.Signal, () => void][] = platform === "windows"
    ? [["SIGINT", stop], ["SIGBREAK", stop], ["SIGHUP", stop]]
    : [
      ["SIGUSR1", () => control.wake()],
      ["SIGUSR2", finish],
      ["SIGABRT", finish],
      ["SIGINT", stop],
      ["SIGTERM", stop],
      ["SIGHUP", stop],
    ];
  const heard = handlers.filter(([signal, handler]) => {
    try {
      source.add(signal, handler);
      return true;
    } catch (error) {
      // The platform has no such signal: then nobody can send it.
      if (error instanceof TypeError) return false;
      throw error;
    }
  });
  return {
    interrupt: stop,
    [Symbol.dispose]: () => {
      for (const [signal, handler] of heard) source.remove(signal, handler);
    },
  };
}

const DENO_SIGNALS: SignalSource = {
  add: (signal, handler) => Deno.addSignalListener(signal, handler),
  remove: (signal, handler) => Deno.removeSignalListener(signal, handler),
};

/** The user interfaces by name. A new one adds its file and a line here. */
import type { Level } from "./line.ts";
import type { CreateUi } from "./ui.ts";

/** A user interface that can be chosen. */
export interface UiEntry {
  readonly name: string;
  /** For the help: what it is for. */
  readonly summary: string;
  /** What matters less is left out, in a log file of the same run, too. */
  readonly lowest: Level;
  /** Loads it; a run loads only the one that it uses. */
  readonly load: () => Promise<CreateUi>;
}

/** All user interfaces; the first one is the default. */
export const USER_INTERFACES: readonly [UiEntry, ...UiEntry[]] = [
  {
    name: "ttyui",
    summary: "for a terminal: progress line, asks for passwords",
    lowest: "info",
    load: async () => (await import("./tty.ts")).createTtyUi,
  },
  {
    name: "basic",
    summary: "lines on standard output, asks nothing",
    lowest: "info",
    load: async () => (await import("./basic.ts")).createBasicUi,
  },
  {
    name: "quiet",
    summary: "only warnings and errors, on standard output",
    lowest: "warning",
    load: async () => (await import("./quiet.ts")).createQuietUi,
  },
  {
    name: "machineui",
    summary: "events for programs, on standard output",
    lowest: "info",
    load: async () => (await import("./machine.ts")).createMachineUi,
  },
  {
    name: "syslog",
    summary: "what basic tells, in the system's log",
    lowest: "info",
    load: async () => (await import("./syslog.ts")).createSyslogUi,
  },
  {
    name: "blinkenlights",
    summary: "the same as ttyui",
    lowest: "info",
    load: async () => (await import("./tty.ts")).createTtyUi,
  },
];

/**
 * The user interface with this name; the default one for any other, since the
 * configuration has already refused names that do not exist.
 */
export function findUi(name: string): UiEntry {
  return USER_INTERFACES.find((entry) => entry.name === name) ??
    USER_INTERFACES[0];
}

/** The least important lines that an interface shows, with or without `-d`. */
export function lowestLevel({ lowest }: UiEntry, debug: boolean): Level {
  return debug ? "debug" : lowest;
}

/** The command line, as values. */
import type { DebugTopic } from "../events.ts";
import { escapeText } from "../ui/escape.ts";
import type { FlagName } from "./flags.ts";
import { type GivenFlags, readFlags } from "./read_flags.ts";

/** All topics of `-d`. */
export const DEBUG_TOPICS: readonly DebugTopic[] = [
  "imap",
  "maildir",
  "thread",
];

/** What the command line asks for. */
export interface Arguments {
  /** What to do. The texts (`help` and below) need no configuration. */
  readonly mode:
    | "sync"
    | "info"
    | "prune"
    | "migrate"
    | "delete"
    | "help"
    | "version"
    | "environment";
  /** `-a`, as it was given. */
  readonly accounts: string | undefined;
  /** `-f`, as it was given. */
  readonly folders: string | undefined;
  readonly once: boolean;
  readonly quick: boolean;
  readonly sequential: boolean;
  readonly dryRun: boolean;
  readonly allowDeletes: boolean;
  readonly acceptValidity: boolean;
  readonly restore: boolean;
  readonly ignoreKeyring: boolean;
  readonly updateKeyring: boolean;
  readonly configFile: string | undefined;
  /** Each `-k`, in order. */
  readonly options: readonly string[];
  /** `--delete-folder`. */
  readonly deleteFolder: string | undefined;
  readonly ui: string | undefined;
  readonly logFile: string | undefined;
  /** `-s` */
  readonly syslog: boolean;
  readonly debug: readonly DebugTopic[];
  /** What was accepted but has no effect, as sentences. */
  readonly warnings: readonly string[];
}

/**
 * Reads the command line. Where only one value can count, the last one does.
 *
 * @throws {UsageError} When it is not understood.
 */
export function parseArguments(args: readonly string[]): Arguments {
  const given = readFlags(args);
  const isSet = (name: FlagName) => given.values.has(name);
  const text = (name: FlagName) => given.values.get(name)?.at(-1);
  const mode = modeOf(isSet);
  const warnings = warningsOf(given);
  const debug = topicsOf(text("debug"), warnings);
  return {
    mode,
    accounts: text("accounts"),
    folders: text("folders"),
    once: isSet("once"),
    quick: isSet("quick"),
    // Interleaved accounts make a trace unreadable, so OfflineIMAP does this.
    sequential: isSet("sequential") ||
      debug.length > 0 && !debug.includes("thread"),
    dryRun: isSet("dryRun"),
    allowDeletes: isSet("allowDeletes"),
    acceptValidity: isSet("acceptValidity"),
    restore: isSet("restore"),
    ignoreKeyring: isSet("ignoreKeyring"),
    updateKeyring: isSet("updateKeyring"),
    configFile: text("configFile"),
    options: given.values.get("options") ?? [],
    deleteFolder: text("deleteFolder"),
    ui: text("ui"),
    logFile: text("logFile"),
    syslog: isSet("syslog"),
    debug,
    warnings,
  };
}

/** A text is all that is asked for, so those come first; then OfflineIMAP's order. */
function modeOf(isSet: (name: FlagName) => boolean): Arguments["mode"] {
  if (isSet("help")) return "help";
  if (isSet("version")) return "version";
  if (isSet("environment")) return "environment";
  if (isSet("info")) return "info";
  if (isSet("migrate")) return "migrate";
  if (isSet("mbnamesPrune")) return "prune";
  return isSet("deleteFolder") ? "delete" : "sync";
}

function warningsOf({ values, positional }: GivenFlags): string[] {
  const warnings: string[] = [];
  if (positional.length > 0) {
    const words = positional.map((word) => `"${escapeText(word)}"`).join(", ");
    warnings.push(`Ignored on the command line: ${words}`);
  }
  if (values.has("profile")) {
    warnings.push(
      'The flag -P has no effect; to profile, use "deno run --cpu-prof"',
    );
  }
  return warnings;
}

function topicsOf(text: string | undefined, warnings: string[]): DebugTopic[] {
  if (text === undefined) return [];
  const topics = new Set<DebugTopic>();
  for (const word of text.split(",").map((part) => part.trim())) {
    const name = word.toLowerCase();
    const topic = DEBUG_TOPICS.find((topic) => topic === name);
    if (name === "all") DEBUG_TOPICS.forEach((topic) => topics.add(topic));
    else if (topic !== undefined) topics.add(topic);
    else {
      warnings.push(
        `Invalid debug type: "${escapeText(word)}"; there are ` +
          `${DEBUG_TOPICS.join(", ")} and all`,
      );
    }
  }
  return [...topics];
}

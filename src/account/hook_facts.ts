/** What a hook is told: in its environment, and as JSON on standard input. */
import type { Counts } from "./sync_counts.ts";

/** What is known when a hook runs. */
export interface HookFacts extends Partial<Counts> {
  /** The option that holds the hook. */
  readonly hook: "presynchook" | "postsynchook" | "newmail_hook";
  readonly account: string;
  /** What is synchronised: all, quickly, or what was heard of while watching. */
  readonly mode: "full" | "quick" | "idle";
  /** Errors so far. */
  readonly failures?: number;
  /** The folder that newmail_hook is called for. */
  readonly folder?: string;
  /** What was done by folder, for postsynchook. */
  readonly folders?: Readonly<Record<string, Counts>>;
}

/**
 * The facts as variables: OfflineIMAP's `OFFLINEIMAPSYNCMODE`, and our own, such
 * as `OFFLINEIMAP_ACCOUNT` and `OFFLINEIMAP_UNSEEN`.
 */
export function hookEnvironment(facts: HookFacts): Record<string, string> {
  const environment: Record<string, string> = {
    OFFLINEIMAPSYNCMODE: facts.mode,
  };
  for (const [name, value] of Object.entries(facts)) {
    if (typeof value !== "string" && typeof value !== "number") continue;
    // A variable cannot hold it.
    const text = String(value).replaceAll("\0", "");
    environment[`OFFLINEIMAP_${name.toUpperCase()}`] = text;
  }
  return environment;
}

/** The facts as one line. */
export function hookInput(facts: HookFacts): string {
  return `${JSON.stringify(facts)}\n`;
}

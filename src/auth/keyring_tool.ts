/** What the tools of the different systems have in common. */
import {
  lastLine,
  type ProgramCall,
  type ProgramResult,
} from "./run_program.ts";

/** Which entry is meant: `service` and `username` of Python's package. */
export interface KeyringEntry {
  readonly host: string;
  readonly user: string;
}

/** What a system's tool is told, and what its answers mean. */
export interface KeyringTool {
  /** How it is called in texts. */
  readonly name: string;
  /** The program that is run, for permissions. */
  readonly program: string;
  find(
    entry: KeyringEntry,
    run: RunTool,
  ): Promise<{ password: string } | { without: string }>;
  /** @returns Why it could not be stored; undefined when it was. */
  store(
    entry: KeyringEntry,
    password: string,
    run: RunTool,
  ): Promise<string | undefined>;
}

/** Runs the tool. */
export type RunTool = (
  call: Pick<ProgramCall, "command" | "input" | "env">,
) => Promise<ProgramResult>;

/** What a tool that ended badly says of it, or its status. */
export function failureOf({ code, stderr }: ProgramResult): string {
  return lastLine(stderr) || `status ${code}`;
}

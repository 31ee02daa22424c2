/** Commands besides synchronising: `offlineimap NAME …`. */
import type { Terminal } from "../ui/terminal.ts";
import type { ExitCode } from "./exit_code.ts";

/** Does what the words behind a command's name ask for. */
export type RunCommand = (
  words: readonly string[],
  terminal: Terminal,
) => Promise<ExitCode>;

/** One command. */
export interface Command {
  /** What may follow its name. */
  readonly usage: string;
  /** For the help. */
  readonly about: string;
  /** Loads what it needs. */
  readonly load: () => Promise<RunCommand>;
}

/** All commands by their names. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  service: {
    usage: "install|status|logs|uninstall",
    about: "let the system run it: systemd, launchd or the Task Scheduler; " +
      '"offlineimap service --help" tells more',
    load: async () => (await import("./commands/service.ts")).runService,
  },
};

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
  /** Nobody types it. @default false */
  readonly hidden?: boolean;
  /** Words that may follow, with what they are about. */
  readonly words: readonly (readonly [string, string])[];
  /** Loads what it needs. */
  readonly load: () => Promise<RunCommand>;
}

/** All commands by their names. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  service: {
    usage: "install|status|logs|uninstall",
    about: "let the system run it: systemd, launchd or the Task Scheduler; " +
      '"offlineimap service --help" tells more',
    words: [
      ["install", "install it and start it"],
      ["status", "show whether it runs"],
      ["logs", "show what it said lately"],
      ["uninstall", "stop it and remove it"],
      ["-a", "only these accounts"],
      ["-c", "a configuration file"],
      ["--dry-run", "show what would be written and run"],
      ["--every", "minutes between two runs"],
      ["--writable", "a folder that a hook writes to"],
      ["--help", "say more"],
    ],
    load: async () => (await import("./commands/service.ts")).runService,
  },
  permissions: {
    usage: "[-a ACCOUNT,...] [-c FILE]",
    about: "show what each account needs of this machine: hosts, folders, " +
      "programs",
    words: [["-a", "only these accounts"], ["-c", "a configuration file"]],
    load: async () =>
      (await import("./commands/permissions.ts")).runPermissions,
  },
  completions: {
    usage: "bash|zsh|fish|powershell",
    about: "show a script by which the shell completes flags, accounts and " +
      "folders",
    words: ["bash", "zsh", "fish", "powershell"].map((name) => [name, ""]),
    load: async () =>
      (await import("./commands/completions.ts")).runCompletions,
  },
  complete: {
    usage: "WORD…",
    about: "what these scripts ask",
    hidden: true,
    words: [],
    load: async () => (await import("./commands/complete.ts")).runComplete,
  },
};

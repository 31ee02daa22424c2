/** From the words of a command line to an exit code. */
import { checkRuntime } from "../runtime.ts";
import type { Terminal } from "../ui/terminal.ts";
import { type Arguments, parseArguments } from "./arguments.ts";
import { COMMANDS } from "./commands.ts";
import { EXIT, type ExitCode } from "./exit_code.ts";
import { failureOf } from "./failure.ts";
import { formatVersions, VERSION } from "./version.ts";

/**
 * Does what a command line asks for. Everything that only a sync needs is loaded
 * when there is one.
 *
 * Never rejects: what goes wrong is told on standard error.
 */
export async function runCommandLine(
  argv: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  let debug = false;
  try {
    checkRuntime();
    const command = COMMANDS[argv[0] ?? ""];
    if (command !== undefined) {
      const runCommand = await command.load();
      return await runCommand(argv.slice(1), terminal);
    }
    const args = parseArguments(argv);
    debug = args.debug.length > 0;
    return await follow(args, terminal);
  } catch (error) {
    const { text, code } = failureOf(error, debug);
    terminal.err.write(text);
    return code;
  }
}

async function follow(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  switch (args.mode) {
    case "help": {
      const { formatHelp } = await import("./help.ts");
      terminal.out.write(formatHelp(terminal.out.columns()));
      return EXIT.ok;
    }
    case "version":
      terminal.out.write(`${VERSION}\n`);
      return EXIT.ok;
    case "environment":
      terminal.out.write(`${formatVersions()}\n`);
      return EXIT.ok;
    case "sync":
    case "info":
    case "migrate":
    case "prune":
    case "delete": {
      const [{ run }, { realParts }] = await Promise.all([
        import("./run.ts"),
        import("./real_parts.ts"),
      ]);
      return await run(args, {
        ...realParts(terminal),
        confine: async () =>
          (await import("../sandbox/confined.ts")).openConfinement(),
      });
    }
  }
}

/**
 * Asks for a password on the process's own terminal, as a run does: the answer's
 * length goes to standard output.
 */
import { RunControl } from "../../../src/account/run_control.ts";
import { listenForSignals } from "../../../src/cli/signals.ts";
import { processTerminal } from "../../../src/ui/terminal.ts";
import { createTtyUi } from "../../../src/ui/tty.ts";
import { UI_CLOCK } from "../../../src/ui/ui.ts";

const terminal = processTerminal();
const control = new RunControl();
using ui = createTtyUi({
  terminal,
  clock: UI_CLOCK,
  debug: false,
  sequential: false,
  environment: "",
  repositoriesOf: () => undefined,
  interrupt: () => signals.interrupt(),
  signal: control.signal,
});
using signals = listenForSignals({
  platform: Deno.build.os,
  control,
  warn: (text) => ui.emit({ type: "warning", code: "x", text }),
  exit: () => Deno.exit(1),
});
const answer = await ui.askPassword({ repository: "Remote", user: "jane" });
terminal.out.write(`answer ${answer?.length}\n`);
Deno.exitCode = control.ending ? 3 : 0;

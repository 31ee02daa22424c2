/** Says what the signals that it gets mean, until it is told to stop. */
import { RunControl } from "../../../src/account/run_control.ts";
import { listenForSignals } from "../../../src/cli/signals.ts";

const say = (text: string) =>
  void Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));

const control = new RunControl();
// Something that keeps the process alive, as a sync does.
const work = setInterval(() => {}, 1_000);
control.onChange(() => {
  say(
    `wakes ${control.wakes}, ending ${control.ending}, ` +
      `aborted ${control.signal.aborted}`,
  );
  if (Deno.args[0] === "obedient" && control.ending) clearInterval(work);
});
using _signals = listenForSignals({
  platform: Deno.build.os,
  control,
  warn: say,
  exit: () => Deno.exit(1),
});
say("ready");
if (Deno.args[0] === "obedient") {
  await new Promise<void>((resolve) =>
    control.onChange(() => control.ending && resolve())
  );
} else await new Promise(() => {});

/**
 * The program with a bomb in it: killed right before its k-th effect, or its
 * effects only counted. Everything else is the real thing: command line,
 * configuration, lock, core.
 *
 * `crash_main.ts [--at K] [--kind file|state|imap] [--trace FILE] [--memory FILE]
 * OFFLINEIMAP-ARGS…`
 */
import { parseArguments } from "../../src/cli/arguments.ts";
import { realParts } from "../../src/cli/real_parts.ts";
import { run } from "../../src/cli/run.ts";
import type { EffectKind } from "../../src/effects.ts";
import { processTerminal } from "../../src/ui/terminal.ts";

/** What of the command line is not the program's own. */
interface Bomb {
  /** Dies before this effect, counted from 1; 0: never. */
  at: number;
  /** Counts only effects of this kind. */
  kind: EffectKind | undefined;
  /** Gets a line `kind name` for each effect that was let through. */
  trace: string | undefined;
  /** Gets the most memory that the process ever had, in bytes; Linux only. */
  memory: string | undefined;
}

function takeBomb(words: string[]): Bomb {
  const bomb: Bomb = {
    at: 0,
    kind: undefined,
    trace: undefined,
    memory: undefined,
  };
  for (;;) {
    const [flag, value = ""] = words;
    if (flag === "--at") bomb.at = Number(value);
    else if (flag === "--kind") bomb.kind = effectKind(value);
    else if (flag === "--trace") bomb.trace = value;
    else if (flag === "--memory") bomb.memory = value;
    else return bomb;
    words.splice(0, 2);
  }
}

function effectKind(name: string): EffectKind {
  if (name === "file" || name === "state" || name === "imap") return name;
  throw new Error(`No kind of effect: ${name}`);
}

function peakMemory(): number {
  const status = Deno.readTextFileSync("/proc/self/status");
  return Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

const words = [...Deno.args];
const bomb = takeBomb(words);
const steps: string[] = [];
let counted = 0;

const step = (kind: EffectKind, name: string): void => {
  if (bomb.kind === undefined || bomb.kind === kind) counted++;
  if (counted === bomb.at) Deno.kill(Deno.pid, "SIGKILL");
  steps.push(`${kind} ${name}`);
};

const parts = realParts(processTerminal());
Deno.exitCode = await run(parseArguments(words), {
  ...parts,
  sync: (account, io) => parts.sync(account, { ...io, step }),
});
if (bomb.trace !== undefined) {
  Deno.writeTextFileSync(bomb.trace, steps.join("\n"));
}
if (bomb.memory !== undefined) {
  Deno.writeTextFileSync(bomb.memory, String(peakMemory()));
}

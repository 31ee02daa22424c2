// deno-lint-ignore-file no-console -- a script talks to whoever started it
/**
 * How long the compiled program takes to show its version, and from its start
 * until it connects to the server, which is a run's share of start-up:
 * `deno run -A bench/start_up.ts [TIMES]`. Needs a runtime to embed, see
 * tests/support/compiled.ts; the same by `deno run` stands beside it.
 */
import { join } from "node:path";
import { bundle } from "../scripts/bundle.ts";
import { PERMISSIONS } from "../src/permissions.ts";
import { compileProgram, whyNotCompiled } from "../tests/support/compiled.ts";
import { formatConfig } from "../tests/support/program_config.ts";
import { measure, type Sample } from "./measure.ts";
import { spread } from "./stats.ts";

const times = Number(Deno.args[0] ?? 20);

/** A program and the words before ours. */
interface Form {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

const folder = Deno.makeTempDirSync({ prefix: "oi-start-" });
try {
  const missing = await whyNotCompiled();
  if (missing !== undefined) console.log(`Not compiled: ${missing}`);
  for (const form of await formsOf(missing === undefined)) await tell(form);
} finally {
  Deno.removeSync(folder, { recursive: true });
}

async function formsOf(compiled: boolean): Promise<Form[]> {
  const bare = join(folder, "bare.js");
  Deno.writeTextFileSync(bare, "");
  const { entry } = await bundle(join(folder, "bundle"));
  const program = Deno.execPath();
  const run = ["run", "--quiet", "--no-config", ...PERMISSIONS];
  return [
    { name: "the runtime alone", program, args: ["run", "--no-config", bare] },
    { name: "the bundle by deno run", program, args: [...run, entry] },
    ...compiled
      ? [{
        name: "the compiled form",
        program: await compileProgram(folder),
        args: [],
      }]
      : [],
  ];
}

async function tell({ name, program, args }: Form): Promise<void> {
  const walls: number[] = [];
  const cpus: number[] = [];
  for (let n = 0; n < times; n++) {
    const words = [...args, "--version"];
    const { wallMs, cpuMs } = await measure({ program, args: words, env: {} });
    walls.push(wallMs);
    if (cpuMs !== undefined) cpus.push(cpuMs);
  }
  show(`${name}, --version`, walls, cpus);
  if (name === "the runtime alone") return;
  for (const sandbox of [false, true]) {
    const connected: number[] = [];
    const used: number[] = [];
    for (let n = 0; n < times; n++) {
      const form = { name, program, args };
      const { wallMs, cpuMs } = await untilConnected(form, sandbox);
      connected.push(wallMs);
      if (cpuMs !== undefined) used.push(cpuMs);
    }
    const how = sandbox ? "in a sandbox" : "without a sandbox";
    show(`${name}, until it connects, ${how}`, connected, used);
  }
}

/** What a run takes from its start to its first connection. */
async function untilConnected(
  { program, args }: Form,
  sandbox: boolean,
): Promise<Pick<Sample, "wallMs" | "cpuMs">> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const config = join(folder, "offlineimaprc");
  const places = {
    mail: join(folder, "mail"),
    metadata: join(folder, "metadata"),
  };
  Deno.writeTextFileSync(
    config,
    formatConfig(places, listener.addr, { general: { sandbox } }),
    { mode: 0o600 },
  );
  const start = performance.now();
  const child = new Deno.Command(program, {
    args: [...args, "-o", "-u", "quiet", "-c", config],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const connection = await listener.accept();
  const wallMs = performance.now() - start;
  const cpuMs = cpuOf(child.pid);
  connection.close();
  child.kill("SIGKILL");
  await child.status;
  return { wallMs, cpuMs };
}

/** User and system time so far, where the system tells it; see proc(5). */
function cpuOf(pid: number): number | undefined {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // Fields 14 and 15, in hundredths of a second.
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return undefined;
  }
}

function show(what: string, walls: number[], cpus: number[]): void {
  const { min = 0, median = 0 } = spread(walls) ?? {};
  const cpu = spread(cpus)?.median;
  console.log(
    `${what}: ${median.toFixed(0)} ms, at least ${min.toFixed(0)} ms` +
      (cpu === undefined ? "" : `, CPU ${cpu.toFixed(0)} ms`),
  );
}

/** The real program in a home of its own: as a process, or in this one for speed. */
import { join } from "node:path";
import { parseArguments } from "../../src/cli/arguments.ts";
import { realParts } from "../../src/cli/real_parts.ts";
import { run } from "../../src/cli/run.ts";
import { noStep, type Step } from "../../src/effects.ts";
import type { SyncEvent } from "../../src/events.ts";
import type { Terminal } from "../../src/ui/terminal.ts";
import { MaildirTree } from "./maildir_tree.ts";
import {
  ACCOUNT,
  type ConfigOptions,
  formatConfig,
  type ServerAddress,
} from "./program_config.ts";

export { ACCOUNT } from "./program_config.ts";

const MAIN = new URL("../../src/main.ts", import.meta.url).href;

/** How a process ended. */
export interface Ended {
  readonly code: number;
  /** The signal that ended it. */
  readonly signal: Deno.Signal | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the program is started as a process. */
export interface RunSettings {
  /** Words of the command line after `-c FILE`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What standard input holds. @default nothing */
  readonly stdin?: string;
  /** Aborted: the process is killed with SIGKILL. */
  readonly signal?: AbortSignal;
  /** Called with each piece of standard output as it comes. */
  readonly onOutput?: (text: string) => void;
  /** Milliseconds after which the process is killed and the call rejects. @default 60000 */
  readonly limitMs?: number;
  /** Another entry than `src/main.ts`, and words before the usual ones. */
  readonly entry?: { readonly url: string; readonly args: readonly string[] };
}

/** What a sync in this process did. */
export interface Synced {
  readonly code: number;
  /** What the core told. */
  readonly events: readonly SyncEvent[];
  /** Effects in their order, `kind name`: `file rename`, `imap APPEND`. */
  readonly steps: readonly string[];
  /** Standard output and error. */
  readonly output: string;
}

/** How a sync in this process is done. */
export interface SyncSettings {
  /** Words of the command line after `-c FILE`. */
  readonly args?: readonly string[];
  /** Called before each effect; may throw. */
  readonly step?: Step;
  /** Ends it as Ctrl-C does. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: SyncEvent) => void;
  /** Runs the core of the account. @default as it is */
  readonly within?: <T>(core: () => Promise<T>) => Promise<T>;
}

/** What {@link openProgram} needs. */
export interface ProgramOptions extends ConfigOptions {
  readonly server: ServerAddress;
  /** Where the home is made. @default the system's folder for such */
  readonly within?: string;
  /** Instead of `mail` in the home. */
  readonly mail?: string;
  /** Instead of `metadata` in the home. */
  readonly metadata?: string;
}

/** A home with configuration, Maildir and metadata. Disposing of it removes it. */
export class Program implements AsyncDisposable {
  readonly mail: string;
  readonly metadata: string;
  readonly configFile: string;
  /** The Maildir in the hands of the test. */
  readonly tree: MaildirTree;

  /** Use {@link openProgram}. */
  constructor(readonly home: string, readonly options: ProgramOptions) {
    this.mail = options.mail ?? join(home, "mail");
    this.metadata = options.metadata ?? join(home, "metadata");
    this.configFile = join(home, "offlineimaprc");
    this.tree = new MaildirTree(this.mail, keywordsOf(options));
    this.configure();
  }

  /** Writes the configuration again, with other options or another server. */
  configure(changes: Partial<ProgramOptions> = {}): void {
    const options = { ...this.options, ...changes };
    Deno.writeTextFileSync(
      this.configFile,
      formatConfig(this, options.server, options),
      { mode: 0o600 },
    );
  }

  /** Runs `offlineimap -c FILE ARGS…` as a process of its own. */
  async run(settings: RunSettings = {}): Promise<Ended> {
    const { args = [], env = {}, limitMs = 60_000, entry } = settings;
    const limit = AbortSignal.timeout(limitMs);
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--no-prompt", "--quiet", "--unstable-worker-options"],
        ...[entry?.url ?? MAIN, ...entry?.args ?? []],
        ...["-c", this.configFile, ...args],
      ],
      cwd: this.home,
      env: { NO_COLOR: "1", ...env },
      stdin: settings.stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const kill = () => {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
    };
    const ends = [limit, ...settings.signal ? [settings.signal] : []];
    for (const end of ends) end.addEventListener("abort", kill);
    if (settings.stdin !== undefined) await feed(child.stdin, settings.stdin);
    const [stdout, stderr, { code, signal }] = await Promise.all([
      textOf(child.stdout, settings.onOutput),
      textOf(child.stderr),
      child.status,
    ]);
    for (const end of ends) end.removeEventListener("abort", kill);
    const ended = { code, signal, stdout, stderr };
    if (limit.aborted) {
      throw new Error(
        `Killed after ${limitMs} ms: ${ended.stdout}${ended.stderr}`,
      );
    }
    return ended;
  }

  /** Does the same in this process, which spares a start-up. */
  async sync(settings: SyncSettings = {}): Promise<Synced> {
    const { args = [], step = noStep, signal, onEvent } = settings;
    const { within = (work) => work() } = settings;
    const events: SyncEvent[] = [];
    const steps: string[] = [];
    const told: string[] = [];
    const parts = realParts(terminalInto(told));
    const core = await import("../../src/account/sync_account.ts");
    const code = await run(parseArguments(["-c", this.configFile, ...args]), {
      ...parts,
      sync: (account, io) =>
        within(() =>
          core.syncAccount(account, {
            ...io,
            signal: AbortSignal.any([io.signal, ...signal ? [signal] : []]),
            emit: (event) => {
              events.push(event);
              onEvent?.(event);
              io.emit(event);
            },
            step: (kind, name) => {
              step(kind, name);
              steps.push(`${kind} ${name}`);
            },
          })
        ),
      exit: (status) => {
        throw new Error(`The program ends at once with ${status}`);
      },
    });
    return { code, events, steps, output: told.join("") };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.home, { recursive: true });
  }
}

/** A home for the program, with its configuration written. */
export function openProgram(options: ProgramOptions): Program {
  const home = Deno.makeTempDirSync({
    prefix: "oi-program-",
    ...(options.within === undefined ? {} : { dir: options.within }),
  });
  return new Program(home, options);
}

/** The database of the account, with the files that SQLite keeps beside it. */
export function stateFolder({ metadata }: Program): string {
  return join(metadata, `Account-${ACCOUNT}`);
}

function keywordsOf({ local = {} }: ProgramOptions): Record<string, string> {
  return Object.fromEntries(
    Object.entries(local).flatMap(([key, value]) => {
      const letter = /^customflag_([a-z])$/.exec(key)?.[1];
      return letter === undefined ? [] : [[letter, String(value)]];
    }),
  );
}

async function feed(
  stdin: WritableStream<Uint8Array>,
  text: string,
): Promise<void> {
  const writer = stdin.getWriter();
  await writer.write(new TextEncoder().encode(text)).catch(() => {});
  await writer.close().catch(() => {});
}

async function textOf(
  stream: ReadableStream<Uint8Array>,
  onText: (text: string) => void = () => {},
): Promise<string> {
  const decoder = new TextDecoder();
  let all = "";
  for await (const bytes of stream) {
    const text = decoder.decode(bytes, { stream: true });
    all += text;
    onText(text);
  }
  return all;
}

/** A terminal that is none: texts go to a list. */
export function terminalInto(texts: string[]): Terminal {
  const stream = {
    isTerminal: false,
    color: false,
    live: false,
    columns: () => 80,
    write: (text: string) => void texts.push(text),
  };
  return { out: stream, err: stream, keyboard: undefined };
}

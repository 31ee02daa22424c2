/**
 * Two accounts in one configuration, each in its sandbox: one of a hostile
 * server, and a neighbour with mail of its own; around them, what neither of them
 * may touch.
 */
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../../../src/permissions.ts";
import { mails } from "../../faults/support.ts";
import {
  type ImapServer,
  type ImapServerOptions,
  startImapServer,
} from "../../support/imap_server/mod.ts";
import { MaildirTree } from "../../support/maildir_tree.ts";
import {
  type ConfigOptions,
  formatConfig,
} from "../../support/program_config.ts";
import { type Rewrite, type Rewriter, startRewriter } from "./rewriter.ts";

const MAIN = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));

/** Folder names, links and rights are tried as they are here. */
export const POSIX = { ignore: Deno.build.os === "windows" };

/** How a run ended. */
export interface Run {
  readonly code: number;
  /** Standard output and error. */
  readonly output: string;
  /** The largest resident set, where the system tells it. */
  readonly peakBytes: number | undefined;
}

/** What a world is made of. */
export interface WorldOptions extends ConfigOptions {
  readonly server?: ImapServerOptions;
  readonly rewrite?: Rewrite;
}

/** Use {@link openWorld}. */
export class World implements AsyncDisposable {
  readonly mail: string;
  readonly neighbour: string;
  readonly metadata: string;
  readonly config: string;
  readonly tree: MaildirTree;
  #before: ReadonlyMap<string, string>;
  /** What a test put into the Maildir, which is neither file nor folder. */
  #planted: ReadonlySet<string> = new Set();

  constructor(
    /** Holds `home`, so that a step out of that shows. */
    readonly root: string,
    readonly server: ImapServer,
    readonly good: ImapServer,
    readonly rewriter: Rewriter | undefined,
    options: WorldOptions,
  ) {
    const home = join(root, "home");
    this.mail = join(home, "mail");
    this.neighbour = join(home, "neighbour");
    this.metadata = join(home, "metadata");
    this.config = join(home, "offlineimaprc");
    this.tree = new MaildirTree(this.mail);
    const own = [this.mail, this.neighbour, this.metadata];
    for (const place of [home, ...own, join(home, "elsewhere")]) {
      Deno.mkdirSync(place, { mode: 0o700 });
    }
    Deno.writeTextFileSync(join(home, "elsewhere", "secret"), "a secret\n");
    this.#configure(options);
    this.#before = this.#outside();
  }

  #configure(options: WorldOptions): void {
    const { port } = this.rewriter ?? this.server;
    const hostile = formatConfig(this, { port }, {
      ...options,
      general: {
        accounts: "test, good",
        sandbox: true,
        socktimeout: 20,
        ...options.general,
      },
    });
    const places = { mail: this.neighbour, metadata: this.metadata };
    const [, ...sections] = formatConfig(places, this.good).split(/^(?=\[)/m);
    const text = sections.join("").replaceAll("Account test]", "Account good]")
      .replaceAll(/\b(here|there)\b/g, "good-$1");
    Deno.writeTextFileSync(this.config, `${hostile}\n${text}`, { mode: 0o600 });
  }

  /** Runs the program once; kills it after a minute. */
  async run(
    args: readonly string[] = ["-u", "basic"],
    limitMs = 60_000,
  ): Promise<Run> {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", ...PERMISSIONS, MAIN],
        ...["-c", this.config, "-o", ...args],
      ],
      cwd: this.root,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let peakBytes: number | undefined;
    const look = setInterval(() => {
      peakBytes = peakOf(child.pid) ?? peakBytes;
    }, 25);
    const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
    try {
      const { code, signal, stdout, stderr } = await child.output();
      assert.equal(signal, null, "It did not end");
      const decoder = new TextDecoder();
      const output = decoder.decode(stdout) + decoder.decode(stderr);
      return { code, output, peakBytes };
    } finally {
      clearInterval(look);
      clearTimeout(limit);
    }
  }

  /** Writes a file below the root. */
  plant(path: string, text: string): void {
    Deno.writeTextFileSync(join(this.root, path), text);
    this.notice();
  }

  /** From now on, what is there counts as having been there. */
  notice(): void {
    this.#before = this.#outside();
    this.#planted = new Set([...walk(this.mail)].filter(isOdd));
  }

  /** Nothing outside of the hostile account's own folders is touched. */
  assertConfined(): void {
    assert.deepEqual(this.#outside(), this.#before);
    const odd = [...walk(this.mail)].filter(isOdd);
    assert.deepEqual(odd.filter((path) => !this.#planted.has(path)), []);
  }

  /** The neighbour's mail came, and nothing else. */
  assertNeighbour(): void {
    const tree = new MaildirTree(this.neighbour);
    assert.deepEqual(tree.folders(), ["INBOX"]);
    assert.equal(tree.files("INBOX").length, 2);
    tree.find("good-0");
    tree.find("good-1");
  }

  /** What only the neighbour and the state of both may change is left out. */
  #outside(): Map<string, string> {
    const own = [this.mail, this.neighbour, this.metadata];
    const found = new Map<string, string>();
    for (const path of walk(this.root, own)) {
      const info = Deno.lstatSync(path);
      found.set(
        relative(this.root, path),
        info.isFile
          ? Deno.readTextFileSync(path)
          : info.isSymlink
          ? `-> ${Deno.readLinkSync(path)}`
          : "a folder",
      );
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rewriter?.[Symbol.asyncDispose]();
    await this.server.stop();
    await this.good.stop();
    await Deno.remove(this.root, { recursive: true });
  }
}

/** A world whose hostile account has a scripted server; call it `await using`. */
export function openWorld(options: WorldOptions = {}): World {
  const server = startImapServer({
    mailboxes: [{ name: "INBOX", messages: mails(2) }],
    ...options.server,
  });
  const good = startImapServer({
    mailboxes: [{ name: "INBOX", messages: mails(2, "good") }],
  });
  const rewriter = options.rewrite === undefined
    ? undefined
    : startRewriter(server.port, options.rewrite);
  const root = Deno.makeTempDirSync({ prefix: "oi-escape-" });
  return new World(root, server, good, rewriter, options);
}

/** Text for a person: lines, with nothing that a terminal would obey. */
export function assertPlain(text: string): void {
  // deno-lint-ignore no-control-regex
  const raw = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.exec(
    text.replaceAll("\r\n", "\n"),
  );
  const at = raw?.index ?? 0;
  assert.equal(raw, null, JSON.stringify(text.slice(at - 40, at + 40)));
}

function* walk(
  folder: string,
  but: readonly string[] = [],
): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    yield path;
    if (isDirectory && !but.includes(path)) yield* walk(path, but);
  }
}

function isOdd(path: string): boolean {
  const { isDirectory, isFile } = Deno.lstatSync(path);
  return !isDirectory && !isFile;
}

function peakOf(pid: number): number | undefined {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/status`);
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}

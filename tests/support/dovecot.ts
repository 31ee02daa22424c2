/**
 * A real Dovecot for a test: started from a temporary folder of its own, on free
 * ports of 127.0.0.1, as root or as an ordinary user, and gone with the test.
 */
import { join } from "node:path";
import { certificates } from "./certificates.ts";
import {
  dovecotConfig,
  type DovecotOptions,
  type DovecotPlaces,
  passwordLines,
} from "./dovecot_config.ts";
import {
  readMaildir,
  seedMaildir,
  type SeedMessage,
  type StoredMessage,
} from "./dovecot_maildir.ts";
import { freePorts } from "./ports.ts";

export type { DovecotOptions } from "./dovecot_config.ts";
export type { SeedMessage, StoredMessage } from "./dovecot_maildir.ts";

/** A running server. `await using` stops it and removes its folder. */
export interface Dovecot extends AsyncDisposable {
  readonly host: string;
  /** Plain text, and STARTTLS with `tls`. */
  readonly port: number;
  /** Implicit TLS; nothing listens there without `tls`. */
  readonly tlsPort: number;
  /** The first of the users, and the password. */
  readonly user: string;
  readonly password: string;
  /** The first user's Maildir: INBOX itself, other folders below (LAYOUT=fs, UTF-8 names). */
  readonly mailRoot: string;
  readonly configFile: string;
  /** Everything of this server is in here. */
  readonly folder: string;
  /** The Maildir of any user. */
  mailRootOf(user: string): string;
  /** Writes files straight into the first user's `folder` (levels by `/`). */
  seed(
    folder: string,
    messages: readonly (SeedMessage | string | Uint8Array)[],
  ): Promise<string[]>;
  /** The messages in the first user's `folder` as they lie on disk. */
  messages(folder: string): Promise<StoredMessage[]>;
  /** Gives what a test wrote in the Maildir by itself to the mail user (needed as root). */
  own(path: string): Promise<void>;
  /** Runs `doveadm ARGS…` on this server, as a second client would; returns its output. */
  doveadm(...args: string[]): Promise<string>;
  /** What the server logged so far. */
  log(): Promise<string>;
  /** Stops the server, keeps its folder. Safe to call twice. */
  stop(): Promise<void>;
  /** Starts it again on the same ports after {@link stop}. */
  restart(): Promise<void>;
}

const START_DEADLINE_MS = 20_000;
const SEARCHED = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"];

/** Where the `dovecot` program is, `undefined` when it is not installed. */
export function findDovecot(): string | undefined {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), ...SEARCHED];
  for (const folder of folders.filter((name) => name !== "")) {
    const path = join(folder, "dovecot");
    try {
      if (Deno.statSync(path).isFile) return path;
    } catch {
      // Not there: the next one.
    }
  }
  return undefined;
}

/**
 * A test that needs Dovecot. Where that is not installed the test is ignored and
 * its name says why, but with OFFLINEIMAP_TEST_REQUIRE=1 it fails.
 */
export function dovecotTest(
  name: string,
  run: (t: Deno.TestContext) => void | Promise<void>,
): void {
  const missing = findDovecot() === undefined;
  const required = Deno.env.get("OFFLINEIMAP_TEST_REQUIRE") === "1";
  Deno.test({
    name: missing ? `${name} (Dovecot is not installed)` : name,
    ignore: missing && !required,
    fn: run,
  });
}

/**
 * Starts a server and waits for its greeting.
 *
 * @throws {Error} With the server's log when it does not start.
 */
export async function startDovecot(
  options: DovecotOptions = {},
): Promise<Dovecot> {
  const program = findDovecot();
  if (program === undefined) throw new Error("Dovecot is not installed");
  const folder = await Deno.makeTempDir({ prefix: "oi-dovecot-" });
  try {
    // Dovecot's unprivileged processes must get through it to their sockets.
    await Deno.chmod(folder, 0o755);
    const prepared = options.tls && !options.certificate
      ? { ...options, certificate: (await certificates()).server }
      : options;
    const server = new Server(program, folder, prepared);
    await server.prepare();
    await server.start();
    return server;
  } catch (error) {
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
}

/** Identity under which mail lies on disk. */
interface Owner {
  uid: number;
  gid: number;
}

class Server implements Dovecot {
  readonly host = "127.0.0.1";
  readonly user: string;
  readonly password: string;
  readonly configFile: string;
  port = 0;
  tlsPort = 0;
  readonly #users: Readonly<Record<string, string>>;
  #owner: Owner | undefined;
  #process: Deno.ChildProcess | undefined;
  readonly #program: string;
  readonly folder: string;
  readonly #options: DovecotOptions;

  constructor(program: string, folder: string, options: DovecotOptions) {
    this.#program = program;
    this.folder = folder;
    this.#options = options;
    this.#users = options.users ?? { user: "secret" };
    const [first] = Object.entries(this.#users);
    [this.user, this.password] = first ?? ["", ""];
    this.configFile = join(folder, "dovecot.conf");
  }

  get mailRoot(): string {
    return this.mailRootOf(this.user);
  }

  mailRootOf(user: string): string {
    return join(this.#homeOf(user), "Maildir");
  }

  #homeOf(user: string): string {
    return join(this.folder, "mail", encodeURIComponent(user));
  }

  /** Writes the users and makes their homes. */
  async prepare(): Promise<void> {
    const asRoot = Deno.uid() === 0;
    // Dovecot refuses to read mail as root: it lies there as user `mail`.
    this.#owner = asRoot ? await ownerNamed("mail") : undefined;
    const uid = this.#owner?.uid ?? Deno.uid();
    const gid = this.#owner?.gid ?? Deno.gid();
    const entry = (user: string) => `${uid}:${gid}::${this.#homeOf(user)}::`;
    await Deno.writeTextFile(
      join(this.folder, "users"),
      passwordLines(this.#users, entry),
    );
    await Deno.writeTextFile(
      join(this.folder, "masters"),
      passwordLines(this.#options.masterUsers ?? {}, () => ""),
    );
    for (const user of Object.keys(this.#users)) {
      const root = this.mailRootOf(user);
      await Deno.mkdir(root, { recursive: true });
      await this.own(root);
      await this.own(this.#homeOf(user));
    }
  }

  /** Starts it on ports that are free; tries others when they were taken meanwhile. */
  async start(): Promise<void> {
    for (let attempt = 1;; attempt++) {
      const [port = 0, tlsPort = 0] = freePorts(2);
      this.port = port;
      this.tlsPort = tlsPort;
      await Deno.writeTextFile(
        this.configFile,
        dovecotConfig(await this.#places(), this.#options),
      );
      try {
        return await this.restart();
      } catch (error) {
        const taken = (await this.log()).includes("Address already in use");
        if (!taken || attempt === 3) throw error;
      }
    }
  }

  async #places(): Promise<DovecotPlaces> {
    const asRoot = Deno.uid() === 0;
    const { folder, port, tlsPort } = this;
    const [name, group] = [await idName("-un"), await idName("-gn")];
    const systemUsers = asRoot
      ? { internal: "dovecot", login: "dovenull", group: "dovecot" }
      : { internal: name, login: name, group };
    return { folder, port, tlsPort, asRoot, systemUsers };
  }

  async restart(): Promise<void> {
    await this.stop();
    // The shell stops Dovecot when our end of its standard input is closed,
    // so that a test that is killed leaves no server behind. Sessions are
    // told as well: they would go on for seconds. At the word "now" all
    // are killed, since Dovecot takes a second to say good-bye.
    const script = 'exec 3<&0; "$0" -F -c "$1" 3<&- & child=$!; ' +
      "{ read -r how <&3; " +
      '[ "$how" = now ] && kill -9 $(pgrep -P "$child") "$child"; ' +
      'kill $(pgrep -x -P "$child" imap) "$child"; } 2>/dev/null & ' +
      'exec 3<&-; wait "$child"';
    this.#process = new Deno.Command("sh", {
      args: ["-c", script, this.#program, this.configFile],
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      await this.#waitForGreeting(this.#process);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #waitForGreeting(process: Deno.ChildProcess): Promise<void> {
    let exited = false;
    void process.status.then(() => exited = true);
    const deadline = performance.now() + START_DEADLINE_MS;
    while (performance.now() < deadline && !exited) {
      if (await greets(this.port)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const log = await this.log();
    throw new Error(`Dovecot did not start on port ${this.port}: ${log}`);
  }

  async seed(
    folder: string,
    messages: readonly (SeedMessage | string | Uint8Array)[],
  ): Promise<string[]> {
    return await seedMaildir(this.mailRoot, folder, messages, this.#owner);
  }

  async messages(folder: string): Promise<StoredMessage[]> {
    return await readMaildir(this.mailRoot, folder);
  }

  async own(path: string): Promise<void> {
    if (!this.#owner) return;
    await Deno.chown(path, this.#owner.uid, this.#owner.gid);
    if (!(await Deno.lstat(path)).isDirectory) return;
    for await (const entry of Deno.readDir(path)) {
      await this.own(join(path, entry.name));
    }
  }

  async doveadm(...args: string[]): Promise<string> {
    const output = await new Deno.Command("doveadm", {
      args: ["-c", this.configFile, ...args],
    }).output();
    const text = new TextDecoder().decode(output.stdout);
    if (output.success) return text;
    const errors = new TextDecoder().decode(output.stderr);
    throw new Error(`doveadm ${args.join(" ")}: ${errors}`);
  }

  async log(): Promise<string> {
    return await Deno.readTextFile(join(this.folder, "dovecot.log"))
      .catch(() => "");
  }

  async stop(): Promise<void> {
    await this.#end("");
  }

  async #end(word: string): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (!process) return;
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(word)).catch(() => {});
    await writer.close().catch(() => {});
    await process.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end("now\n");
    await Deno.remove(this.folder, { recursive: true }).catch(() => {});
  }
}

async function greets(port: number): Promise<boolean> {
  try {
    using socket = await Deno.connect({ hostname: "127.0.0.1", port });
    const buffer = new Uint8Array(512);
    const count = await socket.read(buffer) ?? 0;
    return new TextDecoder().decode(buffer.subarray(0, count))
      .startsWith("* OK");
  } catch {
    return false;
  }
}

async function ownerNamed(user: string): Promise<Owner> {
  const uid = Number(await idName("-u", user));
  const gid = Number(await idName("-g", user));
  return { uid, gid };
}

async function idName(...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command("id", { args }).output();
  return new TextDecoder().decode(stdout).trim();
}

import assert from "node:assert/strict";
import { join } from "node:path";

const MAIN = new URL("../../src/main.ts", import.meta.url).href;

/** Where Deno keeps what it has compiled; it would else be in the scratch home. */
const DENO_DIR = await denoDir();

async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(stdout));
  return denoDir;
}

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the program from source in a home directory of its own. */
async function offlineimap(home: string, ...args: string[]): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", MAIN, ...args],
    env: {
      DENO_DIR,
      HOME: home,
      USERPROFILE: home,
      XDG_CONFIG_HOME: "",
      APPDATA: join(home, "AppData"),
    },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) =>
    new TextDecoder().decode(bytes).replaceAll("\r\n", "\n");
  return { code, out: text(stdout), err: text(stderr) };
}

async function withHome(body: (home: string) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir({ prefix: "cli-" });
  try {
    await body(home);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

Deno.test("offlineimap --version prints the bare number", () =>
  withHome(async (home) => {
    const { code, out, err } = await offlineimap(home, "--version");
    assert.equal(code, 0);
    assert.match(out, /^\d+\.\d+\.\d+\n$/);
    assert.equal(err, "");
  }));

Deno.test("offlineimap -V names program and runtime", () =>
  withHome(async (home) => {
    const { code, out } = await offlineimap(home, "-V");
    assert.equal(code, 0);
    assert.match(out, /^offlineimap v\d.*, Deno v\d.*\n$/);
  }));

Deno.test("offlineimap --help fits into 80 columns of a file", () =>
  withHome(async (home) => {
    const { code, out, err } = await offlineimap(home, "--help");
    assert.equal(code, 0);
    assert.equal(err, "");
    assert.match(out, /^Usage: offlineimap /);
    assert.ok(out.split("\n").every((line) => line.length <= 80));
  }));

Deno.test("offlineimap ends with 2 on a flag that does not exist", () =>
  withHome(async (home) => {
    const { code, out, err } = await offlineimap(home, "--dryrun");
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.equal(
      err,
      'offlineimap: There is no flag --dryrun; did you mean "--dry-run"?\n' +
        'Try "offlineimap --help"\n',
    );
  }));

Deno.test("offlineimap says where it looked for a configuration", () =>
  withHome(async (home) => {
    const { code, out, err } = await offlineimap(home);
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.ok(err.includes(join(home, ".offlineimaprc")), err);
    assert.match(err, /^ERROR: There is no configuration/);
    const named = await offlineimap(home, "-c", join(home, "none"));
    assert.equal(named.code, 1);
    assert.ok(named.err.includes(join(home, "none")), named.err);
  }));

const CONFIG = `[general]
accounts = Work

[Account Work]
localrepository = Local
remoterepository = Remote

[Repository Local]
type = Maildir
localfolders = ~/Mail

[Repository Remote]
type = IMAP
remotehost = localhost
remoteuser = jane
`;

Deno.test("offlineimap ends with 1 on what the configuration cannot mean", () =>
  withHome(async (home) => {
    const path = join(home, ".offlineimaprc");
    await Deno.writeTextFile(path, CONFIG);
    for (
      const [args, text] of [
        [["-a", "Nobody"], /"?Nobody"?/],
        [["-u", "telepathy"], /telepathy/],
        [["-k", "nonsense"], /^ERROR: Cannot apply -k nonsense/],
        [["-k", "No_Section:a=b"], /^ERROR: Cannot apply -k No_Section:a/],
        [["-l", join(home, "no", "log")], /^ERROR: Cannot open the log file/],
      ] as const
    ) {
      const { code, err } = await offlineimap(home, ...args);
      assert.equal(code, 1, args.join(" "));
      assert.match(err, text);
      assert.doesNotMatch(err, /\n {4}at /, "no stack for a mistake of users");
    }
    await Deno.writeTextFile(path, "no section\n");
    const { code, err } = await offlineimap(home);
    assert.equal(code, 1);
    assert.match(err, /\.offlineimaprc/);
  }));

Deno.test("offlineimap reports a lock, and leaves the account alone", {
  ignore: Deno.build.os === "windows",
}, () =>
  withHome(async (home) => {
    await Deno.writeTextFile(join(home, ".offlineimaprc"), CONFIG);
    const metadata = join(home, ".offlineimap");
    await Deno.mkdir(metadata);
    using file = await Deno.open(join(metadata, "Work.lock"), {
      write: true,
      create: true,
    });
    assert.equal(await file.tryLock(true), true);
    const { code, out } = await offlineimap(home, "-u", "quiet");
    assert.equal(code, 1);
    assert.match(
      out,
      /ERROR: Could not lock account Work\. Is another instance using this account\?\n/,
    );
    if (Deno.build.os === "linux") {
      assert.match(out, RegExp(`Process ${Deno.pid} holds the lock`));
    }
    await assert.rejects(Deno.stat(join(home, "Mail")));
  }));

Deno.test("offlineimap ends quietly when nobody reads its output", {
  ignore: Deno.build.os === "windows",
}, () =>
  withHome(async (home) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", MAIN, "--help"],
      env: { DENO_DIR, HOME: home },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await child.stdout.cancel();
    const { code, stderr } = await child.output().catch(async () => ({
      code: (await child.status).code,
      stderr: new Uint8Array(),
    }));
    assert.equal(code, 0);
    assert.equal(new TextDecoder().decode(stderr), "");
  }));

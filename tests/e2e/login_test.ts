/** Where passwords come from, and what a wrong one costs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  fakePrograms,
  SECRET_TOOL,
  WITHOUT_SHELL,
} from "../support/fake_programs.ts";
import type { ImapServer } from "../support/imap_server/mod.ts";
import type { Program } from "../support/program.ts";
import { WHY_SKIPPED, WITHOUT_PYTHON } from "../unit/python/support_python.ts";
import { errorsOf, openPair } from "./support.ts";
import { start } from "./started.ts";

/** The loop is ended by one. */
const WITHOUT_SIGNALS = Deno.build.os === "windows";
const PASSWORD = "s3cret%p w";
const USER = { users: { user: PASSWORD } };
const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const DRIVER = fileURLToPath(
  new URL("../unit/ui/terminal_driver.py", import.meta.url),
);
const WITH_PYTHON = { ignore: WITHOUT_PYTHON };
const ON_UNIX = { ignore: WITHOUT_PYTHON || Deno.build.os === "windows" };

/** Puts other lines in the place of remotepass. */
function logInBy(program: Program, ...lines: string[]): void {
  const text = Deno.readTextFileSync(program.configFile);
  Deno.writeTextFileSync(
    program.configFile,
    text.replace(/^remotepass = .*$/m, lines.join("\n")),
  );
}

/** Where Deno keeps what it has compiled: not in the made-up home. */
async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

Deno.test("remotepassfile gives its first line as the password", async () => {
  await using pair = openPair(USER);
  const file = join(pair.program.home, "password");
  Deno.writeTextFileSync(file, `${PASSWORD}  \nsecond line\n`);
  logInBy(pair.program, `remotepassfile = ${file}`);
  assert.deepEqual(errorsOf(await pair.program.sync()), []);
});

Deno.test(".netrc gives user and password", async () => {
  await using pair = openPair({ users: { "jane@example.org": PASSWORD } });
  const { program } = pair;
  const text = Deno.readTextFileSync(program.configFile);
  Deno.writeTextFileSync(
    program.configFile,
    text.replace(/^remote(user|pass) = .*\n/gm, ""),
  );
  const windows = Deno.build.os === "windows";
  Deno.writeTextFileSync(
    join(program.home, windows ? "_netrc" : ".netrc"),
    "machine imap.example.org login other password wrong\n" +
      `machine 127.0.0.1 login jane@example.org password "${PASSWORD}"\n`,
    { mode: 0o600 },
  );
  const { code, stdout } = await program.run({
    env: {
      HOME: program.home,
      USERPROFILE: program.home,
      DENO_DIR: await denoDir(),
    },
  });
  assert.equal(code, 0, stdout);
  assert.equal(program.tree.files("INBOX").length, 3);
});

Deno.test({
  name: `remotepasseval calls a function that runs a program${WHY_SKIPPED}`,
  ...WITH_PYTHON,
  fn: async () => {
    const pythonfile = "offlineimap.py";
    await using pair = openPair(USER, { general: { pythonfile } });
    const { program } = pair;
    const path = join(program.home, pythonfile);
    program.configure({ general: { pythonfile: path } });
    logInBy(program, "remotepasseval = get_pass('mail')");
    Deno.writeTextFileSync(
      path,
      "import subprocess, sys\ndef get_pass(name):\n" +
        '    print("asked for", name)\n' +
        "    return subprocess.check_output([sys.executable, '-c',\n" +
        `        "print('${PASSWORD}')"]).strip()\n`,
    );
    const run = await program.sync();
    assert.deepEqual(errorsOf(run), []);
    assert.match(run.output, /asked for mail/);
    assert.ok(!run.output.includes(PASSWORD));
    // The user's pass is not installed.
    Deno.writeTextFileSync(
      path,
      "import subprocess\ndef get_pass(name):\n" +
        "    return subprocess.check_output(['no-such-pass', 'show', name])\n",
    );
    const failed = await program.sync();
    assert.equal(failed.code, 1);
    assert.match(
      failed.output,
      /remotepasseval: FileNotFoundError: .*no-such-pass \(in .*offlineimap\.py:3\)/,
    );
  },
});

/** The first lines of the programs that people use for it. */
const HELPERS = {
  pass: `[ "$*" = "show mail" ] && printf '${PASSWORD}\nurl: x\n'`,
  gpg: `[ "$*" = "-dq ${"$"}HERE/mail.gpg" ] && printf '${PASSWORD}\n'`,
  "secret-tool":
    `[ "$*" = "lookup service mail" ] && printf '%s' '${PASSWORD}'`,
};

/** printf takes a percent sign for its own. */
const PROGRAMS = Object.fromEntries(
  Object.entries(HELPERS).map(([name, body]) => [
    name,
    name === "secret-tool" ? body : body.replaceAll("%", "%%"),
  ]),
);

Deno.test({
  name:
    `remotepasseval and remotepasscmd run pass, gpg and secret-tool${WHY_SKIPPED}`,
  ...ON_UNIX,
  fn: async () => {
    await using fake = fakePrograms(PROGRAMS);
    await using pair = openPair(USER);
    const { program } = pair;
    const path = join(program.home, "offlineimap.py");
    const gpg = join(fake.folder, "mail.gpg");
    program.configure({ general: { pythonfile: path } });
    const plain = Deno.readTextFileSync(program.configFile);
    Deno.writeTextFileSync(
      path,
      "import subprocess, os\n" +
        "def by_pass(name):\n" +
        "    out = subprocess.check_output(['pass', 'show', name])\n" +
        "    return out.decode().splitlines()[0]\n" +
        "def by_gpg(path):\n" +
        "    return os.popen('gpg -dq ' + path).read().rstrip('\\n')\n" +
        "def by_secret_tool(name):\n" +
        "    return subprocess.run(['secret-tool', 'lookup', 'service', name],\n" +
        "        capture_output=True).stdout\n",
    );
    for (
      const line of [
        "remotepasseval = by_pass('mail')",
        `remotepasseval = by_gpg('${gpg}')`,
        "remotepasseval = by_secret_tool('mail')",
        "remotepasscmd = pass show mail",
        `remotepasscmd = gpg -dq ${gpg}`,
        "remotepasscmd = secret-tool lookup service mail",
      ]
    ) {
      Deno.writeTextFileSync(program.configFile, plain);
      logInBy(program, line);
      const { code, stdout } = await program.run({
        args: ["-d", "all"],
        env: fake.env,
      });
      assert.equal(code, 0, `${line}: ${stdout}`);
      assert.ok(!stdout.includes(PASSWORD));
    }
    assert.ok(!fake.calls().includes(PASSWORD));
  },
});

Deno.test({
  name: "remotepasscmd runs once in a run with several connections and syncs",
  ignore: WITHOUT_SHELL,
  fn: async () => {
    await using fake = fakePrograms({ ask: `echo '${PASSWORD}'` });
    await using pair = openPair(USER, { remote: { maxconnections: 3 } });
    const { program } = pair;
    program.configure({
      account: { autorefresh: 0.005 },
      remote: { maxconnections: 3 },
    });
    logInBy(program, "remotepasscmd = ask");
    await using run = start(program, [], fake.env);
    await run.until(/Finished account/, 3);
    run.kill("SIGUSR2");
    assert.equal(await run.ended(), 0, run.output);
    assert.equal(fake.calls(), "ask \n");
  },
});

Deno.test({
  name: "remotepasscmd with a wrong password is one login, and not run again",
  ignore: WITHOUT_SHELL,
  fn: async () => {
    await using fake = fakePrograms({ ask: "echo hunter2" });
    await using pair = openPair(USER);
    const { program } = pair;
    program.configure({ account: { autorefresh: 0.001 } });
    logInBy(program, "remotepasscmd = ask");
    await using run = start(program, ["-d", "all"], fake.env);
    await run.until(/Finished account/, 3);
    run.kill("SIGUSR2");
    assert.equal(await run.ended(), 1, run.output);
    assert.equal(pair.server.log.count(/^(AUTHENTICATE|LOGIN)$/), 1);
    assert.equal(fake.calls(), "ask \n");
    assert.match(run.output, /it came from remotepasscmd/);
    assert.match(
      run.output,
      /remotepasscmd .* was refused; it is not run again/,
    );
    assert.ok(!run.output.includes("hunter2"));
  },
});

/** How often a secret was sent to the server. */
function logins({ server }: { server: ImapServer }): number {
  return server.log.count(/^(AUTHENTICATE|LOGIN)$/);
}

Deno.test({
  name: "a refused password is sent once in all syncs of a run",
  ignore: WITHOUT_SIGNALS,
  fn: async () => {
    await using pair = openPair(USER);
    const { program } = pair;
    program.configure({ account: { autorefresh: 0.001 } });
    logInBy(program, "remotepass = hunter2");
    await using run = start(program);
    await run.until(/Finished account/, 4);
    run.kill("SIGUSR2");
    assert.equal(await run.ended(), 1, run.output);
    assert.equal(logins(pair), 1);
    assert.match(run.output, /was refused before in this run/);
    assert.match(run.output, /Correct remotepass and start the program again/);
    assert.ok(!run.output.includes("hunter2"));
  },
});

Deno.test({
  name:
    "a password that was corrected where it is kept is tried in the same run",
  ignore: WITHOUT_SIGNALS,
  fn: async () => {
    await using pair = openPair(USER);
    const { program } = pair;
    const file = join(program.home, "password");
    Deno.writeTextFileSync(file, "hunter2\n");
    program.configure({ account: { autorefresh: 0.001 } });
    logInBy(program, `remotepassfile = ${file}`);
    await using run = start(program);
    await run.until(/Finished account/, 3);
    assert.equal(logins(pair), 1);
    assert.match(
      run.output,
      /Correct it in remotepassfile: it is read again by the next sync/,
    );
    Deno.writeTextFileSync(file, `${PASSWORD}\n`);
    await run.until(/Copy message/);
    run.kill("SIGUSR2");
    await run.ended();
    assert.equal(program.tree.files("INBOX").length, 3);
  },
});

Deno.test({
  name: "machineui tells why it asks for a password again",
  ignore: WITHOUT_SIGNALS,
  fn: async () => {
    await using pair = openPair(USER);
    const { program } = pair;
    program.configure({ account: { autorefresh: 0.001 } });
    logInBy(program);
    // The second is the first again, which is not sent.
    const input = `hunter2\nhunter2\n${PASSWORD}\n`;
    await using run = start(program, ["-u", "machineui"], {}, input);
    await run.until(/^msg:copyingmessage/m);
    run.kill("SIGUSR2");
    await run.ended();
    const lines = run.output.split("\n").filter((line) =>
      /:getpass(error)?:/.test(line)
    );
    const asked = "msg:getpass:Account+sync+test:user";
    const [first, error, second, again, third] = lines;
    assert.deepEqual([first, second, third], [asked, asked, asked]);
    for (const line of [error, again]) {
      assert.match(
        line ?? "",
        /^warn:getpasserror:Account\+sync\+test:user%0ACannot\+log\+in\+to\+/,
      );
    }
    assert.equal(lines.length, 5);
    assert.equal(logins(pair), 2);
    assert.ok(!run.output.includes("hunter2"));
  },
});

Deno.test({
  name: "the keyring gives the password, and --ignore-keyring leaves it alone",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using fake = fakePrograms({ "secret-tool": SECRET_TOOL });
    await using pair = openPair(USER);
    const { program } = pair;
    logInBy(program);
    const entry = join(fake.folder, "entry-127.0.0.1-user");
    const sync = (...args: string[]) => program.run({ args, env: fake.env });
    // Nothing there yet, and nobody to ask.
    const none = await sync();
    assert.equal(none.code, 1);
    assert.match(none.stdout, /ERROR: No password is known for user "user"/);
    Deno.writeTextFileSync(entry, PASSWORD);
    const found = await sync("-d", "all");
    assert.equal(found.code, 0, found.stdout);
    assert.ok(!found.stdout.includes(PASSWORD));
    const before = fake.calls();
    for (
      const ignoring of [["--ignore-keyring"], ["-k", "ignore-keyring=yes"]]
    ) {
      assert.equal((await sync(...ignoring)).code, 1);
    }
    assert.equal(fake.calls(), before);
    // The server has another one now.
    Deno.writeTextFileSync(entry, "hunter2");
    const wrong = await sync();
    assert.equal(wrong.code, 1);
    assert.match(wrong.stdout, /it came from the keyring/);
    assert.doesNotMatch(wrong.stdout + fake.calls(), /hunter2/);
  },
});

Deno.test("a wrong password costs one login, and says nothing of itself", async () => {
  await using pair = openPair({
    users: { user: PASSWORD },
    profile: { base: "dovecot", auth: ["PLAIN", "LOGIN"] },
  });
  logInBy(pair.program, "remotepass = hunter2");
  const { code, output } = await pair.program.sync({ args: ["-d", "all"] });
  assert.equal(code, 1);
  assert.equal(pair.server.log.count(/^(AUTHENTICATE|LOGIN)$/), 1);
  assert.match(output, /ERROR: Cannot log in to 127\.0\.0\.1:\d+ as "user"/);
  assert.match(output, /Check user name and password/);
  assert.ok(!output.includes("hunter2"));
  assert.ok(!output.includes(btoa("\0user\0hunter2")));
});

Deno.test("no password and nobody to ask is told, with the places for one", async () => {
  await using pair = openPair(USER);
  logInBy(pair.program);
  const { code, output } = await pair.program.sync();
  assert.equal(code, 1);
  assert.match(output, /ERROR: No password is known for user "user"/);
  assert.match(output, /ttyui on a terminal/);
});

Deno.test({
  name: `autorefresh takes the password of its first sync${WHY_SKIPPED}`,
  ...ON_UNIX,
  fn: async () => {
    await using pair = openPair(USER);
    const { program } = pair;
    const path = join(program.home, "offlineimap.py");
    program.configure({
      general: { pythonfile: path },
      account: { autorefresh: 0.005 },
    });
    logInBy(program, "remotepasseval = get_pass()");
    Deno.writeTextFileSync(
      path,
      "def get_pass():\n    print('asked')\n" +
        `    return '${PASSWORD}'\n`,
    );
    await using run = start(program);
    await run.until(/Finished account/, 3);
    run.kill("SIGUSR2");
    assert.equal(await run.ended(), 0, run.output);
    assert.equal(run.output.match(/^asked$/gm)?.length, 1, run.output);
  },
});

Deno.test({
  name: `ttyui asks for the password on a terminal, unseen${WHY_SKIPPED}`,
  ...ON_UNIX,
  fn: async () => {
    await using pair = openPair(USER);
    const { program } = pair;
    program.configure({ general: { ui: "ttyui" } });
    logInBy(program);
    const command = [Deno.execPath(), "run", "-A", "--quiet", MAIN];
    const { stdout } = await new Deno.Command("python3", {
      args: [DRIVER, `${PASSWORD}\r`, "", ...command, "-c", program.configFile],
    }).output();
    const { code, shown, restored } = JSON.parse(
      new TextDecoder().decode(stdout),
    );
    assert.equal(code, 0, shown);
    assert.ok(restored);
    assert.match(shown, /Enter password for user 'user' \(there\): /);
    assert.ok(!shown.includes(PASSWORD));
    assert.match(shown, /Copied 3 messages down/);
  },
});

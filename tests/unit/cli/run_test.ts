import assert from "node:assert/strict";
import { join } from "node:path";
import type { AccountRun, SyncAccount } from "../../../src/account/api.ts";
import { parseArguments } from "../../../src/cli/arguments.ts";
import { run, type RunParts } from "../../../src/cli/run.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { currentHost } from "../../../src/config/host.ts";
import { MailError } from "../../../src/errors.ts";
import type { Totals } from "../../../src/events.ts";
import type { SignalSource } from "../../../src/cli/signals.ts";
import { FakeStream } from "../ui/support.ts";

const CONFIG = `
[general]
accounts = Work, Home
metadata = /nonexistent/meta
socktimeout = 30
ui = basic
maxsyncaccounts = 2

[Account Work]
localrepository = WorkLocal
remoterepository = WorkRemote
quick = 5

[Repository WorkLocal]
type = Maildir
localfolders = /nonexistent/work

[Repository WorkRemote]
type = IMAP
remotehost = imap.example.org
remoteuser = jane

[Account Home]
localrepository = HomeLocal
remoterepository = HomeRemote

[Repository HomeLocal]
type = Maildir
localfolders = /nonexistent/home

[Repository HomeRemote]
type = IMAP
remotehost = imap.example.net
remoteuser = jane
`;

const TOTALS: Totals = {
  mailboxes: 0,
  unchanged: 0,
  failures: 0,
  toLocal: 0,
  toRemote: 0,
  flagLocal: 0,
  flagRemote: 0,
  deleteLocal: 0,
  deleteRemote: 0,
  moved: 0,
};

const nothingToDo: SyncAccount = () =>
  Promise.resolve({ totals: TOTALS, errors: [], validityProblem: false });

/** Runs a command line over a configuration with fakes for everything else. */
async function play(
  argv: string[],
  { config = CONFIG, ...replaced }: Partial<RunParts> & { config?: string } =
    {},
) {
  const out = new FakeStream();
  const err = new FakeStream();
  const runs: AccountRun[] = [];
  const sync = replaced.sync ?? nothingToDo;
  const code = await run(parseArguments(argv), {
    terminal: { out, err, keyboard: undefined },
    readConfig: (overrides) =>
      Promise.resolve(
        loadConfig({ file: "rc", text: config }, overrides, currentHost()),
      ),
    info: () => Promise.reject(new Error("not asked for")),
    deleteFolder: () => Promise.reject(new Error("not asked for")),
    migrateMarks: () => Promise.reject(new Error("not asked for")),
    lock: () =>
      Promise.resolve({
        verify: () => Promise.resolve(true),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
    clock: {
      now: () => 0,
      wall: () => 0,
      after: () => () => {},
    },
    exit: () => assert.fail("nobody asked for that"),
    signals: { add: () => {}, remove: () => {} },
    ...replaced,
    sync: (run, io) => {
      runs.push(run);
      return sync(run, io);
    },
  });
  return { code, out: out.text, err: err.text, runs };
}

Deno.test("run() synchronises all accounts and tells it", async () => {
  const { code, out, err, runs } = await play([]);
  assert.equal(code, 0);
  assert.equal(err, "");
  assert.match(out, /^OfflineIMAP \d/);
  for (const name of ["Work", "Home"]) {
    assert.ok(out.includes(`*** Processing account ${name}\n`));
    assert.ok(out.includes(`*** Finished account '${name}' in 0:00\n`));
  }
  assert.deepEqual(runs.map(({ account }) => account.name), ["Work", "Home"]);
  assert.equal(runs[0]?.metadata, "/nonexistent/meta");
  assert.equal(runs[0]?.socketTimeoutMs, 30_000);
  assert.deepEqual(runs[0]?.options, {
    dryRun: false,
    quick: false,
    allowDeletes: false,
    acceptValidity: false,
    restore: false,
    sequential: false,
    fsync: true,
    ignoreReadonly: false,
    debug: [],
  });
});

Deno.test("run() hands the flags to the core", async () => {
  const flags = ["-a", "Work", "-q", "--dry-run", "--allow-deletes"];
  const more = ["--accept-validity", "--restore", "-d", "imap"];
  const { runs } = await play([...flags, ...more]);
  assert.deepEqual(runs.map(({ account }) => account.name), ["Work"]);
  assert.deepEqual(runs[0]?.options, {
    dryRun: true,
    quick: true,
    allowDeletes: true,
    acceptValidity: true,
    restore: true,
    sequential: true,
    fsync: true,
    ignoreReadonly: false,
    debug: ["imap"],
  });
});

Deno.test("run() warns of what it ignores before anything is done", async () => {
  const { out, code } = await play(["extra"], {
    config: CONFIG.replace("ui = basic", "ui = quiet\nfsnyc = no"),
  });
  assert.equal(code, 0);
  const [first, second, end] = out.split("\n");
  assert.equal(first, 'WARNING: Ignored on the command line: "extra"');
  assert.match(second ?? "", /^WARNING: rc:\d+: .*fsnyc.*fsync/);
  assert.equal(end, "");
});

Deno.test("run() is 1 when an account fails, and does the others", async () => {
  const { code, out, runs } = await play([], {
    sync: (run, io) => {
      if (run.account.name === "Work") return Promise.reject("odd");
      return nothingToDo(run, io);
    },
  });
  assert.equal(code, 1);
  assert.equal(runs.length, 2);
  assert.match(out, /\nERROR: Cannot synchronise account Work: odd\n/);
  assert.match(out, /\nERROR: Exceptions occurred during the run!\n/);
});

Deno.test("run() is 1 when an account's section is wrong, and does the others", async () => {
  const { code, out, runs } = await play([], {
    config: CONFIG.replace("remoterepository = HomeRemote", ""),
  });
  assert.equal(code, 1);
  assert.deepEqual(runs.map(({ account }) => account.name), ["Work"]);
  assert.match(out, /\nERROR: .*Home/);
});

Deno.test("run() is 1 when an error was told that nobody counted", async () => {
  const { code } = await play([], {
    sync: (run, io) => {
      io.emit({
        type: "error",
        error: { code: "x", scope: "message", text: "It failed" },
      });
      return nothingToDo(run, io);
    },
  });
  assert.equal(code, 1);
});

Deno.test("run() is 2 when only a UIDVALIDITY is open", async () => {
  const { code, out } = await play(["-a", "Work"], {
    sync: ({ account: { name: account } }, { emit }) => {
      const text = "Its UIDVALIDITY changed";
      const error = { code: "sync.validity", scope: "mailbox", text } as const;
      emit({ type: "error", account, mailbox: "INBOX", error });
      const errors = [error];
      return Promise.resolve({ totals: TOTALS, errors, validityProblem: true });
    },
  });
  assert.equal(code, 2);
  assert.match(
    out,
    /WARNING: At least one folder skipped due to UID validity problem\n/,
  );
});

Deno.test("run() takes a promise that failed unseen for an error", async () => {
  const { code, out } = await play(["-a", "Work"], {
    sync: async (run, io) => {
      Promise.reject(new TypeError("left behind"));
      // Rejections are noticed when the microtasks are done.
      await new Promise((resolve) => setTimeout(resolve, 0));
      return nothingToDo(run, io);
    },
  });
  assert.equal(code, 1);
  assert.match(out, /ERROR: Something failed behind the scenes: left behind\n/);
});

Deno.test("run() takes a callback that throws for an error", async () => {
  const { code, out } = await play(["-a", "Work"], {
    sync: async (run, io) => {
      await new Promise<void>((resolve) => {
        setTimeout(() => {
          setTimeout(resolve, 0);
          throw new TypeError("from a callback");
        }, 0);
      });
      return nothingToDo(run, io);
    },
  });
  assert.equal(code, 1);
  assert.match(out, /ERROR: Something failed behind the scenes: from a call/);
});

Deno.test("run() lets an error of the configuration through", async () => {
  await assert.rejects(
    play(["-a", "Nobody"]),
    (error) => error instanceof MailError && error.code === "config.account",
  );
});

Deno.test("run() writes a log without what -k sets", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const path = join(directory, "log");
    const secret = ["-k", "Repository_WorkRemote:remotepass=hunter2"];
    await play(["-u", "quiet", "-l", path, ...secret]);
    const text = await Deno.readTextFile(path);
    assert.match(text, /INFO: OfflineImap [^\n]+ starting\.\.\.\n/);
    assert.match(text, /-k Repository_WorkRemote:remotepass=…/);
    assert.doesNotMatch(text, /hunter2/);
    await assert.rejects(
      play(["-l", join(directory, "no", "log")]),
      (error) => error instanceof MailError && error.code === "log.open",
    );
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("run() shows information on standard output, without a lock", async () => {
  const repository = { facts: [], rules: [], folders: [] };
  const { code, out, err, runs } = await play(["--info"], {
    lock: () => assert.fail("no lock for --info"),
    info: (run) => {
      if (run.account.name === "Home") {
        return Promise.reject(
          new MailError("No login", {
            code: "auth.rejected",
            scope: "account",
          }),
        );
      }
      return Promise.resolve({
        account: run.account.name,
        remote: { ...repository, name: "WorkRemote", type: "IMAP" },
        local: { ...repository, name: "WorkLocal", type: "Maildir" },
      });
    },
  });
  assert.equal(code, 1);
  assert.equal(runs.length, 0);
  assert.match(out, /^Account Work\n/);
  assert.match(err, /ERROR: No login\n/);
});

Deno.test("run() stops on a signal with what has been done", async () => {
  const handlers = new Map<string, () => void>();
  const signals: SignalSource = {
    add: (signal, handler) => void handlers.set(signal, handler),
    remove: (signal) => void handlers.delete(signal),
  };
  const { code, runs, out } = await play(["-1"], {
    signals,
    platform: "linux",
    sync: (run, io) => {
      handlers.get("SIGINT")?.();
      assert.equal(io.signal.aborted, true);
      return nothingToDo(run, io);
    },
  });
  assert.equal(code, 0);
  assert.equal(runs.length, 1, "the second account is not begun");
  assert.match(out, /WARNING: Preparing to shutdown after sync /);
  assert.equal(handlers.size, 0);
});

Deno.test("run() exits at the third signal, the last words written", async () => {
  const handlers = new Map<string, () => void>();
  const codes: number[] = [];
  const { out } = await play(["-a", "Work"], {
    platform: "linux",
    signals: {
      add: (signal, handler) => void handlers.set(signal, handler),
      remove: () => {},
    },
    exit: (code) => codes.push(code),
    sync: (run, io) => {
      for (let count = 0; count < 3; count++) handlers.get("SIGTERM")?.();
      return nothingToDo(run, io);
    },
  });
  assert.deepEqual(codes, [1]);
  assert.match(out, /WARNING: Signaled thrice\. Aborting!\n/);
});

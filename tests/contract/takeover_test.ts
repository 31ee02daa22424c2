/** Metadata as the real OfflineIMAP writes it, taken over. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { basename, dirname, join } from "node:path";
import {
  findCollisions,
  type LegacyFile,
  type LegacyStatus,
  missingRef,
  openState,
  pairLegacy,
  stateFile,
  takeOver,
  type TakeOverOptions,
} from "../../src/state/mod.ts";
import { type Dovecot, findDovecot, startDovecot } from "../support/dovecot.ts";

/** Whether a program can be started. */
async function isInstalled(program: string): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(program, {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

const installed = findDovecot() !== undefined &&
  await isInstalled("offlineimap");
const required = Deno.env.get("OFFLINEIMAP_TEST_REQUIRE") === "1";

/** A test that runs the real OfflineIMAP against a Dovecot. */
function offlineimapTest(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: installed ? name : `${name} (needs offlineimap3 and Dovecot)`,
    ignore: !installed && !required,
    fn,
  });
}

/** Folders by raw name; the local name is what nametrans and `sep` make of it. */
const FOLDERS: Record<string, string> = {
  "INBOX": "INBOX",
  "Work/Projects": "job.Projects",
  "G&AOQ-ste": "G&AOQ-ste",
  "x y (z)": "x y (z)",
  "Empty": "Empty",
};

/** An account `Acc` of the real OfflineIMAP on a Dovecot. */
class Account implements AsyncDisposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "oi-takeover-" });
  readonly metadata = join(this.#folder, "meta");
  readonly mail = join(this.#folder, "mail");

  constructor(readonly server: Dovecot) {}

  /** One run of the real program. */
  async run(): Promise<void> {
    const file = join(this.#folder, "offlineimaprc");
    Deno.writeTextFileSync(
      file,
      `[general]
accounts = Acc
metadata = ${this.metadata}
ui = quiet
[Account Acc]
localrepository = Here
remoterepository = There
[Repository Here]
type = Maildir
localfolders = ${this.mail}
customflag_a = $Work
nametrans = lambda name: name.replace('job', 'Work')
[Repository There]
type = IMAP
remotehost = ${this.server.host}
remoteport = ${this.server.port}
remoteuser = ${this.server.user}
remotepass = ${this.server.password}
ssl = no
starttls = no
nametrans = lambda name: name.replace('Work', 'job')
`,
    );
    const { success, stdout, stderr } = await new Deno.Command("offlineimap", {
      args: ["-o", "-c", file],
      stdin: "null",
      env: { HOME: this.#folder },
    }).output();
    const decoder = new TextDecoder();
    assert.ok(success, decoder.decode(stdout) + decoder.decode(stderr));
  }

  options(raw: string, warnings: string[] = []): TakeOverOptions {
    const visible = raw.replace("Work", "job");
    return {
      metadata: this.metadata,
      account: "Acc",
      remoteRepo: "There",
      localRepo: "Here",
      remoteName: raw,
      remoteVisible: visible,
      remoteSeparator: "/",
      localName: FOLDERS[raw] ?? "",
      customFlags: new Map([["a", "$Work"]]),
      collisions: findCollisions(
        Object.keys(FOLDERS).map((name) => ({
          remoteName: name,
          remoteVisible: name.replace("Work", "job"),
        })),
        { separator: "/" },
      ),
      warn: (text) => warnings.push(text),
    };
  }

  /** Paths of the message files of a local folder, in the order of OfflineIMAP. */
  files(local: string): string[] {
    return ["new", "cur"].flatMap((part) => {
      const folder = join(this.mail, local, part);
      return [...Deno.readDirSync(folder)]
        .map(({ name }) => join(folder, name)).sort();
    });
  }

  /** The files with what their names say, as the Maildir store would list them. */
  listing(raw: string): LegacyFile[] {
    const local = FOLDERS[raw] ?? "";
    // FMD5 is that of the name after the local nametrans.
    const here = createHash("md5").update(local.replace("job", "Work"))
      .digest("hex");
    return this.files(local).map((path) => {
      const ref = basename(path).replace(/:2,.*$/, "");
      const [, uid] = /,U=(\d+)/.exec(ref) ?? [];
      const [, origin] = /,FMD5=([0-9a-f]{32})/.exec(ref) ?? [];
      if (uid === undefined || origin === undefined) return { ref };
      return { ref, hint: { uid: Number(uid), here: origin === here, origin } };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

async function seededAccount(): Promise<Account> {
  const account = new Account(await startDovecot());
  try {
    await seed(account.server);
    await account.run();
    return account;
  } catch (error) {
    await account[Symbol.asyncDispose]();
    throw error;
  }
}

async function seed(server: Dovecot): Promise<void> {
  const bodies = (count: number, flags: readonly string[] = []) =>
    Array.from({ length: count }, (_, i) => ({
      body: `Subject: ${i}\nMessage-ID: <${i}@example.org>\n\nText ${i}\n`,
      flags: flags[i] ?? "",
    }));
  await server.seed("INBOX", bodies(6, ["S", "FS", "RS", "DT", "", "S"]));
  await server.seed("Work/Projects", bodies(3, ["S"]));
  await server.seed("Gäste", bodies(2));
  await server.seed("x y (z)", bodies(1));
  await server.seed("Empty", []);
  const add = ["flags", "add", "-u", server.user, "$Work $Else"];
  await server.doveadm(...add, "mailbox", "INBOX", "uid", "6");
}

/** All files below a folder with their bytes. */
function snapshot(path: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of Deno.readDirSync(path)) {
    const child = join(path, entry.name);
    if (entry.isDirectory) {
      for (const [name, bytes] of snapshot(child)) files.set(name, bytes);
    } else files.set(child, Deno.readFileSync(child).join());
  }
  return files;
}

function rowsOf(status: LegacyStatus | undefined): string[] | undefined {
  return status?.rows.map(({ uid, flags }) => `${uid} ${flags}`.trimEnd());
}

async function validityOf(server: Dovecot, mailbox: string): Promise<number> {
  const line = await server.doveadm(
    ...["-f", "tab", "mailbox", "status", "-u", server.user, "uidvalidity"],
    mailbox,
  );
  return Number(line.trim().split(/\s+/).at(-1));
}

offlineimapTest(
  "takeOver() reads what the real OfflineIMAP wrote, and leaves it",
  async () => {
    await using account = await seededAccount();
    const before = snapshot(account.metadata);
    const warnings: string[] = [];
    const take = (raw: string) => takeOver(account.options(raw, warnings));
    assert.deepEqual(rowsOf(take("INBOX")), [
      "1 \\Seen",
      "2 \\Flagged \\Seen",
      "3 \\Answered \\Seen",
      "4 \\Deleted \\Draft",
      "5",
      "6 $Work \\Seen",
    ]);
    assert.deepEqual(rowsOf(take("Work/Projects")), ["1 \\Seen", "2", "3"]);
    assert.deepEqual(rowsOf(take("G&AOQ-ste")), ["1", "2"]);
    assert.deepEqual(rowsOf(take("Empty")), []);
    for (
      const [raw, name] of [["INBOX", "INBOX"], [
        "Work/Projects",
        "Work/Projects",
      ], ["G&AOQ-ste", "Gäste"]] as const
    ) {
      assert.equal(
        take(raw)?.remoteValidity,
        await validityOf(account.server, name),
        raw,
      );
      assert.equal(take(raw)?.localValidity, 42);
    }
    assert.equal(take("Never"), undefined);
    assert.deepEqual(snapshot(account.metadata), before);
    assert.deepEqual(warnings, []);
  },
);

offlineimapTest(
  "pairLegacy() joins it with the Maildir: kept, deleted, doubled, moved and new files",
  async () => {
    await using account = await seededAccount();
    const inbox = account.files("INBOX");
    const ofUid = (uid: number) => {
      const path = inbox.find((path) => path.includes(`,U=${uid},`));
      assert.ok(path !== undefined);
      return path;
    };
    Deno.removeSync(ofUid(2));
    Deno.copyFileSync(ofUid(3), `${ofUid(3).replace(",U=", "z,U=")}`);
    const moved = join(account.mail, "Empty", "cur", basename(ofUid(5)));
    Deno.renameSync(ofUid(5), moved);
    Deno.writeTextFileSync(
      join(dirname(moved), "new.1:2,"),
      "Subject: new\n\n",
    );

    const file = stateFile(account.metadata, "Acc");
    using state = openState({ file, fsync: true });
    for (const raw of Object.keys(FOLDERS)) {
      const legacy = takeOver(account.options(raw));
      if (legacy === undefined) continue;
      state.mailbox(raw, FOLDERS[raw] ?? "").commit(
        pairLegacy(legacy.rows, account.listing(raw)),
      );
    }
    const locals = [...state.mailbox("INBOX", "INBOX").load().remote.pairs()]
      .map(({ remote, local }) => [remote, local]);
    const name = (uid: number) => basename(ofUid(uid)).replace(/:2,.*$/, "");
    assert.deepEqual(locals, [
      [1, name(1)],
      [2, missingRef(2)],
      [3, name(3)],
      [4, name(4)],
      [5, missingRef(5)],
      [6, name(6)],
    ]);
    assert.equal(state.mailbox("Empty", "Empty").load().size, 0);
    const projects = state.mailbox("Work/Projects", "job.Projects").load();
    assert.equal(projects.local.size, 3);
    for (const { local } of projects.local.pairs()) {
      assert.ok(!`${local}`.startsWith(".missing"));
    }
  },
);

offlineimapTest(
  "takeOver() agrees with the real OfflineIMAP after flags and deletions of later runs",
  async () => {
    await using account = await seededAccount();
    const { server } = account;
    const of = (uid: number) => ["mailbox", "INBOX", "uid", String(uid)];
    await server.doveadm(
      "flags",
      "add",
      "-u",
      server.user,
      "\\Flagged",
      ...of(1),
    );
    await server.doveadm("expunge", "-u", server.user, ...of(5));
    Deno.removeSync(
      account.files("INBOX").find((path) => path.includes(",U=3,")) ?? "",
    );
    await account.run();
    assert.deepEqual(rowsOf(takeOver(account.options("INBOX"))), [
      "1 \\Flagged \\Seen",
      "2 \\Flagged \\Seen",
      "4 \\Deleted \\Draft",
      "6 $Work \\Seen",
    ]);
  },
);

offlineimapTest(
  "The real OfflineIMAP finds nothing to do after a takeover: its files are as it left them",
  async () => {
    await using account = await seededAccount();
    const file = stateFile(account.metadata, "Acc");
    {
      using state = openState({ file, fsync: true });
      const legacy = takeOver(account.options("INBOX"));
      state.mailbox("INBOX", "INBOX").commit(
        pairLegacy(legacy?.rows ?? [], account.listing("INBOX")),
      );
    }
    const mail = snapshot(account.mail);
    await account.run();
    assert.deepEqual(snapshot(account.mail), mail);
    using database = new DatabaseSync(
      join(account.metadata, "Account-Acc", "LocalStatus-sqlite", "INBOX"),
    );
    const row = database.prepare("SELECT count(*) AS n FROM status").get();
    assert.equal(row?.["n"], 6);
  },
);

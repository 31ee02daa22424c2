/**
 * OfflineIMAP's faults of correctness and compatibility (C) as far as they touch
 * an IMAP account and a Maildir: what the user wanted, on the real program.
 */
import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { PROFILES } from "../support/imap_server/mod.ts";
import { linesOf, serverContents, withCrlf } from "../support/contents.ts";
import { start } from "../e2e/started.ts";
import { INFO, lettersOf } from "../support/maildir_tree.ts";
import { issued, startTokenEndpoint } from "../support/token_endpoint.ts";
import {
  assertBoth,
  mail,
  mails,
  openPair,
  type Pair,
  wire,
  writes,
} from "./support.ts";

function flagsOn({ server }: Pair, uid: number): string[] {
  return [...server.mailbox("INBOX").message(uid)?.flags ?? []].sort();
}

Deno.test("C1: flag letters that IMAP does not know stay in file names", async () => {
  await using pair = openPair();
  const { server, program } = pair;
  await program.sync();
  program.tree.setLetters(program.tree.find("m-0"), "PSab");
  await program.sync();
  await program.sync();
  assert.equal(lettersOf(program.tree.find("m-0").name), "PSab");
  server.mailbox("INBOX").setFlags(1, ["\\Seen", "\\Flagged"]);
  await program.sync();
  assert.equal(lettersOf(program.tree.find("m-0").name), "FPSab");
  assert.deepEqual(flagsOn(pair, 1), ["\\Flagged", "\\Seen"]);
});

Deno.test("C2: keywords of customflag_a go both ways, and no empty STORE is sent", async () => {
  await using pair = openPair({}, { local: { customflag_a: "Work" } });
  const { server, program } = pair;
  await program.sync();
  program.tree.setLetters(program.tree.find("m-0"), "Sa");
  server.mailbox("INBOX").setFlags(2, ["\\Seen", "Work"]);
  await program.sync();
  await program.sync();
  assert.deepEqual(flagsOn(pair, 1), ["Work", "\\Seen"]);
  assert.equal(lettersOf(program.tree.find("m-1").name), "Sa");
  program.tree.setLetters(program.tree.find("m-0"), "S");
  await program.sync();
  await program.sync();
  assert.deepEqual(flagsOn(pair, 1), ["\\Seen"]);
  assert.equal(lettersOf(program.tree.find("m-0").name), "S");
  assert.ok(!server.log.lines().some((line) => /STORE .*\(\)/.test(line)));
});

Deno.test("C3: \\Recent and flags of other programs are no reason for warnings", async () => {
  await using pair = openPair({
    mailboxes: [{
      name: "INBOX",
      messages: mails(1, "m", ["\\Seen", "$Forwarded", "\\Odd"]),
    }],
  }, { local: { customflag_a: "Work" } });
  const { events } = await pair.program.sync();
  assert.deepEqual(events.filter(({ type }) => type === "warning"), []);
  assert.equal(lettersOf(pair.program.tree.find("m-0").name), "S");
  await pair.program.sync();
  assert.deepEqual(flagsOn(pair, 1), ["$Forwarded", "\\Odd", "\\Seen"]);
});

Deno.test("C4: an upload carries its keywords", async () => {
  await using pair = openPair({}, { local: { customflag_a: "Work" } });
  await pair.program.sync();
  pair.program.tree.deliver("INBOX", mail("local"), "Sa");
  await pair.program.sync();
  assert.deepEqual(flagsOn(pair, 4), ["Work", "\\Seen"]);
});

Deno.test("C5: an uploaded file keeps its unique name and its other fields", async () => {
  await using pair = openPair();
  const { program } = pair;
  await program.sync();
  const file = program.tree.deliver("INBOX", mail("local"));
  const named = `${basename(file.path)},S=123,W=130${INFO}FS`;
  Deno.renameSync(file.path, join(program.mail, "INBOX", "cur", named));
  await program.sync();
  const { name } = program.tree.find("local");
  assert.match(
    name,
    new RegExp(
      `^${basename(file.path)},S=123,W=130,U=4,FMD5=[0-9a-f]{32}${INFO}FS$`,
    ),
  );
});

/** Messages that a mail parser would change. */
const ODD_BODIES: Record<string, string> = {
  "an mbox line": "From ada Mon Nov  2 10:00:00 2026\r\n" + wire("odd"),
  "no blank after a colon": "Subject:odd\r\nX-A:b\r\n\r\nx\r\n",
  "a line that is no header": "Subject: odd\r\nthis is none\r\n\r\nx\r\n",
  "bare CR and vertical tab": wire("odd", "a\rb\vc\n"),
  "a boundary that never closes": "Subject: odd\r\n" +
    'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b  \r\n\r\nx\r\n',
  "no final line end": "Subject: odd\r\n\r\nno end",
  "8-bit bytes in the header": "Subject: odd \xe9\r\n\r\n\xe9\r\n",
  "no header at all": "\r\njust text, Subject: odd\r\n",
  "a line of 5000 letters": wire("odd", "x".repeat(5_000) + "\n"),
};

for (const [name, text] of Object.entries(ODD_BODIES)) {
  Deno.test(`C6, C7: a message with ${name} passes byte by byte, both ways`, async () => {
    const source = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    await using pair = openPair({
      mailboxes: [{ name: "INBOX", messages: [{ source }] }, { name: "Up" }],
    });
    const { server, program } = pair;
    assert.equal((await program.sync()).code, 0);
    const [file] = program.tree.files("INBOX");
    const bytes = Deno.readFileSync(file?.path ?? "");
    const lf = text.replaceAll("\r\n", "\n");
    assert.deepEqual(
      bytes,
      Uint8Array.from(lf, (letter) => letter.charCodeAt(0)),
    );
    program.tree.deliver("Up", bytes);
    assert.equal((await program.sync()).code, 0);
    const [up] = server.mailbox("Up").messages();
    assert.deepEqual(up?.source, withCrlf(source));
  });
}

Deno.test("C8: text behind the flags of a file name survives a change of flags", async () => {
  await using pair = openPair();
  const { server, program } = pair;
  await program.sync();
  const { path } = program.tree.find("m-0");
  Deno.renameSync(path, `${path},more`);
  server.mailbox("INBOX").setFlags(1, ["\\Seen", "\\Flagged"]);
  await program.sync();
  await program.sync();
  const names = program.tree.files("INBOX").map(({ name }) => name);
  assert.ok(
    names.some((name) => name.endsWith(`${INFO}FS,more`)),
    names.join(" "),
  );
});

Deno.test("C9: dates pass both ways, negative half-hour zones too", async () => {
  const date = "02-Nov-2025 10:11:12 -0330";
  await using pair = openPair({
    mailboxes: [{
      name: "INBOX",
      messages: [{ source: wire("m-0"), internalDate: date }],
    }],
  });
  const { server, program } = pair;
  await program.sync();
  const { path } = program.tree.find("m-0");
  const received = Date.parse("2025-11-02T10:11:12-03:30");
  assert.equal(Deno.statSync(path).mtime?.getTime(), received);
  const file = program.tree.deliver("INBOX", mail("local"));
  Deno.utimeSync(file.path, received / 1000, received / 1000);
  await program.sync();
  const uploaded = server.mailbox("INBOX").message(2)?.internalDate;
  assert.equal(uploaded?.getTime(), received);
});

Deno.test("C15: a server that calls it Inbox gets no second one", async () => {
  await using pair = openPair({
    mailboxes: [{ name: "INBOX", wireName: "Inbox", messages: mails(2) }],
  });
  const { server, program } = pair;
  program.tree.create("INBOX");
  for (let run = 0; run < 2; run++) {
    assert.equal((await program.sync()).code, 0);
  }
  assert.equal(server.log.count("CREATE"), 0);
  assert.deepEqual(program.tree.folders(), ["INBOX"]);
  assert.equal(program.tree.files("INBOX").length, 2);
});

Deno.test("C16: folders with odd names are created and filled in both directions", async () => {
  const names = [
    'quote"and\\back',
    "per%cent *star",
    "amp & er",
    "[brackets]",
    "Entwürfe – 日本語",
    "paren (x) {y}",
    "~tilde",
  ];
  await using pair = openPair({
    mailboxes: [
      { name: "INBOX" },
      ...names.map((name, at) => ({ name, messages: mails(1, `r${at}`) })),
    ],
  });
  const { server, program } = pair;
  assert.equal((await program.sync()).code, 0);
  names.forEach((name, at) => {
    program.tree.create(`local ${name}`);
    program.tree.deliver(`local ${name}`, mail(`l${at}`));
  });
  assert.equal((await program.sync()).code, 0);
  assert.deepEqual(
    linesOf(program.tree.contents()),
    linesOf(serverContents(server)),
  );
});

Deno.test({
  name: "C18: a token that a hook renews is read again, in the middle of a run",
  // The hook is for a shell.
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const tokens = (tokens: string[]) => ({ password: "x", tokens });
    await using pair = openPair({
      profile: { base: "dovecot", auth: ["XOAUTH2"] },
      users: { user: tokens(["one"]) },
    });
    const { program, server } = pair;
    const file = join(program.home, "token");
    const once = join(program.home, "once");
    program.configure({
      account: {
        autorefresh: 0.005,
        presynchook: `if [ -f ${once} ]; then echo two >${file}; ` +
          `else echo one >${file}; touch ${once}; fi`,
      },
      remote: {
        auth_mechanisms: "XOAUTH2",
        oauth2_access_token_eval: `open('${file}').read()`,
      },
    });
    let logins = 0;
    server.onCommand(({ name }) => {
      if (name === "AUTHENTICATE" && ++logins === 2) server.setTokens(["two"]);
    });
    await using run = start(program);
    await run.until(/Finished account/, 3);
    run.kill("SIGUSR2");
    await run.ended();
    assert.ok(logins > 2);
    assert.doesNotMatch(run.output, /ERROR/);
  },
});

Deno.test("C18: a client secret that is not set is not sent as None", async () => {
  await using endpoint = startTokenEndpoint(() => issued("token"));
  await using pair = openPair({
    profile: { base: "dovecot", auth: ["XOAUTH2"] },
    users: { user: { password: "x", tokens: ["token"] } },
  }, {
    remote: {
      auth_mechanisms: "XOAUTH2",
      oauth2_client_id: "id",
      oauth2_client_secret_eval: "None",
      oauth2_refresh_token: "refresh",
      oauth2_request_url: endpoint.url,
    },
  });
  assert.equal((await pair.program.sync()).code, 0);
  assert.deepEqual(endpoint.requests, [
    { grant_type: "refresh_token", refresh_token: "refresh", client_id: "id" },
  ]);
});

Deno.test("C20: options and names of old versions are accepted with a warning", async () => {
  await using pair = openPair({}, {
    general: { ui: "Curses.Blinkenlights, Noninteractive.Basic" },
    account: { status_backend: "sqlite" },
    remote: { realdelete: "no" },
  });
  const { code, output } = await pair.program.sync();
  assert.equal(code, 0);
  for (const name of ["status_backend", "realdelete", "a list of interfaces"]) {
    assert.match(output, new RegExp(`WARNING: .*${name}`));
  }
  assertBoth(pair);
});

Deno.test("C21: an incomplete [mbnames] section stops nothing", async () => {
  await using pair = openPair();
  const { program } = pair;
  Deno.writeTextFileSync(program.configFile, "\n[mbnames]\nenabled = no\n", {
    append: true,
  });
  const { code } = await program.sync();
  assert.equal(code, 0);
  assertBoth(pair);
});

Deno.test("C21: --mbnames-prune looks at whole names", async () => {
  await using pair = openPair();
  const { program } = pair;
  const folder = join(program.metadata, "mbnames");
  Deno.mkdirSync(folder, { recursive: true });
  // Both are a part of what general.accounts says, "test".
  for (const name of ["es", "test"]) {
    Deno.writeTextFileSync(join(folder, `${name}.json`), "[]");
  }
  Deno.writeTextFileSync(
    program.configFile,
    `\n[mbnames]\nenabled = yes\nfilename = ${program.home}/list\n` +
      "header = ''\nperitem = %(foldername)s\nsep = ','\nfooter = ''\n",
    { append: true },
  );
  assert.equal((await program.sync({ args: ["--mbnames-prune"] })).code, 0);
  assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), [
    "test.json",
  ]);
});

Deno.test("C22: -f takes names with commas and percent signs, and one account's only", async () => {
  await using pair = openPair({
    mailboxes: [
      { name: "INBOX", messages: mails(1) },
      { name: "a, b 100%", messages: mails(1, "x") },
      { name: "Other", messages: mails(1, "o") },
    ],
  });
  const { program } = pair;
  const { code } = await program.sync({ args: ["-f", "a\\, b 100%"] });
  assert.equal(code, 0);
  assert.deepEqual(program.tree.folders(), ["a, b 100%"]);
  await program.sync({ args: ["-f", "test:Other"] });
  assert.deepEqual(program.tree.folders(), ["Other", "a, b 100%"]);
});

Deno.test("C23: -k reaches sections whose names have an underscore", async () => {
  await using pair = openPair();
  const { program } = pair;
  Deno.writeTextFileSync(
    program.configFile,
    Deno.readTextFileSync(program.configFile)
      .replace("Repository there", "Repository the_re")
      .replace("remoterepository = there", "remoterepository = the_re")
      .replace(/remotepass = .*/, "remotepass = wrong"),
  );
  for (const section of ["Repository the_re", "Repository_the_re"]) {
    const { code } = await program.sync({
      args: ["-k", `${section}:remotepass=secret`],
    });
    assert.equal(code, 0, section);
  }
});

Deno.test("a profile of every kind ends with both sides equal and then idle", async (t) => {
  for (const profile of Object.keys(PROFILES) as (keyof typeof PROFILES)[]) {
    // Gmail shows a message in several folders; it has tests of its own.
    if (profile === "gmail") continue;
    await t.step(profile, async () => {
      await using pair = openPair({ profile });
      const { server, program } = pair;
      await program.sync();
      program.tree.deliver("INBOX", mail("local"), "F");
      server.mailbox("INBOX").append(wire("remote"));
      await program.sync();
      await program.sync();
      assertBoth(pair, ["m-0", "m-1", "m-2", "local", "remote"]);
      server.log.clear();
      const before = program.tree.snapshot();
      await program.sync();
      assert.deepEqual(writes(server), []);
      assert.deepEqual(program.tree.snapshot(), before);
    });
  }
});

Deno.test(
  "C24: a hook has a time limit, may write any bytes, and is obeyed with stricthooks",
  {
    ignore: Deno.build.os === "windows",
  },
  async () => {
    await using pair = openPair({}, {
      account: { presynchook: "printf '\\377'; sleep 60", hooktimeout: 1 },
    });
    const { program, server } = pair;
    const { code, output } = await program.sync();
    assert.equal(code, 0);
    assert.match(output, /presynchook .* it took longer than 1 seconds/);
    assertBoth(pair);
    server.log.clear();
    program.configure({
      account: { presynchook: "exit 1", stricthooks: true },
    });
    assert.equal((await program.sync()).code, 1);
    assert.equal(server.log.count("LOGIN"), 0);
  },
);

Deno.test("C33: machineui tells failed accounts by the exit status, too", async () => {
  await using pair = openPair({}, { remote: { remotepass: "wrong" } });
  const { code, output } = await pair.program.sync({
    args: ["-u", "machineui"],
  });
  assert.equal(code, 1);
  assert.match(output, /^error::Account\+sync\+test:ERROR%3A\+/m);
  assert.match(output, /^msg:terminate:MainThread:1%0A%0A$/m);
});

Deno.test(
  "C14: --migrate-fmd5-using-nametrans works, and so does machineui's question for a password",
  {
    ignore: Deno.build.os === "windows",
  },
  async () => {
    await using pair = openPair({
      mailboxes: [{ name: "INBOX", messages: mails(1) }],
    }, {
      local: { nametrans: "lambda f: re.sub('^INBOX$', 'INBOX', f)" },
      remote: { remotepass: "" },
    });
    const { program, server } = pair;
    const migrated = await program.sync({
      args: ["--migrate-fmd5-using-nametrans"],
    });
    assert.equal(migrated.code, 0, migrated.output);
    assert.equal(server.log.count("LOGIN"), 0);
    const { code, stdout } = await program.run({
      args: ["-u", "machineui"],
      stdin: "secret\n",
    });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^msg:getpass:Account\+sync\+test:user$/m);
    assertBoth(pair);
    // The second question, where OfflineIMAP crashes, comes with the next sync.
    program.configure({
      account: { autorefresh: 0.001 },
      remote: { remotepass: "" },
    });
    const ui = ["-u", "machineui"];
    await using loop = start(program, ui, {}, "wrong\nsecret\n");
    await loop.until(
      /^warn:getpasserror:.*\nmsg:getpass:.*\n(.*\n)*msg:acctdone:/m,
    );
    loop.kill("SIGUSR2");
    await loop.ended();
    assert.equal(loop.output.match(/^msg:getpass:/mg)?.length, 2);
  },
);

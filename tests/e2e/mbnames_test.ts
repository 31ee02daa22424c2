/** `[mbnames]`: the list of folders for mail clients. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Program } from "../support/program.ts";
import { mails, openPair, type Pair } from "./support.ts";

const MAILBOXES = {
  mailboxes: [
    { name: "INBOX", messages: mails(1) },
    { name: "Work/100%" },
    { name: "Trash" },
  ],
};

const SECTION = {
  enabled: "yes",
  filename: "$HOME_OF_TEST/list",
  header: '"# é\\n"',
  peritem: '"+%(accountname)s/%(foldername)s" # 100%%',
  sep: "'\\n'",
  footer: "'\\n'",
};

/** Adds the section; a value of "" leaves its option out. */
function withSection(
  program: Program,
  changes: Readonly<Record<string, string>> = {},
): string {
  const path = join(program.home, "list");
  const lines = Object.entries({ ...SECTION, ...changes })
    .filter(([, value]) => value !== "")
    .map(([name, value]) =>
      `${name} = ${value.replace("$HOME_OF_TEST", program.home)}\n`
    );
  program.configure();
  Deno.writeTextFileSync(
    program.configFile,
    `\n[mbnames]\n${lines.join("")}`,
    { append: true },
  );
  return path;
}

function partial({ metadata }: Program, account = "test"): string {
  return join(metadata, "mbnames", `${account}.json`);
}

// shows: mbnames.enabled, mbnames.filename, mbnames.header, mbnames.peritem, mbnames.sep, mbnames.footer
Deno.test("[mbnames] lists the folders, of accounts not run today, too", async () => {
  await using pair = openPair(MAILBOXES);
  const { program } = pair;
  const list = withSection(program);
  Deno.mkdirSync(join(program.metadata, "mbnames"), { recursive: true });
  Deno.writeTextFileSync(
    partial(program, "other"),
    '[{"accountname": "other", "foldername": "INBOX", "localfolders": "/o"}]',
  );
  const { code, output } = await program.sync();
  assert.equal(code, 0, output);
  assert.equal(
    Deno.readTextFileSync(list),
    '# é\n"+other/INBOX" # 100%\n"+test/INBOX" # 100%\n' +
      '"+test/Trash" # 100%\n"+test/Work/100%" # 100%\n',
  );
  const root = JSON.stringify(program.mail);
  assert.equal(
    Deno.readTextFileSync(partial(program)),
    `[${
      ["INBOX", "Trash", "Work/100%"].map((name) =>
        `{"accountname": "test", "foldername": "${name}", ` +
        `"localfolders": ${root}}`
      ).join(", ")
    }]`,
  );
  // Nothing has changed: the list is the same.
  await program.sync();
  assert.match(Deno.readTextFileSync(list), /Work\/100%/);
});

Deno.test("[mbnames] follows folderfilter and sort_keyfunc, which know re", async () => {
  await using pair = openPair(MAILBOXES);
  const list = withSection(pair.program, {
    folderfilter: "lambda account, folder: not re.search('^Tr', folder)",
    sort_keyfunc: "lambda d: -len(d['foldername'])",
  });
  const { code, output } = await pair.program.sync();
  assert.equal(code, 0, output);
  assert.equal(
    Deno.readTextFileSync(list),
    '# é\n"+test/Work/100%" # 100%\n"+test/INBOX" # 100%\n',
  );
});

Deno.test(
  "[mbnames] is there for postsynchook when it is incremental, else at the end",
  {
    ignore: Deno.build.os === "windows",
  },
  async () => {
    for (const incremental of ["yes", "no"]) {
      await using pair = openPair(MAILBOXES);
      const { program } = pair;
      const list = withSection(program, { incremental });
      const text = Deno.readTextFileSync(program.configFile);
      const hook =
        `postsynchook = test -e ${list} && echo seen || echo missing`;
      Deno.writeTextFileSync(
        program.configFile,
        text.replace("[Account test]", `[Account test]\n${hook}`),
      );
      const { output } = await program.sync();
      const seen = /Hook stdout: (\w+)/.exec(output)?.[1];
      assert.equal(seen, incremental === "yes" ? "seen" : "missing");
      assert.match(Deno.readTextFileSync(list), /INBOX/);
    }
  },
);

Deno.test("[mbnames] in a dry run says what it would write and writes nothing", async () => {
  await using pair = openPair(MAILBOXES);
  const { program } = pair;
  const list = withSection(program);
  const { output } = await program.sync({ args: ["--dry-run"] });
  for (const path of [partial(program), list]) {
    assert.ok(output.includes(`mbnames would write ${path}\n`), output);
    assert.throws(() => Deno.statSync(path), Deno.errors.NotFound);
  }
});

Deno.test.each([
  {
    name: "a missing option",
    changes: { sep: "" },
    says:
      /ERROR: No list of folders is written: .*: \[mbnames\] has no option "sep"/,
  },
  {
    name: "an expression that fails",
    changes: { header: "nothing" },
    says: /ERROR: .*\[mbnames\] header.*nothing/s,
  },
  {
    name: "a filter that fails",
    changes: { folderfilter: "lambda a, f: 1 / 0" },
    says: /ERROR: .*\[mbnames\] folderfilter.*zero/s,
  },
  {
    name: "a field that is not there",
    changes: { peritem: "%(folder)s" },
    says: /ERROR: .*\[mbnames\] peritem.*folder/s,
  },
  {
    name: "a place that cannot be written",
    changes: { filename: "$HOME_OF_TEST/no/such/list" },
    says: /ERROR: Cannot write the list of folders .*list/,
  },
])(
  "[mbnames] with $name is told once, and the mail is fetched",
  async (row) => {
    await using pair = openPair(MAILBOXES);
    const { program } = pair;
    withSection(program, row.changes);
    const { code, output } = await program.sync();
    assert.equal(code, 1);
    assert.match(output, row.says);
    const told = output.split("\nERROR: Exceptions occurred")[0] ?? "";
    assert.equal(told.match(/^ERROR/gm)?.length, 1, output);
    assert.equal(program.tree.files("INBOX").length, 1);
  },
);

Deno.test("--mbnames-prune forgets accounts that are gone, by their whole names", async () => {
  await using pair = openPair(MAILBOXES);
  const { program } = pair;
  const list = withSection(program);
  await program.sync();
  await gone(pair);
  const dry = await program.sync({ args: ["--mbnames-prune", "--dry-run"] });
  assert.equal(dry.code, 0);
  assert.ok(
    dry.output.includes(`mbnames would remove ${partial(program, "es")}`),
  );
  assert.ok(Deno.statSync(partial(program, "es")).isFile);
  // -a chooses whom to synchronise; whom to keep is what the file says.
  const { code, output } = await program.sync({
    args: ["--mbnames-prune", "-a", "test"],
  });
  assert.equal(code, 0, output);
  assert.ok(output.includes(`removed ${partial(program, "es")}\n`), output);
  assert.ok(Deno.statSync(partial(program)).isFile);
  assert.doesNotMatch(Deno.readTextFileSync(list), /\+es/);
  assert.match(Deno.readTextFileSync(list), /\+test\/INBOX/);
  const again = await program.sync({ args: ["--mbnames-prune"] });
  assert.match(again.output, /^no cache file to remove$/m);
});

Deno.test("--mbnames-prune forgets all when the list is switched off", async () => {
  await using pair = openPair(MAILBOXES);
  const { program } = pair;
  withSection(program);
  await program.sync();
  await gone(pair);
  withSection(program, { enabled: "no" });
  assert.equal((await program.sync({ args: ["--mbnames-prune"] })).code, 0);
  for (const account of ["es", "test"]) {
    assert.throws(() => Deno.statSync(partial(program, account)));
  }
});

/** The folders of an account that is gone; "es" is a part of "test". */
async function gone({ program }: Pair): Promise<void> {
  await Deno.writeTextFile(
    partial(program, "es"),
    '[{"accountname": "es", "foldername": "INBOX", "localfolders": "/e"}]',
  );
}

Deno.test("a damaged list of one account costs that account only", async () => {
  await using pair = openPair(MAILBOXES);
  const { program } = pair;
  const list = withSection(program);
  await program.sync();
  Deno.writeTextFileSync(partial(program, "es"), "[{");
  const { code, output } = await program.sync();
  assert.equal(code, 1);
  assert.match(
    output,
    /ERROR: Cannot read the folders of an account from .*es\.json/,
  );
  assert.match(Deno.readTextFileSync(list), /\+test\/INBOX/);
});

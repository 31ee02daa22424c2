import assert from "node:assert/strict";
import {
  candidatesFor,
  FILES,
  type NameSource,
} from "../../../../src/cli/completion/candidates.ts";

const names: NameSource = {
  accounts: () => Promise.resolve(["Home", "Work"]),
  folders: () => Promise.resolve(["Archive/2026", "INBOX"]),
};

interface Case {
  words: string[];
  current: string;
  found: string[] | typeof FILES;
}

Deno.test.each<Case>([
  { words: [], current: "--dr", found: ["--dry-run"] },
  { words: ["-o"], current: "--inf", found: ["--info"] },
  { words: [], current: "-o", found: ["-o"] },
  { words: [], current: "", found: ["service", "permissions", "completions"] },
  { words: ["-o"], current: "", found: [] },
  { words: ["-a"], current: "", found: ["Home", "Work"] },
  { words: ["-oa"], current: "W", found: ["Work"] },
  // The letters behind -a are its argument.
  { words: ["-ao"], current: "W", found: [] },
  { words: ["-a"], current: "Home,", found: ["Home,Work"] },
  { words: ["-a"], current: "Home,Work,", found: [] },
  { words: ["-f"], current: "I", found: ["INBOX"] },
  { words: ["--delete-folder"], current: "A", found: ["Archive/2026"] },
  // A folder's name may hold a comma.
  { words: ["--delete-folder"], current: "INBOX,", found: [] },
  { words: ["-c"], current: "~/", found: FILES },
  { words: ["-l"], current: "", found: FILES },
  { words: ["-u"], current: "ba", found: ["basic"] },
  { words: ["-d"], current: "imap,m", found: ["imap,maildir"] },
  { words: ["-k"], current: "", found: [] },
  { words: ["service"], current: "un", found: ["uninstall"] },
  { words: ["service", "install"], current: "--d", found: ["--dry-run"] },
  { words: ["service", "--dry-run"], current: "--d", found: [] },
  { words: ["permissions", "-a"], current: "H", found: ["Home"] },
  { words: ["service", "install", "-a"], current: "H", found: ["Home"] },
  { words: ["service", "install", "-c"], current: "", found: FILES },
  { words: ["completions"], current: "f", found: ["fish"] },
  { words: ["complete"], current: "", found: [] },
])("candidatesFor($words, $current) are $found", async (example) => {
  const { words, current, found } = example;
  const candidates = await candidatesFor(words, current, names);
  assert.deepEqual(
    candidates === FILES ? FILES : candidates.map(({ word }) => word),
    found,
  );
});

Deno.test("candidatesFor() describes flags and commands", async () => {
  for (const current of ["--dry", "serv"]) {
    const candidates = await candidatesFor([], current, names);
    assert.ok(candidates !== FILES);
    assert.match(candidates[0]?.about ?? "", /\w+ \w+/);
  }
});

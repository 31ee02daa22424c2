import assert from "node:assert/strict";
import { type Arguments, parseArguments } from "../../../src/cli/arguments.ts";
import { UsageError } from "../../../src/cli/usage_error.ts";

const NOTHING: Arguments = {
  mode: "sync",
  accounts: undefined,
  folders: undefined,
  once: false,
  quick: false,
  sequential: false,
  dryRun: false,
  allowDeletes: false,
  acceptValidity: false,
  restore: false,
  ignoreKeyring: false,
  updateKeyring: false,
  configFile: undefined,
  options: [],
  deleteFolder: undefined,
  ui: undefined,
  logFile: undefined,
  syslog: false,
  debug: [],
  warnings: [],
};

const ROWS: { args: string[]; set: Partial<Arguments> }[] = [
  { args: [], set: {} },
  { args: ["-h"], set: { mode: "help" } },
  { args: ["--help"], set: { mode: "help" } },
  { args: ["--version"], set: { mode: "version" } },
  { args: ["-V"], set: { mode: "environment" } },
  { args: ["--info"], set: { mode: "info" } },
  {
    args: ["--delete-folder", "a b"],
    set: { mode: "delete", deleteFolder: "a b" },
  },
  {
    args: ["--delete-folder=a", "--mbnames-prune"],
    set: { mode: "prune", deleteFolder: "a" },
  },
  {
    args: ["--info", "--delete-folder=a"],
    set: { mode: "info", deleteFolder: "a" },
  },
  { args: ["--info", "--version"], set: { mode: "version" } },
  { args: ["-a", "A,B"], set: { accounts: "A,B" } },
  { args: ["-aA,B"], set: { accounts: "A,B" } },
  { args: ["-a", "A", "-a", "B"], set: { accounts: "B" } },
  { args: ["-a", "-o"], set: { accounts: "-o" } },
  { args: ["-a", ""], set: { accounts: "" } },
  { args: ["-f", "INBOX,a\\,b"], set: { folders: "INBOX,a\\,b" } },
  { args: ["-c", "~/rc"], set: { configFile: "~/rc" } },
  { args: ["-c", "--"], set: { configFile: "--" } },
  { args: ["-k", "a=b", "-kc:d=e"], set: { options: ["a=b", "c:d=e"] } },
  { args: ["-k", "no equals sign"], set: { options: ["no equals sign"] } },
  { args: ["-u", "quiet"], set: { ui: "quiet" } },
  { args: ["-l", "/tmp/log"], set: { logFile: "/tmp/log" } },
  { args: ["-o"], set: { once: true } },
  { args: ["-q"], set: { quick: true } },
  { args: ["-1"], set: { sequential: true } },
  { args: ["-o1q"], set: { once: true, sequential: true, quick: true } },
  { args: ["-oaA"], set: { once: true, accounts: "A" } },
  { args: ["-oa", "A"], set: { once: true, accounts: "A" } },
  { args: ["-o", "-o"], set: { once: true } },
  { args: ["--dry-run"], set: { dryRun: true } },
  { args: ["--dry"], set: { dryRun: true } },
  { args: ["--inf"], set: { mode: "info" } },
  { args: ["--allow"], set: { allowDeletes: true } },
  { args: ["--allow-deletes"], set: { allowDeletes: true } },
  { args: ["--accept-validity"], set: { acceptValidity: true } },
  { args: ["--restore"], set: { restore: true } },
  { args: ["--ignore-keyring"], set: { ignoreKeyring: true } },
  { args: ["--update-keyring"], set: { updateKeyring: true } },
  { args: ["-d", "imap"], set: { debug: ["imap"], sequential: true } },
  { args: ["-d", "thread,imap"], set: { debug: ["thread", "imap"] } },
  { args: ["-d", "ALL"], set: { debug: ["imap", "maildir", "thread"] } },
  {
    args: ["-d", "imap,nntp"],
    set: {
      debug: ["imap"],
      sequential: true,
      warnings: [
        'Invalid debug type: "nntp"; there are imap, maildir, thread and all',
      ],
    },
  },
  {
    args: ["Work", "-o", "-"],
    set: {
      once: true,
      warnings: ['Ignored on the command line: "Work", "-"'],
    },
  },
  {
    args: ["--", "-o", "a\x1b"],
    set: { warnings: ['Ignored on the command line: "-o", "a\\x1b"'] },
  },
  {
    args: ["-P", "/tmp/prof"],
    set: {
      warnings: [
        'The flag -P has no effect; to profile, use "deno run --cpu-prof"',
      ],
    },
  },
  // A text is all that is asked for, whatever else there is.
  { args: ["--migrate", "--version"], set: { mode: "version" } },
];

Deno.test.each(ROWS)("parseArguments() reads $args", ({ args, set }) => {
  assert.deepEqual(parseArguments(args), { ...NOTHING, ...set });
});

Deno.test.each([
  { args: ["-x"], text: "There is no flag -x" },
  { args: ["-ox"], text: "There is no flag -x" },
  { args: ["-info"], text: 'There is no flag -i; did you mean "--info"?' },
  {
    args: ["--dryrun"],
    text: 'There is no flag --dryrun; did you mean "--dry-run"?',
  },
  { args: ["--nothing-like-it"], text: "There is no flag --nothing-like-it" },
  { args: ["--\x1b"], text: "There is no flag --\\x1b" },
  { args: ["--="], text: "There is no flag --=" },
  {
    args: ["--m"],
    text: "--m could be --migrate-fmd5-using-nametrans or --mbnames-prune",
  },
  { args: ["--a"], text: "--a could be --allow-deletes or --accept-validity" },
  { args: ["--dry-run=yes"], text: "--dry-run takes no value" },
  { args: ["-o", "-a"], text: "-a needs a value: ACCOUNT,..." },
  { args: ["--delete-folder"], text: "--delete-folder needs a value: FOLDER" },
])("parseArguments() refuses $args: $text", ({ args, text }) => {
  assert.throws(
    () => parseArguments(args),
    (error) => error instanceof UsageError && error.message === text,
  );
});

import assert from "node:assert/strict";
import { EXIT, exitCodeOf } from "../../../src/cli/exit_code.ts";
import { failureOf } from "../../../src/cli/failure.ts";
import { formatInfo } from "../../../src/cli/info.ts";
import { UsageError } from "../../../src/cli/usage_error.ts";
import {
  formatEnvironment,
  formatVersions,
  VERSION,
} from "../../../src/cli/version.ts";
import { MailError } from "../../../src/errors.ts";

Deno.test.each([
  { failed: false, validityProblem: false, code: 0 },
  { failed: true, validityProblem: false, code: 1 },
  { failed: true, validityProblem: true, code: 1 },
  { failed: false, validityProblem: true, code: 2 },
])(
  "exitCodeOf() is $code with failed $failed, validity $validityProblem",
  ({ code, ...verdict }) => assert.equal(exitCodeOf(verdict), code),
);

const MAIL_ERROR = new MailError("There is no configuration\x07", {
  code: "config.file",
  scope: "run",
  hint: "Name a file with -c",
});

Deno.test.each([
  {
    name: "a command line",
    error: new UsageError("There is no flag -x"),
    code: EXIT.usage,
    text: 'offlineimap: There is no flag -x\nTry "offlineimap --help"\n',
  },
  {
    name: "a known error",
    error: MAIL_ERROR,
    code: EXIT.failed,
    text: "ERROR: There is no configuration\\x07\n  Name a file with -c\n",
  },
  { name: "a text", error: "odd", code: EXIT.failed, text: "ERROR: odd\n" },
])("failureOf() tells of $name", ({ error, ...failure }) => {
  assert.deepEqual(failureOf(error, false), {
    text: failure.text,
    code: failure.code,
  });
});

Deno.test("failureOf() shows the stack with -d, and of our own mistakes", () => {
  assert.match(failureOf(MAIL_ERROR, true).text, /\n {4}at /);
  const { text, code } = failureOf(new TypeError("x is not y"), false);
  assert.match(text, /^ERROR: x is not y\nTypeError: x is not y\n {4}at /);
  assert.equal(code, EXIT.failed);
});

Deno.test("formatVersions() begins as OfflineIMAP's does", () => {
  assert.match(VERSION, /^\d+\.\d+\.\d+$/);
  assert.equal(
    formatVersions(),
    `offlineimap v${VERSION}, ${formatEnvironment()}`,
  );
  assert.match(
    formatEnvironment(),
    /^imapflow v\d+\.\d+\.\d+, Deno v\d[^ ]*, V8 v[^ ]+, \w+ \w+$/,
  );
});

Deno.test("formatInfo() lists both sides with their folders", () => {
  const text = formatInfo({
    account: "Work",
    remote: {
      name: "WorkRemote",
      type: "IMAP",
      facts: [["host", "imap.example.org"], ["port", "993"], ["ssl", "yes"]],
      rules: [["folderfilter", "lambda f: (\nf != 'Spam')"]],
      folders: [
        { name: "INBOX", translated: "inbox", disabled: false },
        { name: "Spam\x1b", translated: "Spam\x1b", disabled: true },
      ],
    },
    local: {
      name: "WorkLocal",
      type: "Maildir",
      facts: [["localfolders", "/home/jane/Mail"]],
      rules: [],
      folders: [],
      error: {
        code: "maildir.root",
        scope: "account",
        text: "/home/jane/Mail is not there",
        hint: "Mount it",
      },
    },
  });
  assert.equal(
    text,
    `Account Work

  Remote repository WorkRemote
    type          IMAP
    host          imap.example.org
    port          993
    ssl           yes
    folderfilter  lambda f: (
                  f != 'Spam')
    Folders (2):
      INBOX -> inbox
      Spam\\x1b -> Spam\\x1b (disabled)

  Local repository WorkLocal
    type          Maildir
    localfolders  /home/jane/Mail
    Folders: not known, see the error
`,
  );
});

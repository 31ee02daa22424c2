import assert from "node:assert/strict";
import { createBasicUi } from "../../../src/ui/basic.ts";
import { createQuietUi } from "../../../src/ui/quiet.ts";
import type { CreateUi } from "../../../src/ui/ui.ts";
import { fakeOptions, RECORDED, sameNames } from "./support.ts";

/** What an interface writes to standard output for the recorded run. */
function play(create: CreateUi, options = fakeOptions()): string {
  {
    using ui = create(options);
    for (const event of RECORDED) ui.emit(event);
  }
  assert.equal(options.err.text, "");
  assert.equal(options.clock.waiting, 0);
  return options.out.text;
}

const ERRORS = `ERROR: Exceptions occurred during the run!
  Account Work: 1 error in INBOX
`;

Deno.test("createBasicUi() tells a run in OfflineIMAP's words", () => {
  assert.equal(
    play(createBasicUi),
    `OfflineIMAP 9.0.0
  Licensed under the MIT licence; it comes without any warranty
imapflow v1.2.3, Deno v4.5.6
*** Processing account Work
Calling hook: true
Hook stdout: done

Hook stderr:

Hook return code: 0
Establishing connection to imap.example.org:993 (WorkRemote)
Creating folder Sent[WorkLocal]
Creating new Local Status db for WorkLocal:Sent
Skipping Archive (not changed)
Syncing INBOX: IMAP -> Maildir
Copy message UID 17 (1/1) WorkRemote:INBOX -> WorkLocal:INBOX
Copy message UID -1 (2/2) WorkLocal:INBOX -> WorkRemote:INBOX
Adding flag S, $Junk to 3 messages on INBOX
Deleting flag F from 3 messages on INBOX
Deleting 4 messages (1:2,4,9) in Maildir[INBOX]
Moving 2 messages in WorkRemote: INBOX -> Sent
Taken over from OfflineIMAP
WARNING: 2 changes are not carried over
  Run with --restore
ERROR: Cannot store message 18: no space left
  Make room on the disk
*** Finished account 'Work' in 1:15
${ERRORS}`,
  );
});

Deno.test("createQuietUi() tells warnings and errors only", () => {
  assert.equal(
    play(createQuietUi),
    `WARNING: 2 changes are not carried over
  Run with --restore
ERROR: Cannot store message 18: no space left
  Make room on the disk
${ERRORS}`,
  );
});

Deno.test("createQuietUi() tells everything with -d, stacks included", () => {
  const text = play(createQuietUi, fakeOptions({ debug: true }));
  assert.match(text, /^OfflineIMAP 9\.0\.0\n/);
  assert.match(text, /\n\[imap\]: A1 NOOP\n/);
  assert.match(text, /\nNext refresh in 2\.5 minutes\n/);
  assert.match(text, /\n {4}at store\.ts:1\n/);
});

Deno.test("createBasicUi() colours warnings and errors where it may", () => {
  const text = play(createBasicUi, fakeOptions({ kind: "colors" }));
  assert.match(text, /\x1b\[33mWARNING: 2 changes .*\n.*\x1b\[39m\n/);
  assert.match(text, /\x1b\[31mERROR: Cannot store .*\n.*\x1b\[39m\n/);
  assert.doesNotMatch(play(createBasicUi), /\x1b/);
});

Deno.test("createBasicUi() cannot ask for a password", async () => {
  using ui = createBasicUi(fakeOptions());
  const question = { repository: "WorkRemote", user: "jane" };
  assert.equal(await ui.askPassword(question), undefined);
});

Deno.test("createBasicUi() shows only what is left of harmful names", () => {
  const options = fakeOptions();
  {
    using ui = createBasicUi(options);
    ui.emit({
      type: "mailbox.unchanged",
      account: "Work",
      mailbox: "a\x1b[2J\nb\u202e",
      names: sameNames("a\x1b[2J\nb\u202e"),
      from: "IMAP",
      to: "Maildir",
    });
    ui.emit({
      type: "warning",
      code: "x",
      text: "Server says: \x07\x9b31m",
      hint: "Look\x1b",
    });
  }
  assert.equal(
    options.out.text,
    "Skipping a\\x1b[2J\\x0ab\\u202e (not changed)\n" +
      "WARNING: Server says: \\x07\\x9b31m\n  Look\\x1b\n",
  );
});

Deno.test("createBasicUi() prints the plan of a dry run", () => {
  const options = fakeOptions();
  const box = { account: "Work", mailbox: "INBOX" };
  {
    using ui = createBasicUi(options);
    ui.emit({
      type: "mailbox.created",
      account: "Work",
      repository: "WorkLocal",
      mailbox: "INBOX",
      dryRun: true,
    });
    ui.emit({
      type: "mailbox.started",
      ...box,
      names: sameNames("INBOX"),
      from: "IMAP",
      to: "Maildir",
    });
    ui.emit({
      type: "mailbox.planned",
      ...box,
      dryRun: true,
      counts: {
        toLocal: 3,
        toRemote: 2,
        flagLocal: 1,
        flagRemote: 4,
        deleteLocal: 5,
        deleteRemote: 2,
        moved: 1,
      },
    });
    ui.emit({
      type: "messages.deleted",
      ...box,
      on: "remote",
      uids: [7, 8],
      dryRun: true,
    });
    ui.emit({ type: "mailbox.finished", ...box, ms: 5 });
  }
  assert.equal(
    options.out.text,
    `[DRYRUN] Creating folder INBOX[WorkLocal]
Syncing INBOX: IMAP -> Maildir
[DRYRUN] Copy 3 messages from INBOX[WorkRemote] to WorkLocal
[DRYRUN] Copy 2 messages from INBOX[WorkLocal] to WorkRemote
[DRYRUN] Change flags of 1 messages on INBOX[WorkLocal]
[DRYRUN] Change flags of 4 messages on INBOX[WorkRemote]
[DRYRUN] Move 1 messages out of INBOX
[DRYRUN] Deleting 2 messages (7:8) in IMAP[INBOX]
[DRYRUN] Deleting 5 messages in Maildir[INBOX]
`,
  );
});

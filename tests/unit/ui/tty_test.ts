import assert from "node:assert/strict";
import { createTtyUi } from "../../../src/ui/tty.ts";
import { FakeKeyboard, fakeOptions, RECORDED, sameNames } from "./support.ts";

const QUESTION = { repository: "WorkRemote", user: "jane" };
const PROMPT = "Enter password for user 'jane' (WorkRemote): ";
const CLEAR = "\r\x1b[K";

Deno.test("createTtyUi() names the context when it changes", () => {
  const options = fakeOptions();
  {
    using ui = createTtyUi(options);
    for (const event of RECORDED) ui.emit(event);
  }
  assert.equal(options.out.text, "");
  assert.equal(
    options.err.text,
    `OfflineIMAP 9.0.0
  Licensed under the MIT licence; it comes without any warranty
imapflow v1.2.3, Deno v4.5.6
Account sync Work:
 *** Processing account Work
 Calling hook: true
 Hook stdout: done

Hook stderr:

 Hook return code: 0
 Establishing connection to imap.example.org:993 (WorkRemote)
 Creating folder Sent[WorkLocal]
 Creating new Local Status db for WorkLocal:Sent
Folder Archive [acc: Work]:
 Skipping Archive (not changed)
Folder INBOX [acc: Work]:
 Syncing INBOX: IMAP -> Maildir
 Copy message UID 17 (1/1) WorkRemote:INBOX -> WorkLocal:INBOX
 Copy message UID -1 (2/2) WorkLocal:INBOX -> WorkRemote:INBOX
 Adding flag S, $Junk to 3 messages on INBOX
 Deleting flag F from 3 messages on INBOX
 Deleting 4 messages (1:2,4,9) in Maildir[INBOX]
 Moving 2 messages in WorkRemote: INBOX -> Sent
Account sync Work:
 Taken over from OfflineIMAP
Folder INBOX [acc: Work]:
 WARNING: 2 changes are not carried over
  Run with --restore
 ERROR: Cannot store message 18: no space left
  Make room on the disk
Account sync Work:
 *** Finished account 'Work' in 1:15
 Next refresh in 2.5 minutes
 Next refresh in 2.0 minutes
ERROR: Exceptions occurred during the run!
  Account Work: 1 error in INBOX
`,
  );
});

Deno.test("createTtyUi() on a terminal counts messages in one line below", () => {
  const options = fakeOptions({ kind: "terminal" });
  const { clock, err } = options;
  const box = { account: "Work", mailbox: "INBOX" };
  {
    using ui = createTtyUi(options);
    ui.emit({ type: "account.started", account: "Work" });
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
      dryRun: false,
      counts: {
        toLocal: 400,
        toRemote: 0,
        flagLocal: 0,
        flagRemote: 0,
        deleteLocal: 0,
        deleteRemote: 0,
        moved: 0,
      },
    });
    for (let index = 1; index <= 200; index++) {
      clock.advance(10);
      ui.emit({
        type: "message.copied",
        ...box,
        to: "local",
        uid: index,
        index,
        total: 400,
        sizeBytes: 10_000,
        seen: true,
      });
    }
    clock.advance(200);
    // Drawn last 2.09 s after the first: 2 MB, and as much left.
    assert.equal(
      err.writes.at(-1),
      `${CLEAR}Work  INBOX  200/400  0:02 left  957 kB/s`,
    );
    assert.ok(err.writes.length < 30, `${err.writes.length} writes`);
    ui.emit({ type: "mailbox.finished", ...box, ms: 2_200 });
    clock.advance(200);
    assert.equal(
      err.writes.at(-1)?.split("\n")[0],
      `${CLEAR} Copied 200 messages down (2.0 MB) in 0:02`,
    );
  }
  assert.doesNotMatch(err.text, /Copy message/);
  assert.ok(err.text.endsWith(CLEAR), "the line is taken away at the end");
  assert.equal(clock.waiting, 0);
});

Deno.test("createTtyUi() lets the time of a pause run down", () => {
  const options = fakeOptions({ kind: "terminal" });
  using ui = createTtyUi(options);
  ui.emit({ type: "account.sleeping", account: "Work", remainingMs: 90_000 });
  options.clock.advance(3_000);
  assert.equal(options.err.writes.at(-1), `${CLEAR}Work  next sync in 1:27`);
});

Deno.test("createTtyUi() asks for a password and shows none of it", async () => {
  const keyboard = new FakeKeyboard();
  const options = fakeOptions({ kind: "terminal", keyboard });
  using ui = createTtyUi(options);
  const answer = ui.askPassword(QUESTION);
  keyboard.press("sec");
  keyboard.press("ret\r");
  assert.equal(await answer, "secret");
  options.clock.advance(200);
  assert.equal(options.err.text, `${PROMPT}${CLEAR}${PROMPT}\n`);
  assert.deepEqual(keyboard.modes, [true, false]);
});

Deno.test("createTtyUi() keeps the prompt below what happens meanwhile", async () => {
  const keyboard = new FakeKeyboard();
  const options = fakeOptions({ kind: "terminal", keyboard });
  using ui = createTtyUi(options);
  const answer = ui.askPassword(QUESTION);
  await Promise.resolve();
  ui.emit({ type: "notice", text: "Something else" });
  options.clock.advance(200);
  assert.equal(
    options.err.text,
    `${PROMPT}${CLEAR}Something else\n${PROMPT}`,
  );
  keyboard.press("x\n");
  assert.equal(await answer, "x");
});

Deno.test("createTtyUi() asks one question at a time", async () => {
  const keyboard = new FakeKeyboard();
  const options = fakeOptions({ kind: "terminal", keyboard });
  using ui = createTtyUi(options);
  const first = ui.askPassword(QUESTION);
  const second = ui.askPassword({ repository: "Other", user: "jane" });
  keyboard.press("one\r");
  assert.equal(await first, "one");
  keyboard.press("two\r");
  assert.equal(await second, "two");
});

Deno.test("createTtyUi() prompts without a live line, too", async () => {
  const keyboard = new FakeKeyboard();
  const options = fakeOptions({ keyboard });
  using ui = createTtyUi(options);
  const answer = ui.askPassword(QUESTION);
  keyboard.press("x\r");
  assert.equal(await answer, "x");
  options.clock.advance(200);
  assert.equal(options.err.text, `${PROMPT}\n`);
});

Deno.test("createTtyUi() without a keyboard cannot ask", async () => {
  using ui = createTtyUi(fakeOptions({ kind: "terminal" }));
  assert.equal(await ui.askPassword(QUESTION), undefined);
});

import assert from "node:assert/strict";
import { createMachineUi } from "../../../src/ui/machine.ts";
import { quotePlus } from "../../../src/ui/machine_line.ts";
import { lineReader } from "../../../src/ui/terminal.ts";
import { fakeOptions, RECORDED } from "./support.ts";

Deno.test.each([
  { text: "", quoted: "" },
  { text: "Account sync A", quoted: "Account+sync+A" },
  { text: "a-b_c.d~e", quoted: "a-b_c.d~e" },
  { text: "a\nb\fc\td", quoted: "a%0Ab%0Cc%09d" },
  { text: "!'()*/:+%&=", quoted: "%21%27%28%29%2A%2F%3A%2B%25%26%3D" },
  { text: "Entwürfe 😀", quoted: "Entw%C3%BCrfe+%F0%9F%98%80" },
  { text: "\ud800", quoted: "%EF%BF%BD" },
])("quotePlus() is Python's quote_plus: $quoted", ({ text, quoted }) => {
  assert.equal(quotePlus(text), quoted);
});

Deno.test("createMachineUi() tells a run in OfflineIMAP's protocol", () => {
  const options = fakeOptions();
  {
    using ui = createMachineUi(options);
    for (const event of RECORDED) ui.emit(event);
  }
  const account = "Account+sync+Work";
  const inbox = "Folder+INBOX+%5Bacc%3A+Work%5D";
  const archive = "Folder+Archive+%5Bacc%3A+Work%5D";
  const lines = options.out.text.split("\n");
  assert.deepEqual(lines.slice(0, 5), [
    "OfflineIMAP 9.0.0",
    "  Licensed under the MIT licence; it comes without any warranty",
    "msg:protocol:MainThread:7.2.0",
    "msg:initbanner:MainThread:OfflineIMAP+9.0.0%0A++Licensed+under+the+" +
    "MIT+licence%3B+it+comes+without+any+warranty",
    "msg::MainThread:imapflow+v1.2.3%2C+Deno+v4.5.6",
  ]);
  for (
    const line of [
      `msg:registerthread:${account}:Work`,
      `msg:acct:${account}:Work`,
      `msg:connecting:${account}:imap.example.org%0A993%0AWorkRemote`,
      `msg::${account}:Creating+folder+Sent%5BWorkLocal%5D`,
      `msg:_display:${account}:Creating+new+Local+Status+db+for+` +
      "WorkLocal%3ASent",
      `msg:syncfolders:${account}:IMAP%0AMaildir`,
      `msg::${archive}:Skipping+Archive+%28not+changed%29`,
      `msg:threadExited:MainThread:${archive}`,
      `msg:messagelistloaded:${inbox}:IMAP%0AINBOX%0A20`,
      `msg:deletingmessages:${inbox}:4%0C1%0C2%0C9%0AMaildir%09INBOX`,
      `msg:addingflags:${inbox}:1%0C2%0C3%0AS%0C%24Junk%0AINBOX`,
      `warn::${inbox}:2+changes+are+not+carried+over%0A++Run+with+--restore`,
      `error::${inbox}:ERROR%3A+Cannot+store+message+18%3A+no+space+left` +
      "%0A++Make+room+on+the+disk",
      `msg:sleeping:${account}:10%0A150`,
      `msg:acctdone:${account}:Work`,
      "msg:terminate:MainThread:1%0A%0A",
    ]
  ) {
    assert.ok(lines.includes(line), `${line}\n${options.out.text}`);
  }
  // Nothing is told twice: programs have the events, people the summary.
  assert.doesNotMatch(options.out.text, /Exceptions\+occurred/);
  for (const line of lines.slice(2, -1)) {
    assert.match(line, /^(msg|warn|error|debug):\w*:[\w.~%+-]*:[\w.~%+-]*$/);
  }
});

Deno.test("createMachineUi() has one thread with -1, called after the account", () => {
  const options = { ...fakeOptions(), sequential: true };
  {
    using ui = createMachineUi(options);
    for (const event of RECORDED) ui.emit(event);
  }
  assert.doesNotMatch(options.out.text, /threadExited|Folder\+/);
  assert.match(
    options.out.text,
    /^msg:terminate:Account\+sync\+Work:1%0A%0A$/m,
  );
});

Deno.test("createMachineUi() tells a UIDVALIDITY that changed, with both values", () => {
  const options = fakeOptions();
  using ui = createMachineUi(options);
  ui.emit({
    type: "mailbox.renumbered",
    account: "Work",
    mailbox: "INBOX",
    saved: 1,
    got: 2,
  });
  assert.equal(
    options.out.text,
    "warn:validityproblem:Folder+INBOX+%5Bacc%3A+Work%5D:" +
      "INBOX%0AWorkRemote%0A1%0A2\n",
  );
});

Deno.test("createMachineUi() asks for passwords one after the other, each a line of standard input", async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const readable = ReadableStream.from([
    bytes("hunter2\r\nge"),
    bytes("heim\nlast"),
  ]);
  const fake = fakeOptions();
  const options = {
    ...fake,
    terminal: { ...fake.terminal, readLine: lineReader({ readable }) },
  };
  using ui = createMachineUi(options);
  ui.emit({ type: "account.started", account: "Work" });
  const question = { repository: "WorkRemote", user: "ann" };
  const answers = await Promise.all([
    ui.askPassword(question),
    ui.askPassword({ ...question, user: "ben" }),
    ui.askPassword(question),
    ui.askPassword(question),
  ]);
  assert.deepEqual(answers, ["hunter2", "geheim", "last", undefined]);
  const asked = fake.out.text.split("\n").filter((line) =>
    /getpass/.test(line)
  );
  assert.deepEqual(asked.slice(0, 2), [
    "msg:getpass:Account+sync+Work:ann",
    "msg:getpass:Account+sync+Work:ben",
  ]);
});

Deno.test("createMachineUi() tells what was said of the password before", async () => {
  const fake = fakeOptions();
  const answers = ["second"];
  const options = {
    ...fake,
    terminal: {
      ...fake.terminal,
      readLine: () => Promise.resolve(answers.shift()),
    },
  };
  using ui = createMachineUi(options);
  ui.emit({ type: "account.started", account: "Work" });
  const before = fake.out.text.length;
  const answer = await ui.askPassword({
    ...{ repository: "WorkRemote", user: "ann@b" },
    refusal: "Cannot log in: no\nsuch user",
  });
  assert.equal(answer, "second");
  assert.equal(
    fake.out.text.slice(before),
    "warn:getpasserror:Account+sync+Work:" +
      "ann%40b%0ACannot+log+in%3A+no%0Asuch+user\n" +
      "msg:getpass:Account+sync+Work:ann%40b\n",
  );
});

Deno.test("createMachineUi() tells where a connection leads, never a tunnel's command", () => {
  const fake = fakeOptions();
  using ui = createMachineUi(fake);
  const opening = {
    type: "connection.opening",
    account: "Work",
    repository: "WorkRemote",
  } as const;
  ui.emit({ type: "account.started", account: "Work" });
  const before = fake.out.text.length;
  ui.emit({ ...opening, host: "imap.test", port: 993 });
  ui.emit({ ...opening, host: "transporttunnel" });
  assert.equal(
    fake.out.text.slice(before),
    "msg:connecting:Account+sync+Work:imap.test%0A993%0AWorkRemote\n" +
      "msg:connecting:Account+sync+Work:tunnel%0Atransporttunnel%0AWorkRemote\n",
  );
});

Deno.test("createMachineUi() stops waiting for a password when the run ends", async () => {
  const readable = new ReadableStream<Uint8Array>();
  const fake = fakeOptions();
  const options = {
    ...fake,
    terminal: { ...fake.terminal, readLine: lineReader({ readable }) },
  };
  using ui = createMachineUi(options);
  const answer = ui.askPassword({ repository: "WorkRemote", user: "ann" });
  await Promise.resolve();
  fake.controller.abort();
  assert.equal(await answer, undefined);
});

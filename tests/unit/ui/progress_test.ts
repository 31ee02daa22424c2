import assert from "node:assert/strict";
import fc from "fast-check";
import { Progress, type ProgressView } from "../../../src/ui/progress.ts";
import { renderProgress } from "../../../src/ui/render_progress.ts";
import { displayWidth } from "../../../src/ui/width.ts";
import { counts } from "./support.ts";

const VIEW: ProgressView = {
  account: "Work",
  mailbox: "Archive/2026/Invoices",
  done: 1_234,
  total: 20_000,
  bytesPerSecond: 8_200_000,
  remainingMs: 42_000,
  pauseMs: undefined,
};

Deno.test.each([
  {
    columns: 79,
    line: "Work  Archive/2026/Invoices  1,234/20,000  0:42 left  8.2 MB/s",
  },
  {
    columns: 62,
    line: "Work  Archive/2026/Invoices  1,234/20,000  0:42 left  8.2 MB/s",
  },
  {
    columns: 61,
    line: "Work  …chive/2026/Invoices  1,234/20,000  0:42 left  8.2 MB/s",
  },
  {
    columns: 49,
    line: "Work  …nvoices  1,234/20,000  0:42 left  8.2 MB/s",
  },
  { columns: 48, line: "Work  …ve/2026/Invoices  1,234/20,000  0:42 left" },
  { columns: 35, line: "Work  …/2026/Invoices  1,234/20,000" },
  { columns: 20, line: "Work  …2026/Invoices" },
  { columns: 12, line: "…26/Invoices" },
  { columns: 3, line: "…es" },
  { columns: 0, line: "" },
])("renderProgress() fits into $columns columns", ({ columns, line }) => {
  assert.equal(renderProgress(VIEW, columns), line);
});

Deno.test.each([
  {
    name: "nothing planned yet",
    view: { total: 0, done: 0 },
    line: "Work  Archive/2026/Invoices",
  },
  {
    name: "no folder yet",
    view: { total: 0, done: 0, mailbox: undefined },
    line: "Work  connecting",
  },
  {
    name: "no rate yet",
    view: { bytesPerSecond: 0, remainingMs: undefined },
    line: "Work  Archive/2026/Invoices  1,234/20,000",
  },
  {
    name: "a pause",
    view: { pauseMs: 252_000 },
    line: "Work  next sync in 4:12",
  },
  {
    name: "harmful names",
    view: { total: 0, account: "W\x1b", mailbox: "a\nb" },
    line: "W\\x1b  a\\x0ab",
  },
])("renderProgress() shows $name", ({ view, line }) => {
  assert.equal(renderProgress({ ...VIEW, ...view }, 79), line);
});

Deno.test("renderProgress() never takes more columns than it has", () => {
  const name = fc.string({ unit: "grapheme", maxLength: 60 });
  const ms = fc.option(fc.nat(10_000_000), { nil: undefined });
  const views = fc.record({
    account: name,
    mailbox: fc.option(name, { nil: undefined }),
    done: fc.nat(),
    total: fc.nat(),
    bytesPerSecond: fc.nat(),
    remainingMs: ms,
    pauseMs: ms,
  });
  fc.assert(fc.property(views, fc.nat(120), (view, columns) => {
    assert.ok(displayWidth(renderProgress(view, columns)) <= columns);
  }));
});

const BOX = { account: "Work", mailbox: "INBOX" };

function copied(index: number, account = "Work") {
  return {
    type: "message.copied",
    account,
    mailbox: "INBOX",
    to: "local",
    uid: index,
    index,
    total: 100,
    sizeBytes: 1_000,
    seen: true,
  } as const;
}

Deno.test("Progress shows nothing before and after a run", () => {
  const progress = new Progress();
  assert.equal(progress.view(0), undefined);
  progress.apply({ type: "account.started", account: "Work" }, 0);
  assert.equal(progress.view(0)?.account, "Work");
  progress.apply({
    type: "account.finished",
    account: "Work",
    ms: 1,
    totals: { mailboxes: 0, unchanged: 0, failures: 0, ...counts() },
    failed: false,
  }, 1);
  assert.equal(progress.view(1), undefined);
});

Deno.test("Progress adds the plans of all folders up", () => {
  const progress = new Progress();
  for (const mailbox of ["INBOX", "Sent"]) {
    progress.apply({
      type: "mailbox.planned",
      account: "Work",
      mailbox,
      counts: counts({ toLocal: 10, flagRemote: 4, deleteLocal: 2, moved: 1 }),
      dryRun: false,
    }, 0);
  }
  progress.apply(copied(1), 10);
  progress.apply({
    type: "messages.flagged",
    ...BOX,
    on: "remote",
    add: ["\\Seen"],
    remove: [],
    count: 3,
    uids: [],
  }, 20);
  progress.apply({
    type: "messages.deleted",
    ...BOX,
    on: "local",
    uids: [1, 2],
    dryRun: false,
  }, 30);
  progress.apply(
    { type: "messages.moved", ...BOX, to: "Sent", on: "remote", count: 1 },
    40,
  );
  const view = progress.view(50);
  assert.equal(view?.total, 34);
  assert.equal(view?.done, 7);
  assert.equal(view?.mailbox, "INBOX");
});

Deno.test("Progress takes a dry run for nothing done", () => {
  const progress = new Progress();
  progress.apply({
    type: "mailbox.planned",
    ...BOX,
    counts: counts({ toLocal: 10 }),
    dryRun: true,
  }, 0);
  assert.equal(progress.view(0)?.total, 0);
});

Deno.test("Progress tells rate and time left of the last seconds", () => {
  const progress = new Progress();
  progress.apply({
    type: "mailbox.planned",
    ...BOX,
    counts: counts({ toLocal: 100 }),
    dryRun: false,
  }, 0);
  progress.apply(copied(1), 0);
  assert.equal(progress.view(500)?.remainingMs, undefined, "too early to tell");
  for (let index = 2; index <= 21; index++) {
    progress.apply(copied(index), index * 500);
  }
  const view = progress.view(10_500);
  // In the last five seconds 11 of them, those at both ends included.
  assert.equal(view?.bytesPerSecond, 2_200);
  assert.equal(Math.round((view?.remainingMs ?? 0) / 1000), 36);
  const stalled = progress.view(60_000);
  assert.equal(stalled?.bytesPerSecond, 0);
  assert.equal(stalled?.remainingMs, undefined);
});

Deno.test("Progress shows the account that works, not the one that waits", () => {
  const progress = new Progress();
  progress.apply({ type: "account.started", account: "Work" }, 0);
  progress.apply({ type: "account.started", account: "Home" }, 0);
  progress.apply(copied(1), 1);
  progress.apply(
    { type: "account.sleeping", account: "Home", remainingMs: 60_000 },
    2,
  );
  assert.equal(progress.view(3)?.account, "Work");
  progress.apply(
    { type: "account.sleeping", account: "Work", remainingMs: 60_000 },
    4,
  );
  assert.equal(progress.view(10_004)?.pauseMs, 50_000);
});

/** The shapes of what a worker sends. */
import type { AccountInfo, RepositoryInfo } from "../account/account_info.ts";
import type { HookFacts } from "../account/hook_facts.ts";
import type { ScheduleOutcome } from "../account/schedule.ts";
import { NO_WORK } from "../account/sync_counts.ts";
import {
  type ErrorReport,
  type MailboxNames,
  NO_COUNTS,
  NO_TOTALS,
  type PlanCounts,
  type SyncEvent,
  type Totals,
} from "../events.ts";
import {
  BATCH_EVENTS,
  type FromWorker,
  type PlainError,
  type Request,
} from "./messages.ts";
import {
  anything,
  dictionary,
  type Fields,
  flag,
  list,
  nothing,
  number,
  oneOf,
  optional,
  record,
  type Shape,
  text,
  word,
} from "./shape.ts";

const side = word("remote", "local");
const counts = record<PlanCounts>(allOf(NO_COUNTS));
const names = record<MailboxNames>({
  remote: text,
  remoteVisible: text,
  local: text,
  localVisible: text,
});
const report = record<ErrorReport>({
  code: text,
  scope: word("message", "mailbox", "account", "run"),
  text,
  hint: optional(text),
  stack: optional(text),
});
const mailbox = { account: text, mailbox: text };
const pair = { ...mailbox, names, from: text, to: text };
const place = { account: optional(text), mailbox: optional(text) };

/** The events that an account may tell; those of a run are the command's. */
const EVENTS: {
  readonly [K in Exclude<SyncEvent["type"], "run.started" | "run.finished">]:
    Fields<Omit<Extract<SyncEvent, { type: K }>, "type">>;
} = {
  "account.started": { account: text },
  "account.finished": {
    account: text,
    ms: number,
    totals: record<Totals>(allOf(NO_TOTALS)),
    failed: flag,
  },
  "account.sleeping": { account: text, remainingMs: number },
  "connection.opening": {
    account: text,
    repository: text,
    host: text,
    port: optional(number),
  },
  "mailbox.created": { ...mailbox, repository: text, dryRun: flag },
  "status.created": { ...mailbox, repository: text },
  "mailbox.started": pair,
  "mailbox.unchanged": pair,
  "mailbox.listed": { ...mailbox, remote: number, local: number },
  "mailbox.renumbered": { ...mailbox, saved: number, got: number },
  "mailbox.planned": { ...mailbox, counts, dryRun: flag },
  "mailbox.finished": { ...mailbox, ms: number },
  "message.copied": {
    ...mailbox,
    to: side,
    uid: optional(number),
    index: number,
    total: number,
    sizeBytes: number,
    seen: flag,
  },
  "message.ignored": { ...mailbox, from: side, uid: optional(number) },
  "messages.flagged": {
    ...mailbox,
    on: side,
    of: optional(word("flag", "label")),
    add: list(text),
    remove: list(text),
    count: number,
    uids: list(number),
  },
  "messages.deleted": {
    ...mailbox,
    on: side,
    uids: list(number),
    dryRun: flag,
  },
  "messages.moved": {
    ...mailbox,
    to: text,
    on: side,
    count: number,
    dryRun: optional(flag),
  },
  "hook.started": {
    account: text,
    name: text,
    command: text,
    dryRun: flag,
  },
  "hook": {
    account: text,
    name: text,
    command: text,
    stdout: text,
    stderr: text,
    code: number,
  },
  "notice": { ...place, text },
  "warning": { ...place, code: text, text, hint: optional(text) },
  "error": { ...place, error: report },
  "debug": {
    account: optional(text),
    topic: word("imap", "maildir", "thread"),
    text,
  },
};

const facts = record<HookFacts>({
  hook: word("presynchook", "postsynchook"),
  account: text,
  mode: word("full", "quick", "idle"),
  failures: optional(number),
  folder: nothing,
  folders: optional(dictionary(record(allOf(NO_WORK)))),
  ...everyOptional(NO_WORK),
});

const own = { repository: text };

const REQUESTS: {
  readonly [K in Request["kind"]]: Fields<
    Omit<Extract<Request, { kind: K }>, "kind">
  >;
} = {
  "turn": {},
  "turn.end": { turn: number },
  "lock": {},
  "lock.verify": { lock: number },
  "lock.end": { lock: number },
  "password": { ...own, user: text, refusal: optional(text) },
  "folders": {
    done: record({
      account: text,
      root: text,
      folders: list(record({ name: text, path: text })),
    }),
  },
  "confirm": { about: text },
  "hook": { facts },
  "command": own,
  "tunnel": own,
  "password.file": own,
  "netrc": { ...own, path: text },
  "keyring.find": own,
  "keyring.keep": { ...own, password: text },
  "root": {},
  "python.names": {},
  "python.ask": {
    section: text,
    option: text,
    text,
    request: record<Extract<Request, { kind: "python.ask" }>["request"]>({
      op: text,
    }),
  },
  "python.variables": { variables: dictionary(text) },
  "python.end": {},
};

const plainError = record<PlainError>({
  message: text,
  code: text,
  scope: word("message", "mailbox", "account", "run"),
  retry: optional(word("now", "later", "never")),
  hint: optional(text),
});

const events = list(oneOf<SyncEvent>("type", EVENTS));

/** Whether this is what a worker may send. */
export const isFromWorker: Shape<FromWorker> = oneOf<FromWorker>("type", {
  "pong": {},
  "events": {
    events: (value: unknown): value is SyncEvent[] =>
      events(value) && value.length <= BATCH_EVENTS,
  },
  "request": { id: number, request: oneOf<Request>("kind", REQUESTS) },
  "cancel": { id: number },
  "done": { result: anything },
  "failed": { error: plainError },
});

/** Whether this is how a schedule ends. */
export const isOutcome: Shape<ScheduleOutcome> = record<ScheduleOutcome>({
  failedAccounts: number,
  validityProblem: flag,
});

const fact: Shape<readonly [string, string]> = (
  value,
): value is readonly [string, string] =>
  list(text)(value) && value.length === 2;

const repositoryInfo = record<RepositoryInfo>({
  name: text,
  type: text,
  facts: list(fact),
  rules: list(fact),
  folders: list(record({ name: text, translated: text, disabled: flag })),
  error: optional(report),
});

/** Whether this is what `--info` shows. */
export const isInfo: Shape<AccountInfo> = record<AccountInfo>({
  account: text,
  remote: repositoryInfo,
  local: repositoryInfo,
});

/** Whether there is no result. */
export const isNothing: Shape<void> = nothing;

function allOf<T extends object>(counters: T): Record<keyof T, Shape<number>> {
  return Object.fromEntries(
    Object.keys(counters).map((name) => [name, number]),
  ) as Record<keyof T, Shape<number>>;
}

function everyOptional<T extends object>(
  counters: T,
): Record<keyof T, Shape<number | undefined>> {
  return Object.fromEntries(
    Object.keys(counters).map((name) => [name, optional(number)]),
  ) as Record<keyof T, Shape<number | undefined>>;
}

/// <reference lib="deno.worker" />
/** What such code would ask the command for, as if it were the account's worker. */
import type { FromWorker, ToWorker } from "../../src/sandbox/messages.ts";

/** How the last of it goes on. */
export type Ending = "done" | "hang" | "nonsense" | "impostor";

/** What is asked, by what it is after. The name of the job's folder is an `Ending`. */
const WISHES: Readonly<Record<string, object>> = {
  "a hook that is not configured": {
    kind: "hook",
    facts: { hook: "presynchook", account: "test", mode: "full" },
  },
  "another account's tunnel": { kind: "tunnel", repository: "other" },
  "a tunnel where there is none": { kind: "tunnel", repository: "there" },
  "another account's password": {
    kind: "password",
    repository: "other",
    user: "x",
  },
  "another account's password command": {
    kind: "command",
    repository: "other",
  },
  "a file as password file": { kind: "password.file", repository: "there" },
  "a file as netrc": {
    kind: "netrc",
    repository: "there",
    path: "/etc/passwd",
  },
  "the keyring that is switched off": {
    kind: "keyring.keep",
    repository: "there",
    password: "x",
  },
  "an expression of its own": {
    kind: "python.ask",
    section: "Repository there",
    option: "nametrans",
    text: "__import__('os').system('id')",
    request: { op: "value" },
  },
  "a variable of its own": {
    kind: "python.variables",
    variables: { LD_PRELOAD: "/tmp/x.so" },
  },
  "folders of another account": {
    kind: "folders",
    done: { account: "other", root: "", folders: [] },
  },
  "a turn in a job without": { kind: "turn" },
  "a lock that is held already": { kind: "lock" },
};

const post = (message: unknown) => self.postMessage(message);
const granted: string[] = [];
const names = Object.keys(WISHES);
let answered = 0;

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === "start") {
    const { job } = data;
    const ending = job.kind === "delete" ? job.folder : "done";
    if (ending !== "done") return misbehave(ending);
    names.forEach((name, id) => {
      post({ type: "request", id, request: WISHES[name] });
    });
  }
  if (data.type === "answer") granted.push(names[data.id] ?? "");
  if (data.type !== "answer" && data.type !== "refusal") return;
  if (++answered === names.length) {
    post({ type: "done", result: { granted, asked: answered } });
  }
};

function misbehave(ending: string): void {
  if (ending === "nonsense") {
    const facts = { hook: "sh -c id", account: "test", mode: "full" };
    post({ type: "request", id: 1, request: { kind: "hook", facts } });
  }
  if (ending === "impostor") {
    const event = { type: "account.started", account: "other" } as const;
    const message: FromWorker = { type: "events", events: [event] };
    post(message);
  }
  // Else nothing is said any more.
}

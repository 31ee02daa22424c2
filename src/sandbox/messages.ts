/** What passes between the command and an account's worker: plain data. */
import type { AccountFolders, AccountRun } from "../account/api.ts";
import type { HookFacts } from "../account/hook_facts.ts";
import type { ScheduledAccount } from "../account/account_loop.ts";
import { MailError, type MailErrorOptions, toMailError } from "../errors.ts";
import type { SyncEvent } from "../events.ts";
import type { ModuleRequest } from "../python/mod.ts";

/** Events are sent in batches: one message for each would cost more than it. */
export const BATCH_EVENTS = 256;

/** What a worker is there for. */
export type Job =
  | { readonly kind: "schedule"; readonly account: ScheduledAccount }
  | { readonly kind: "info"; readonly run: AccountRun }
  | { readonly kind: "migrate"; readonly run: AccountRun }
  | {
    readonly kind: "delete";
    readonly run: AccountRun;
    readonly folder: string;
  };

/** What the worker has to ask for. Repositories are named, never described. */
export type Request =
  | { readonly kind: "turn" }
  | { readonly kind: "turn.end"; readonly turn: number }
  | { readonly kind: "lock" }
  | { readonly kind: "lock.verify"; readonly lock: number }
  | { readonly kind: "lock.end"; readonly lock: number }
  | {
    readonly kind: "password";
    readonly repository: string;
    readonly user: string;
    readonly refusal?: string | undefined;
  }
  | { readonly kind: "folders"; readonly done: AccountFolders }
  | { readonly kind: "confirm"; readonly about: string }
  | { readonly kind: "hook"; readonly facts: HookFacts }
  | { readonly kind: "command"; readonly repository: string }
  | { readonly kind: "tunnel"; readonly repository: string }
  | { readonly kind: "password.file"; readonly repository: string }
  | {
    readonly kind: "netrc";
    readonly repository: string;
    /** One of the netrc files. */
    readonly path: string;
  }
  | { readonly kind: "keyring.find"; readonly repository: string }
  | {
    readonly kind: "keyring.keep";
    readonly repository: string;
    readonly password: string;
  }
  | { readonly kind: "root" }
  | { readonly kind: "python.names" }
  | {
    readonly kind: "python.ask";
    /** Which expression. */
    readonly section: string;
    readonly option: string;
    readonly text: string;
    readonly request: ModuleRequest;
  }
  | {
    readonly kind: "python.variables";
    readonly variables: Readonly<Record<string, string>>;
  }
  | { readonly kind: "python.end" };

/** To the worker. */
export type ToWorker =
  | { readonly type: "start"; readonly job: Job }
  | { readonly type: "wake" | "finish" | "abort" | "ping" }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | {
    readonly type: "refusal";
    readonly id: number;
    readonly error: PlainError;
  };

/** From the worker. */
export type FromWorker =
  | { readonly type: "pong" }
  | { readonly type: "events"; readonly events: readonly SyncEvent[] }
  | {
    readonly type: "request";
    readonly id: number;
    readonly request: Request;
  }
  /** Whoever works on that request is to end. */
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "done"; readonly result: unknown }
  | { readonly type: "failed"; readonly error: PlainError };

/** A tunnel as the answer to a request: its streams are transferred. */
export interface PlainTunnel {
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  /** Gets the status when the command has ended; a message to it ends that. */
  readonly control: MessagePort;
}

/** A {@link MailError} without its class, which no message carries. */
export interface PlainError extends Omit<MailErrorOptions, "cause"> {
  readonly message: string;
}

/** Anything thrown as plain data. */
export function plainError(thrown: unknown): PlainError {
  const { message, code, scope, retry, hint } = toMailError(thrown, {
    code: "sandbox.request",
    scope: "account",
  });
  return {
    message,
    code,
    scope,
    retry,
    ...hint === undefined ? {} : { hint },
  };
}

/** The error again. */
export function mailError({ message, ...options }: PlainError): MailError {
  return new MailError(message, options);
}

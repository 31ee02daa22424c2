/** What passes between the command and an account's worker: plain data. */
import type { AccountFolders } from "../account/api.ts";
import type { ScheduledAccount } from "../account/account_loop.ts";
import type { ScheduleOutcome } from "../account/schedule.ts";
import { MailError, type MailErrorOptions, toMailError } from "../errors.ts";
import type { SyncEvent } from "../events.ts";

/** What the worker has to ask for. */
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
  | { readonly kind: "folders"; readonly done: AccountFolders };

/** To the worker. */
export type ToWorker =
  | { readonly type: "start"; readonly account: ScheduledAccount }
  | { readonly type: "wake" | "finish" | "abort" }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | {
    readonly type: "refusal";
    readonly id: number;
    readonly error: PlainError;
  };

/** From the worker. */
export type FromWorker =
  | { readonly type: "events"; readonly events: readonly SyncEvent[] }
  | {
    readonly type: "request";
    readonly id: number;
    readonly request: Request;
  }
  | { readonly type: "done"; readonly outcome: ScheduleOutcome };

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

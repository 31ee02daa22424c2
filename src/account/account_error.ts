/** Why an account could not be synchronised, in terms of its repositories. */
import { MailError, toMailError } from "../errors.ts";
import type { AccountRun } from "./api.ts";

/** How a connection that was open ends by itself; the text names no server. */
const LOST_CONNECTION: ReadonlySet<string> = new Set([
  "imap.closed",
  "imap.timeout",
  "imap.wire",
]);

/** The error of an account that `cause` ended the sync of. */
export function accountError(
  { account }: AccountRun,
  cause: unknown,
): MailError {
  if (cause instanceof MailError && LOST_CONNECTION.has(cause.code)) {
    return new MailError(
      `Lost the connection of repository ${account.remote.name}: ` +
        cause.message,
      {
        code: cause.code,
        scope: "account",
        retry: cause.retry,
        hint: cause.hint ??
          "What was done stays done; the next sync goes on from there",
        cause,
      },
    );
  }
  return toMailError(cause, {
    message: `Account ${account.name} was not synchronised`,
    code: "account.failed",
    scope: "account",
  });
}

/** The one error type of the program: what failed, how far it reaches, what to do. */

/** How far a failure reaches. Everything outside of its scope goes on. */
export type ErrorScope = "message" | "mailbox" | "account" | "run";

/** Whether doing the same again can help: never, at once, or in a later run. */
export type Retry = "never" | "now" | "later";

/** What a {@link MailError} carries beside its text. */
export interface MailErrorOptions {
  /** Stable, dotted, for programs: `auth.rejected`, `config.value`. */
  code: string;
  /** How far the failure reaches. */
  scope: ErrorScope;
  /** Whether trying again can help. @default "later" */
  retry?: Retry;
  /** One sentence: what the user can do. */
  hint?: string;
  /** The error underneath. Must not hold a secret. */
  cause?: unknown;
}

/**
 * A failure with its reach.
 *
 * The text is a sentence without a final period that names the account, folder
 * or message. Neither it nor the hint or cause may ever hold a password or token.
 */
export class MailError extends Error {
  override readonly name = "MailError";
  readonly code: string;
  readonly scope: ErrorScope;
  readonly retry: Retry;
  readonly hint: string | undefined;

  constructor(message: string, options: MailErrorOptions) {
    super(
      message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = options.code;
    this.scope = options.scope;
    this.retry = options.retry ?? "later";
    this.hint = options.hint;
  }
}

/** The text of anything that was thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, " ");
}

/** `error` itself when it is a {@link MailError}, else wrapped in one. */
export function toMailError(
  error: unknown,
  options: MailErrorOptions & { message?: string },
): MailError {
  if (error instanceof MailError) return error;
  const { message, ...rest } = options;
  const text = messageOf(error);
  return new MailError(message === undefined ? text : `${message}: ${text}`, {
    ...rest,
    cause: error,
  });
}

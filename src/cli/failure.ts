/** What kept the whole run from being done, told without a user interface. */
import { MailError, messageOf } from "../errors.ts";
import { escapeLines, escapeMessage } from "../ui/escape.ts";
import { EXIT, type ExitCode } from "./exit_code.ts";
import { UsageError } from "./usage_error.ts";

/** A text for standard error and the exit code that belongs to it. */
export interface Failure {
  readonly text: string;
  readonly code: ExitCode;
}

/**
 * The last words of a run that `error` ended.
 * @param debug Show the stack of whatever it is.
 */
export function failureOf(error: unknown, debug: boolean): Failure {
  if (error instanceof UsageError) {
    return {
      text: `offlineimap: ${error.message}\n` +
        'Try "offlineimap --help"\n',
      code: EXIT.usage,
    };
  }
  const lines = [`ERROR: ${escapeMessage(messageOfAny(error))}`];
  if (error instanceof MailError && error.hint !== undefined) {
    lines.push(`  ${escapeLines(error.hint)}`);
  }
  // What is no MailError is a mistake of ours: without its stack, a report of
  // it would help nobody.
  const unexpected = !(error instanceof MailError);
  if ((debug || unexpected) && error instanceof Error && error.stack) {
    lines.push(escapeLines(error.stack));
  }
  return { text: `${lines.join("\n")}\n`, code: EXIT.failed };
}

/** Lists of mistakes keep their lines. */
function messageOfAny(error: unknown): string {
  return error instanceof MailError ? error.message : messageOf(error);
}

/** What a server refuses, in words that name the folder. */
import { MailError, type MailErrorOptions } from "../../errors.ts";
import { printable, type ResponseError } from "../connection_error.ts";

/**
 * The failure of what could not be done for the server's NO or BAD, as wide and
 * as lasting as that was, unless `options` say otherwise.
 * @param what `Cannot open folder "Work" on the server`.
 */
export function refusal(
  what: string,
  error: ResponseError,
  options: Partial<MailErrorOptions> & Pick<MailErrorOptions, "code">,
): MailError {
  return new MailError(`${what}: ${reasonOf(error)}`, {
    scope: error.scope,
    retry: error.retry,
    cause: error,
    ...options,
  });
}

/** The server's words without what Dovecot adds (its times) and final periods. */
function reasonOf({ responseText }: ResponseError): string {
  const words = printable(responseText)
    .replace(/ \([\d.]+ \+ [\d.]+( \+ [\d.]+)? secs\)\.?$/, "")
    .replace(/[.\s]+$/, "");
  return words === "" ? "no reason given" : words;
}

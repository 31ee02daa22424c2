/** Errors of the file system as errors of the program: reach, code, advice. */
import { type ErrorScope, MailError, messageOf } from "../errors.ts";
import { osCode } from "../os_error.ts";
import { strayError } from "./links.ts";

/**
 * What failed, as a {@link MailError}. Errors that do not come from the system
 * (an abort, a failing source of bytes) are returned as they are.
 * @param action `Cannot write to "Sent"`: a sentence without its cause.
 */
export function fileError(
  action: string,
  error: unknown,
  scope: ErrorScope,
): unknown {
  if (error instanceof Deno.errors.NotCapable) {
    const why = "it is a link that leads out of the account's own folders";
    return strayError(`${action}: ${why}`, scope);
  }
  const system = osCode(error);
  if (error instanceof MailError || system === undefined) return error;
  const text = `${action}: ${messageOf(error)}`;
  switch (system) {
    case "ENOSPC":
    case "EDQUOT":
      return new MailError(text, {
        code: "maildir.full",
        scope: "account",
        retry: "later",
        hint: "Free some space on the disk that holds the Maildir; the next " +
          "run goes on from here",
        cause: error,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new MailError(text, {
        code: "maildir.denied",
        scope: scope === "message" ? "mailbox" : scope,
        retry: "later",
        hint: "Give yourself the right to read and write these files",
        cause: error,
      });
    case "EBUSY":
      return new MailError(text, {
        code: "maildir.busy",
        scope,
        retry: "later",
        hint: "Another program has it open; the next run tries again",
        cause: error,
      });
    case "EMFILE":
    case "ENFILE":
      return new MailError(text, {
        code: "maildir.files",
        scope: "account",
        retry: "later",
        hint: "Raise the limit of open files (ulimit -n)",
        cause: error,
      });
    case "ENAMETOOLONG":
      return new MailError(text, {
        code: "maildir.long",
        scope,
        retry: "never",
        hint:
          "Give the folder a shorter local name with nametrans, or leave it " +
          "out with folderfilter",
        cause: error,
      });
    case "ENOENT":
    case "ENOTDIR":
      return new MailError(text, {
        code: "maildir.missing",
        scope,
        retry: "later",
        cause: error,
      });
    default:
      return new MailError(text, {
        code: "maildir.io",
        scope,
        retry: "later",
        cause: error,
      });
  }
}

/** What SQLite's refusals mean to a user. */
import { MailError, messageOf, type Retry } from "../errors.ts";

interface Meaning {
  readonly says: RegExp;
  readonly code: string;
  readonly text: string;
  readonly retry: Retry;
  readonly hint?: string;
}

/**
 * By SQLite's message: the runtime does not hand over its result code. The texts
 * are those of sqlite3_errstr(), the same since SQLite 3.0.
 */
const MEANINGS: readonly Meaning[] = [
  {
    says: /not a database|malformed/,
    code: "state.corrupt",
    text: "is damaged",
    retry: "never",
    hint: "Keep a copy of the file and move it away: the next run pairs the " +
      "messages again by their names and transfers none of them twice, but " +
      "does not see what was deleted since the last run",
  },
  {
    says: /database is locked|database table is locked/,
    code: "state.busy",
    text: "is in use by another process",
    retry: "later",
    hint: "Wait until the other run of this account has finished",
  },
  {
    says: /disk is full/,
    code: "state.full",
    text: "cannot grow: the disk is full",
    retry: "later",
    hint: "Free some space; nothing was recorded by halves",
  },
  {
    says: /readonly database|unable to open|access permission/,
    code: "state.access",
    text: "cannot be opened or written",
    retry: "later",
    hint: "Check the owner and mode of the file and of its folder",
  },
  {
    says: /constraint failed/,
    code: "state.conflict",
    text: "contradicts what was to be recorded",
    retry: "later",
  },
];

/**
 * `error` as a {@link MailError} of scope account that names `file`. What did not
 * come from SQLite, such as the refusal of a step, is returned as it is.
 */
export function stateError(error: unknown, file: string): unknown {
  if (error instanceof MailError || !isSqliteError(error)) return error;
  const said = messageOf(error);
  const meaning = MEANINGS.find(({ says }) => says.test(said));
  const text = meaning?.text ?? "could not be read or written";
  return new MailError(`State database "${file}" ${text}: ${said}`, {
    code: meaning?.code ?? "state.failed",
    scope: "account",
    retry: meaning?.retry ?? "later",
    ...(meaning?.hint === undefined ? {} : { hint: meaning.hint }),
    cause: error,
  });
}

/** Runs `work`; what SQLite throws in it comes out as {@link stateError}. */
export function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw stateError(error, file);
  }
}

function isSqliteError(error: unknown): error is Error {
  return error instanceof Error && "code" in error &&
    String(error.code).startsWith("ERR_SQLITE");
}

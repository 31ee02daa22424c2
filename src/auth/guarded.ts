/** Errors of the user's own code, which may hold what it printed. */
import { MailError } from "../errors.ts";

/**
 * Asks a source of a user name or secret. Only our own errors pass.
 *
 * @throws {MailError} `auth.password-source`
 */
export async function guarded<T>(
  repository: string,
  option: string,
  source: () => Promise<T>,
  /** What may be told of an error. @default nothing */
  explain: (error: unknown) => string = () => "",
): Promise<T> {
  try {
    return await source();
  } catch (error) {
    if (error instanceof MailError) throw error;
    throw new MailError(
      `Cannot get ${option} of repository "${repository}"${explain(error)}`,
      { code: "auth.password-source", scope: "account" },
    );
  }
}

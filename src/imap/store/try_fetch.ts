/** FETCH where a NO may only mean that the messages have gone. */
import {
  fetch,
  type FetchOptions,
  type FetchResult,
} from "../command/fetch.ts";
import type { BodySink } from "../command/command.ts";
import type { ExecuteOptions, ImapConnection } from "../connection.ts";
import { ResponseError } from "../connection_error.ts";

/** What came of it, or the NO without any row. */
export type FetchAttempt = FetchResult | ResponseError;

/**
 * Fetches. "Some of the messages no longer exist" is a NO to some servers, and
 * when none of them does, not one row comes with it.
 * @throws {ResponseError} BAD, and a NO that reaches further than the mailbox.
 */
export async function tryFetch<S extends BodySink = BodySink>(
  connection: ImapConnection,
  request: FetchOptions<S>,
  options: ExecuteOptions = {},
): Promise<FetchAttempt> {
  try {
    return await connection.execute(fetch(request), options);
  } catch (error) {
    const isNo = error instanceof ResponseError && error.status === "NO";
    if (isNo && error.scope !== "account") return error;
    throw error;
  }
}

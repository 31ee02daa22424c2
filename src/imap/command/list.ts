/** LIST and LSUB. */
import type { ListResponse, MailboxStatusResponse } from "../wire/types.ts";
import type { Command } from "./command.ts";
import type { StatusItem } from "./status.ts";

/** What is listed, and what is told of it. */
export interface ListOptions {
  /** @default "" */
  readonly reference?: string;
  /** With `*` and `%`. More than one needs LIST-EXTENDED. @default ["*"] */
  readonly patterns?: readonly string[];
  /** Which ones: `SUBSCRIBED`, `REMOTE`, `SPECIAL-USE` (RFC 5258 §3.1, RFC 6154). */
  readonly select?: readonly string[];
  /** What to tell: `SUBSCRIBED`, `CHILDREN`, `SPECIAL-USE` (RFC 5258 §3.2). */
  readonly return?: readonly string[];
  /** Numbers to tell of each, where LIST-STATUS is offered (RFC 5819). */
  readonly status?: readonly StatusItem[];
}

/** What a listing found. */
export interface ListResult {
  readonly mailboxes: readonly ListResponse[];
  /** By name on the wire. Mailboxes that cannot be opened have none. */
  readonly statuses: ReadonlyMap<string, MailboxStatusResponse>;
}

/**
 * Lists mailboxes, with their numbers in the same round trip if asked for
 * (RFC 9051 §6.3.9, RFC 5258, RFC 5819).
 */
export function list(options: ListOptions = {}): Command<ListResult> {
  const {
    reference = "",
    patterns = ["*"],
    select = [],
    return: tell = [],
    status = [],
  } = options;
  return listing("LIST", (to) => {
    to.text("LIST ");
    if (select.length > 0) to.text(`(${select.join(" ")}) `);
    to.string(reference).text(" ");
    const [only] = patterns;
    if (patterns.length === 1 && only !== undefined) to.string(only);
    else {
      to.text("(");
      patterns.forEach((pattern, at) => {
        to.text(at === 0 ? "" : " ").string(pattern);
      });
      to.text(")");
    }
    const words = [...tell];
    if (status.length > 0) words.push(`STATUS (${status.join(" ")})`);
    if (words.length > 0) to.text(` RETURN (${words.join(" ")})`);
  });
}

/** Lists the subscribed mailboxes the old way (RFC 3501 §6.3.9). */
export function lsub(reference = "", pattern = "*"): Command<ListResult> {
  return listing(
    "LSUB",
    (to) => to.text("LSUB ").string(reference).text(" ").string(pattern),
  );
}

function listing(
  name: "LIST" | "LSUB",
  encode: Command<ListResult>["encode"],
): Command<ListResult> {
  const mailboxes: ListResponse[] = [];
  const statuses = new Map<string, MailboxStatusResponse>();
  return {
    name,
    lane: "list",
    encode,
    untagged(response) {
      if (response.kind === "list") mailboxes.push(response);
      else if (response.kind === "mailbox-status") {
        statuses.set(response.name, response);
      } else return false;
      return true;
    },
    finish: () => ({ mailboxes, statuses }),
  };
}

/** UID SEARCH. */
import type { ModSeq, Uid } from "../wire/types.ts";
import { UidSet } from "../wire/uid_set.ts";
import type { Command } from "./command.ts";
import {
  encodeCriteria,
  needsCharset,
  type SearchCriteria,
} from "./search_criteria.ts";

/** What a SEARCH can return (RFC 4731 §3.1). */
export type SearchReturn = "ALL" | "COUNT" | "MIN" | "MAX";

/** What is wanted of the messages found. */
export interface SearchOptions {
  /**
   * Less than all of it spares a long answer where ESEARCH is offered; without
   * that everything is told anyway. @default ["ALL"]
   */
  readonly return?: readonly SearchReturn[];
}

/** What was found. */
export interface SearchResult {
  /**
   * All of them. Undefined when "ALL" was not asked for and not told, and when
   * the server said OK and nothing else: that is no proof that there are none.
   */
  readonly uids: UidSet | undefined;
  /** Their number; undefined when neither it nor the UIDs were told. */
  readonly count: number | undefined;
  readonly min: Uid | undefined;
  readonly max: Uid | undefined;
  /** The highest of their mod-sequences, if MODSEQ was a criterion. */
  readonly modSeq: ModSeq | undefined;
}

/**
 * Finds messages of the open mailbox (RFC 9051 §6.4.4), by ESEARCH where the
 * server has it: ranges in place of every single UID.
 */
export function search(
  criteria: SearchCriteria = {},
  { return: wanted = ["ALL"] }: SearchOptions = {},
): Command<SearchResult> {
  const found: { -readonly [K in keyof SearchResult]: SearchResult[K] } = {
    uids: undefined,
    count: undefined,
    min: undefined,
    max: undefined,
    modSeq: undefined,
  };
  return {
    name: "UID SEARCH",
    // A plain SEARCH response does not say which command it answers.
    lane: "search",
    encode(to) {
      to.text("UID SEARCH ");
      if (to.has("ESEARCH") || to.has("IMAP4REV2")) {
        to.text(`RETURN (${wanted.join(" ")}) `);
      }
      const utf8 = to.isEnabled("UTF8=ACCEPT") || to.isEnabled("IMAP4REV2");
      // RFC 6855 §3: no CHARSET once UTF-8 is the rule.
      if (!utf8 && needsCharset(criteria)) to.text("CHARSET UTF-8 ");
      encodeCriteria(to, criteria);
    },
    untagged(response, tag) {
      if (response.kind === "search") {
        // Some split a long answer into several lines.
        found.uids = (found.uids ?? UidSet.EMPTY).union(response.uids);
      } else if (response.kind === "esearch") {
        if (response.tag !== undefined && response.tag !== tag) return false;
        // When nothing was found there is no ALL.
        const none = response.count === undefined
          ? response.min === undefined
          : response.count === 0;
        if (response.all !== undefined || (none && wanted.includes("ALL"))) {
          found.uids = (found.uids ?? UidSet.EMPTY)
            .union(response.all ?? UidSet.EMPTY);
        }
        found.count = response.count ?? found.count;
        found.min = response.min ?? found.min;
        found.max = response.max ?? found.max;
      } else return false;
      found.modSeq = response.modSeq ?? found.modSeq;
      return true;
    },
    finish: () => ({
      ...found,
      count: found.count ?? found.uids?.size,
      min: found.min ?? found.uids?.first,
      max: found.max ?? found.uids?.last,
    }),
  };
}

/** UID STORE. */
import type { FetchRow } from "../wire/fetch_row.ts";
import type { ModSeq } from "../wire/types.ts";
import type { TaggedResponse } from "../wire/response.ts";
import { UidSet } from "../wire/uid_set.ts";
import type { Command } from "./command.ts";

/** A change of flags or labels of many messages. */
export interface StoreOptions {
  readonly uids: UidSet;
  readonly action: "add" | "remove" | "replace";
  /** Flags, or labels as on the wire. */
  readonly values: Iterable<string>;
  /** Gmail's labels in place of flags. @default "FLAGS" */
  readonly item?: "FLAGS" | "X-GM-LABELS";
  /** Leave alone what changed after this (RFC 7162 §3.1.3). */
  readonly unchangedSince?: ModSeq;
  /** Do not ask for the new flags back. @default true */
  readonly silent?: boolean;
}

/** What became of a STORE. */
export interface StoreResult {
  /** Left alone: they changed after `unchangedSince`. */
  readonly modified: UidSet;
  /** What the server told of the messages: new flags or mod-sequences. */
  readonly rows: readonly FetchRow[];
  /** The NO that came with `modified`: some messages are gone. */
  readonly refusal: TaggedResponse | undefined;
}

const SIGNS = { add: "+", remove: "-", replace: "" } as const;

/** Changes flags (RFC 9051 §6.4.6). */
export function store(options: StoreOptions): Command<StoreResult> {
  const { uids, action, unchangedSince, silent = true } = options;
  const item = options.item ?? "FLAGS";
  const values = [...options.values];
  const rows: FetchRow[] = [];
  const result = (tagged: TaggedResponse): StoreResult => ({
    modified: tagged.code?.name === "MODIFIED"
      ? tagged.code.uids
      : UidSet.EMPTY,
    rows,
    refusal: tagged.status === "OK" ? undefined : tagged,
  });
  return {
    name: "UID STORE",
    encode(to) {
      to.text("UID STORE ").uids(uids);
      if (unchangedSince !== undefined) {
        to.text(" (UNCHANGEDSINCE ").number(unchangedSince).text(")");
      }
      to.text(` ${SIGNS[action]}${item}${silent ? ".SILENT" : ""} `);
      if (item === "FLAGS") to.flags(values);
      else {
        to.text("(");
        values.forEach((label, at) => {
          to.text(at === 0 ? "" : " ");
          // Gmail's own labels look like flags and are not quoted.
          if (/^\\[A-Za-z]+$/.test(label)) to.text(label);
          else to.astring(label);
        });
        to.text(")");
      }
    },
    untagged(response) {
      if (response.kind !== "fetch" || response.bodies.length > 0) return false;
      if (response.uid === undefined || !uids.has(response.uid)) return false;
      rows.push(response);
      return true;
    },
    finish: result,
    refused: (tagged) =>
      tagged.code?.name === "MODIFIED" ? result(tagged) : undefined,
  };
}

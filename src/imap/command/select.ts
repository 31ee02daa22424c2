/** SELECT and EXAMINE. */
import type { FetchRow } from "../wire/fetch_row.ts";
import type { StatusResponse } from "../wire/response.ts";
import type { ModSeq, Uid, UidValidity } from "../wire/types.ts";
import { UidSet } from "../wire/uid_set.ts";
import type { Command } from "./command.ts";

/** How a mailbox is opened. */
export interface SelectOptions {
  /** EXAMINE: nothing can be changed. @default false */
  readonly readOnly?: boolean;
  /** Ask for mod-sequences where ENABLE was not used (RFC 7162 §3.1.8). */
  readonly condstore?: boolean;
  /** Ask for all changes since; QRESYNC must be enabled (RFC 7162 §3.2.5). */
  readonly qresync?: QresyncOptions;
}

/** What the client knows of the mailbox. */
export interface QresyncOptions {
  readonly uidValidity: number;
  readonly modSeq: ModSeq;
  /** UIDs that the client knows; the server leaves others out of VANISHED. */
  readonly knownUids?: UidSet;
}

/** The mailbox as it was when it was opened. */
export interface SelectResult {
  /** The server did not give write access, whatever was asked for. */
  readonly readOnly: boolean;
  readonly exists: number;
  readonly recent: number;
  /** All flags in use, as sent. */
  readonly flags: readonly string[];
  /** Flags that can be stored, `\*` for new keywords; undefined: not said. */
  readonly permanentFlags: readonly string[] | undefined;
  readonly uidValidity: UidValidity | undefined;
  readonly uidNext: Uid | undefined;
  /** Undefined: the mailbox keeps no mod-sequences. */
  readonly highestModSeq: ModSeq | undefined;
  /** RFC 8474. */
  readonly mailboxId: string | undefined;
  /** UIDs are not kept (RFC 4315 §3): nothing can be synchronised by them. */
  readonly uidNotSticky: boolean;
  /** QRESYNC: messages that are gone. Empty without it. */
  readonly vanished: UidSet;
  /** QRESYNC: messages whose flags changed. Empty without it. */
  readonly changed: readonly FetchRow[];
}

/**
 * Opens a mailbox (RFC 9051 §6.3.2, §6.3.3); `name` as on the wire. With QRESYNC
 * changes come only if the server's UIDVALIDITY is the one given; compare.
 */
export function select(
  name: string,
  options: SelectOptions = {},
): Command<SelectResult> {
  const { readOnly = false, condstore = false, qresync } = options;
  const word = readOnly ? "EXAMINE" : "SELECT";
  let draft = newDraft();
  return {
    name: word,
    alone: true,
    encode(to) {
      to.text(`${word} `).mailbox(name);
      if (qresync !== undefined) {
        if (!to.isEnabled("QRESYNC")) {
          throw new RangeError("QRESYNC is not enabled");
        }
        to.text(" (QRESYNC (").number(qresync.uidValidity).text(" ")
          .number(qresync.modSeq);
        const known = qresync.knownUids;
        if (known !== undefined && !known.isEmpty) to.text(" ").uids(known);
        to.text("))");
      } else if (condstore) to.text(" (CONDSTORE)");
    },
    untagged(response) {
      switch (response.kind) {
        case "exists":
          draft.exists = response.count;
          return true;
        case "recent":
          draft.recent = response.count;
          return true;
        case "flags":
          draft.flags = response.flags;
          return true;
        case "list":
          // IMAP4rev2 tells the name of the mailbox; we know it.
          return true;
        case "vanished":
          if (!response.earlier) return false;
          draft.vanished = draft.vanished.union(response.uids);
          return true;
        case "fetch":
          if (qresync === undefined || response.uid === undefined) return false;
          draft.changed.push(response);
          return true;
        case "status":
          // All before it was still about the mailbox that was open.
          if (response.code?.name === "CLOSED") draft = newDraft();
          // UIDNOTSTICKY comes with a NO (RFC 4315 §3).
          return (response.status === "OK" || response.status === "NO") &&
            noteCode(draft, response);
        default:
          return false;
      }
    },
    finish: (tagged) => ({
      ...draft,
      readOnly: readOnly || tagged.code?.name === "READ-ONLY",
    }),
  };
}

type Draft =
  & {
    -readonly [K in keyof Omit<SelectResult, "changed">]: SelectResult[K];
  }
  & { changed: FetchRow[] };

function newDraft(): Draft {
  return {
    readOnly: false,
    exists: 0,
    recent: 0,
    flags: [],
    permanentFlags: undefined,
    uidValidity: undefined,
    uidNext: undefined,
    highestModSeq: undefined,
    mailboxId: undefined,
    uidNotSticky: false,
    vanished: UidSet.EMPTY,
    changed: [],
  };
}

/** Takes the codes that belong to SELECT; false: it is another one. */
function noteCode(draft: Draft, { code }: StatusResponse): boolean {
  switch (code?.name) {
    case "UIDVALIDITY":
      draft.uidValidity = code.uidValidity;
      return true;
    case "UIDNEXT":
      draft.uidNext = code.uidNext;
      return true;
    case "HIGHESTMODSEQ":
      // 0 is illegal; who sends it keeps none.
      draft.highestModSeq = code.modSeq === 0n ? undefined : code.modSeq;
      return true;
    case "NOMODSEQ":
      draft.highestModSeq = undefined;
      return true;
    case "PERMANENTFLAGS":
      draft.permanentFlags = code.flags;
      return true;
    case "MAILBOXID":
      draft.mailboxId = code.mailboxId;
      return true;
    case "UIDNOTSTICKY":
      draft.uidNotSticky = true;
      return true;
    case "UNSEEN":
    case "CLOSED":
      return true;
    default:
      return false;
  }
}

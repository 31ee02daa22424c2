/** The state of a mailbox on the server as one short text. */
import { MAX_UID, type ModSeq } from "../wire/types.ts";

/** What SELECT or STATUS says of a mailbox's state. */
export interface MailboxMark {
  readonly uidValidity: number;
  readonly uidNext: number;
  /** EXISTS, or MESSAGES. */
  readonly messages: number;
  /** Undefined where the mailbox keeps none (RFC 7162 §3.1.2.2). */
  readonly highestModSeq: ModSeq | undefined;
}

/** `uidvalidity:uidnext:messages:modseq`; `-` for no MODSEQ. */
export function formatToken(mark: MailboxMark): string {
  const { uidValidity, uidNext, messages, highestModSeq } = mark;
  return `${uidValidity}:${uidNext}:${messages}:${highestModSeq ?? "-"}`;
}

/** The mark of a token; undefined for what is none of ours. */
export function parseToken(token: string | undefined): MailboxMark | undefined {
  const match = /^(\d+):(\d+):(\d+):(\d+|-)$/.exec(token ?? "");
  if (match === null) return undefined;
  const [, uidValidity, uidNext, messages, modSeq] = match;
  if (Number(uidNext) < 1 || Number(uidNext) > MAX_UID) return undefined;
  return {
    uidValidity: Number(uidValidity),
    uidNext: Number(uidNext),
    messages: Number(messages),
    highestModSeq: modSeq === "-" || modSeq === undefined
      ? undefined
      : BigInt(modSeq),
  };
}

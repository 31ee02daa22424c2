/** UID COPY. */
import type { CopyUid, TaggedResponse } from "../wire/response.ts";
import type { UntaggedResponse } from "../wire/response.ts";
import type { Uid, UidValidity } from "../wire/types.ts";
import { UidSet } from "../wire/uid_set.ts";
import type { Command } from "./command.ts";

/** Where messages went. */
export interface CopyResult {
  /** UIDVALIDITY of the target; undefined without UIDPLUS. */
  readonly uidValidity: UidValidity | undefined;
  /** New UIDs by old ones, as far as the server told. */
  readonly uids: ReadonlyMap<Uid, Uid>;
}

/**
 * Copies messages to another mailbox (RFC 9051 §6.4.7); all or none.
 * `mailbox` as on the wire.
 */
export function copy(uids: UidSet, mailbox: string): Command<CopyResult> {
  return transfer("UID COPY", uids, mailbox);
}

/** COPY and MOVE, which tell their result in different places. */
export function transfer(
  name: "UID COPY" | "UID MOVE",
  uids: UidSet,
  mailbox: string,
): Command<CopyResult> {
  let uidValidity: UidValidity | undefined;
  const found = new Map<Uid, Uid>();
  /** False: it is about other messages, or makes no sense. */
  const note = (code: CopyUid | undefined): boolean => {
    // Also bounds what a server can make us count up to.
    if (code === undefined || !uids.includes(UidSet.fromRanges(code.source))) {
      return false;
    }
    uidValidity = code.uidValidity;
    for (const [from, to] of pairCopyUid(code)) found.set(from, to);
    return true;
  };
  return {
    name,
    encode(to) {
      if (uids.isOpen) throw new RangeError(`Cannot name them: ${uids}`);
      to.text(`${name} `).uids(uids).text(" ").mailbox(mailbox);
    },
    // Several may be under way: each takes what its own UIDs are in.
    untagged: (response) => note(copyUidOf(response)),
    finish(tagged) {
      note(copyUidOf(tagged));
      return { uidValidity, uids: found };
    },
  };
}

function copyUidOf(
  response: UntaggedResponse | TaggedResponse,
): CopyUid | undefined {
  if (response.kind !== "status" && response.kind !== "tagged") {
    return undefined;
  }
  return response.code?.name === "COPYUID" ? response.code : undefined;
}

/** New UIDs by old ones (RFC 4315 §3): the n-th goes to the n-th. */
export function* pairCopyUid(
  { source, destination }: CopyUid,
): Generator<[from: Uid, to: Uid]> {
  const targets = uidsInOrder(destination);
  for (const from of uidsInOrder(source)) {
    const to = targets.next();
    if (to.done) return;
    yield [from, to.value];
  }
}

/** The members of ranges; `5:3` means the same as `3:5` (RFC 9051 §9). */
function* uidsInOrder(pairs: readonly number[]): Generator<Uid, undefined> {
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const a = pairs[at] as number;
    const b = pairs[at + 1] as number;
    for (let uid = Math.min(a, b); uid <= Math.max(a, b); uid++) {
      yield uid as Uid;
    }
  }
}

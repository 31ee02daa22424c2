/** Refs of this kind of store are UIDs. */
import type { Ref } from "../../sync/types.ts";
import { UidSet } from "../wire/uid_set.ts";

/** The UIDs among refs; a name of another kind of store is none. */
export function uidsOf(refs: Iterable<Ref>): UidSet {
  const uids: number[] = [];
  for (const ref of refs) if (typeof ref === "number") uids.push(ref);
  return UidSet.from(uids);
}

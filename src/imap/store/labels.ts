/** Gmail's labels (X-GM-LABELS) between the wire and the engine's flag sets. */
import { flagList, flagsOf, unionFlags } from "../../sync/flags.ts";
import { labelFlag, labelOf } from "../../sync/labels.ts";
import type { Flags } from "../../sync/types.ts";
import { decodeLabel, encodeMailboxName } from "../mailbox_name.ts";
import type { FetchRow } from "../wire/fetch_row.ts";

/** Label sets remembered; a mailbox has a few hundred. */
const MEMORY = 4096;

/** Which labels are synchronised, and how they are told. */
export class GmailLabels {
  readonly #memory = new Map<string, Flags>();

  /** @param isIgnored Whether a label (readable text) is left alone. */
  constructor(readonly isIgnored: (label: string) => boolean) {}

  /** Whether a member of a flag set stands for a label that is synchronised. */
  canHold(flag: string): boolean {
    const label = labelOf(flag);
    return label !== undefined && !this.isIgnored(label);
  }

  /**
   * The row with its labels among its flags; undefined for one that does not tell
   * both, such as news of flags alone: it says nothing about labels.
   */
  join(row: FetchRow): FetchRow | undefined {
    const { flags, gmailLabels } = row;
    if (flags === undefined || gmailLabels === undefined) return undefined;
    const key = `${flags}\0${gmailLabels.join("\0")}`;
    let joined = this.#memory.get(key);
    if (joined === undefined) {
      joined = unionFlags(
        flags,
        flagsOf(
          gmailLabels.map(decodeLabel)
            .filter((label) => !this.isIgnored(label)).map(labelFlag),
        ),
      );
      if (this.#memory.size >= MEMORY) this.#memory.clear();
      this.#memory.set(key, joined);
    }
    return { ...row, flags: joined };
  }
}

/** The labels of a flag set as they go over the wire. */
export function wireLabels(flags: Flags): string[] {
  return flagList(flags).flatMap((flag) => {
    const label = labelOf(flag);
    return label === undefined ? [] : [encodeMailboxName(label)];
  });
}

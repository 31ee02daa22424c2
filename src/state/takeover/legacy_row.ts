/** What the readers of OfflineIMAP's status have in common. */
import type { Flags } from "../../sync/types.ts";

/** A message that was on both sides when OfflineIMAP last ran. */
export interface LegacyRow {
  /** Its UID on the remote side. */
  readonly uid: number;
  readonly flags: Flags;
}

/** Takes a sentence about something that was left out, and why. */
export type Warn = (text: string) => void;

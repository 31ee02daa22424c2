/** What all mailboxes of a store share. */
import type { Step } from "../effects.ts";
import type { DebugLog } from "../events.ts";
import type { Durability } from "./durability.ts";
import type { InfoSeparator, UniqueNames } from "./filename.ts";
import type { FlagLetters } from "./flags.ts";
import type { Kept } from "./kept.ts";
import type { LabelHeader } from "./label_header.ts";
import type { Root } from "./root.ts";
import type { Tree } from "./tree.ts";

/** The parts that a {@link MaildirStore} is made of. */
export interface StoreContext {
  readonly root: Root;
  readonly tree: Tree;
  readonly letters: FlagLetters;
  /** Where labels are kept; undefined: they are not. */
  readonly labels: LabelHeader | undefined;
  /** Header fields that an upload goes without, in lower case. */
  readonly filtered: ReadonlySet<string>;
  readonly separator: InfoSeparator;
  readonly names: UniqueNames;
  readonly durability: Durability;
  readonly kept: Kept;
  readonly nameFromHeader: boolean;
  readonly timeFromHeader: boolean;
  readonly restoreAtime: boolean;
  readonly now: () => number;
  readonly step: Step;
  readonly warn: (text: string) => void;
  /** `-d maildir`. */
  readonly log: DebugLog | undefined;
}

/** What tells one mailbox from another. */
export interface MailboxPlace {
  readonly name: string;
  /** Its path components below the root. */
  readonly path: readonly string[];
  /** Its directory, absolute. */
  readonly directory: string;
  /** Its mark in file names, see `mailboxMark`. */
  readonly mark: string;
  readonly readOnly: boolean;
}

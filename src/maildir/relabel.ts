/** Writes other labels into the header of a message that is there. */
import type { Step } from "../effects.ts";
import type { DebugLog } from "../events.ts";
import { MailError } from "../errors.ts";
import { applyDelta, NO_FLAGS } from "../sync/flags.ts";
import { editHeader } from "../sync/header_fields.ts";
import { changesLabels, labelsIn, withLabels } from "../sync/labels.ts";
import { forEachConcurrently } from "../sync/pool.ts";
import type { FlagChange } from "../sync/ports.ts";
import type { Ref } from "../sync/types.ts";
import { openFile } from "./busy.ts";
import type { Durability } from "./durability.ts";
import type { UniqueNames } from "./filename.ts";
import type { LabelHeader } from "./label_header.ts";
import { osCode } from "../os_error.ts";
import { readHead } from "./reader.ts";
import { TmpFile } from "./tmp_file.ts";

const CHUNK_BYTES = 256 << 10;

/** Names tried before giving up on finding an unused one. */
const TRIES = 100;

/** Files that are written at a time: what a disk does best with a sync each. */
const AT_ONCE = 8;

/** What relabelling needs to know. */
export interface RelabelOptions {
  /** The mailbox's directory, absolute. */
  readonly directory: string;
  readonly labels: LabelHeader;
  readonly names: UniqueNames;
  readonly durability: Durability;
  readonly log: DebugLog | undefined;
  readonly step: Step;
}

/**
 * Relabels the files of one mailbox. The new file is complete, and on the disk,
 * before it takes the place of the old one under the same name: whenever a run
 * ends, one of the two is there, whole.
 */
export class Relabelling {
  constructor(readonly options: RelabelOptions) {}

  /**
   * Relabels those of `changes` that are about labels, some at a time.
   * @param visit Gets each message and what writes its file, given the path.
   */
  async all(
    changes: readonly FlagChange[],
    visit: (
      ref: Ref,
      write: (path: string) => Promise<boolean>,
    ) => Promise<void>,
  ): Promise<void> {
    const labelled = changes.filter(({ delta }) => changesLabels(delta));
    const signal = new AbortController().signal;
    await forEachConcurrently(
      labelled,
      { concurrency: AT_ONCE, signal },
      (change) => visit(change.ref, (path) => this.apply(path, change)),
    );
  }

  /**
   * Adds and removes labels; the ignored ones of the file stay, and so does its
   * time, which says when the message was received.
   *
   * @returns False if the file has those labels already and stays as it is.
   * @throws {MailError} `maildir.changed`: another program changed the file
   *   meanwhile, and has the last word. Else what the system says, such as
   *   `NotFound` for one that was renamed.
   */
  async apply(
    path: string,
    { delta, was = NO_FLAGS }: Omit<FlagChange, "ref">,
  ): Promise<boolean> {
    const { durability, labels } = this.options;
    const source = openFile(path);
    // Closed before the end: Windows replaces no file that is open.
    using closing = new DisposableStack();
    closing.defer(() => source.close());
    const before = source.statSync();
    const head = readHead(source);
    const old = withLabels(NO_FLAGS, labels.read(head, labelsIn(was)));
    const now = applyDelta(old, delta);
    if (now === old) return false;
    using file = this.#create();
    file.write(editHeader(head, {
      drop: labels.names,
      add: labels.format(labelsIn(now)),
    }));
    copyRest(source, file);
    closing.dispose();
    const time = before.mtime?.getTime();
    if (time !== undefined) file.setTime(time);
    await file.sync(durability);
    if (!isSame(before, Deno.statSync(path))) throw changedMeanwhile(path);
    file.rename(path);
    this.options.log?.(
      `wrote labels ${labelsIn(now).join(", ") || "(none)"} into ${path}`,
    );
    return true;
  }

  /** A killed run of the same second may have left a file of that name. */
  #create(): TmpFile {
    const { directory, names, step } = this.options;
    for (let tries = 1;; tries++) {
      try {
        return new TmpFile(`${directory}/tmp/${names.next()}`, step);
      } catch (error) {
        if (osCode(error) !== "EEXIST" || tries === TRIES) throw error;
      }
    }
  }
}

function copyRest(source: Deno.FsFile, file: TmpFile): void {
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (;;) {
    const count = source.readSync(chunk);
    if (count === null) return;
    file.write(chunk.subarray(0, count));
  }
}

function isSame(a: Deno.FileInfo, b: Deno.FileInfo): boolean {
  return a.ino === b.ino && a.size === b.size &&
    a.mtime?.getTime() === b.mtime?.getTime();
}

function changedMeanwhile(path: string): MailError {
  return new MailError(
    `File "${path}" was changed while labels were written into it`,
    { code: "maildir.changed", scope: "message", retry: "now" },
  );
}

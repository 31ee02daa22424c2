/** Changes of messages that are renames of their files. */
import type { Step } from "../effects.ts";
import type { DebugLog } from "../events.ts";
import { MailError } from "../errors.ts";
import type { FlagDelta } from "../sync/flags.ts";
import type { Ref } from "../sync/types.ts";
import { exists } from "./exists.ts";
import {
  type FileName,
  formatFileName,
  type InfoSeparator,
  parseFileName,
  type UniqueNames,
  withLetters,
  withMarks,
} from "./filename.ts";
import { type FlagLetters, isSeen } from "./flags.ts";
import { isAbsent, osCode } from "../os_error.ts";
import {
  type Place,
  type Places,
  TRIES,
  vanished,
  type Where,
} from "./places.ts";
import { renameFile } from "./busy.ts";

/** What renaming needs to know. */
export interface RenameOptions {
  /** The mailbox's mark in file names, see `mailboxMark`. */
  readonly mark: string;
  readonly separator: InfoSeparator;
  readonly letters: FlagLetters;
  readonly places: Places;
  readonly names: UniqueNames;
  readonly log: DebugLog | undefined;
  readonly step: Step;
}

/** Renames the files of one mailbox. */
export class Renames {
  readonly #options: RenameOptions;

  constructor(options: RenameOptions) {
    this.#options = options;
  }

  /**
   * Writes flags into a message's name and moves it as OfflineIMAP does: to
   * `cur/` if it was read, else to `new/`. Nothing is renamed if no letter
   * changes.
   * @returns The directories that changed.
   * @throws {MailError} Scope message: vanished, or another file has that name.
   */
  async setFlags(ref: Ref, delta: FlagDelta): Promise<Where[]> {
    const { letters, separator } = this.#options;
    return await this.#rename(ref, ref, ({ where, file }) => {
      const after = letters.apply(file.letters, delta);
      if (after === file.letters) return { where, file };
      return {
        where: isSeen(after) ? "cur" : "new",
        file: withLetters(file, after, separator),
      };
    });
  }

  /**
   * Notes a UID and the mailbox's mark in a message's name, in front of the info
   * part; all else of the name stays.
   * @returns Its ref from now on and the directories that changed. A name that
   *   would become too long for the file system stays as it is.
   * @throws {MailError} Scope message: vanished, or another file has that name.
   */
  async bind(
    ref: string,
    uid: number,
  ): Promise<{ ref: string; changed: Where[] }> {
    const unique = withMarks(ref, uid, this.#options.mark);
    try {
      const changed = await this.#rename(
        ref,
        unique,
        ({ where, file }) => ({ where, file: { ...file, unique } }),
      );
      return { ref: unique, changed };
    } catch (error) {
      if (osCode(error) === "ENAMETOOLONG") return { ref, changed: [] };
      throw error;
    }
  }

  /**
   * Moves a message to the same place of another mailbox, under the same name
   * unless that is taken there.
   * @param directory The other mailbox's, absolute.
   * @returns Its ref there and the directory that it left.
   * @throws {MailError} Scope message: vanished.
   */
  async moveTo(
    ref: Ref,
    directory: string,
  ): Promise<{ ref: string; where: Where }> {
    const { names, places, separator, step } = this.#options;
    let place = await places.find(ref);
    for (let tries = 0; tries < TRIES && place !== undefined; tries++) {
      let file = parseFileName(place.name, separator);
      const target = () =>
        `${directory}/${place?.where}/${formatFileName(file)}`;
      while (exists(target())) file = { ...file, unique: names.next() };
      step("file", "rename");
      try {
        renameFile(places.path(place), target());
      } catch (error) {
        if (!isAbsent(error)) throw error;
        place = await places.findAgain(ref);
        continue;
      }
      this.#options.log?.(`moved ${shown(place)} to ${target()}`);
      places.forget(ref);
      return { ref: file.unique, where: place.where };
    }
    throw vanished(ref);
  }

  async #rename(
    ref: Ref,
    newRef: Ref,
    change: (now: Named) => Named,
  ): Promise<Where[]> {
    const { places } = this.#options;
    let place = await places.find(ref);
    for (let tries = 0; tries < TRIES; tries++) {
      if (place === undefined) break;
      const { name, where } = place;
      const file = parseFileName(name, this.#options.separator);
      const after = change({ where, file });
      const to: Place = {
        where: after.where,
        name: formatFileName(after.file),
      };
      if (to.where === where && to.name === name) return [];
      if (!this.#move(place, to)) {
        place = await places.findAgain(ref);
        continue;
      }
      this.#options.log?.(`renamed ${shown(place)} to ${shown(to)}`);
      places.forget(ref);
      places.remember(newRef, to);
      return where === to.where ? [where] : [where, to.where];
    }
    throw vanished(ref);
  }

  /** Renames a file. @returns False if it is not there. */
  #move(from: Place, to: Place): boolean {
    const { places, step } = this.#options;
    const source = places.path(from);
    const target = places.path(to);
    // rename(2) would silently replace the other file.
    if (exists(target)) {
      if (!exists(source)) return false;
      throw new MailError(
        `Two files stand for one message: "${source}" and "${target}"`,
        {
          code: "maildir.twins",
          scope: "message",
          retry: "later",
          hint: "Remove one of them, or rename it if it is another message",
        },
      );
    }
    step("file", "rename");
    try {
      renameFile(source, target);
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
    return true;
  }
}

function shown({ where, name }: Place): string {
  return `${where}/${name}`;
}

/** A file's name and directory. */
interface Named {
  readonly where: Where;
  readonly file: FileName;
}

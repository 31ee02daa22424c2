/** OfflineIMAP's FolderValidity, brought up to date. */
import { dirname, join } from "node:path";
import type { MailboxNames } from "../mailbox_row.ts";
import type { AgreedMessage } from "../status_files.ts";
import type { Collisions } from "../takeover/collisions.ts";
import {
  legacyFileName,
  legacyPath,
  type LegacyPlace,
  remoteFileName,
} from "../takeover/legacy_name.ts";
import { readText } from "../takeover/text_file.ts";
import { replaceFile, type ReplaceOptions } from "./replace_file.ts";

/** UIDVALIDITY of both sides. */
export interface Validities {
  readonly remoteValidity: number | undefined;
  readonly localValidity: number | undefined;
  /** What the local mailbox is called in names of files. @default its name */
  readonly localFile?: string;
}

interface ValidityOptions extends LegacyPlace, ReplaceOptions {
  readonly remoteSeparator: string;
  readonly collisions: Collisions;
}

/** The two files of each mailbox pair. */
export class ValidityFiles {
  readonly #workshop: string;
  readonly #options: ValidityOptions;
  #made = 0;

  /** @param workshop Where files are made, in the same file system. */
  constructor(workshop: string, options: ValidityOptions) {
    this.#workshop = workshop;
    this.#options = options;
  }

  /** Whether a file has another number than it should. */
  differ(mailbox: MailboxNames & Validities): boolean {
    return this.#filesOf(mailbox).some(({ path, validity }) => {
      const number = numberIn(path);
      return number !== undefined && number !== validity;
    });
  }

  /** Writes what is missing or wrong. */
  async write(mailbox: MailboxNames & Validities): Promise<void> {
    for (const { path, validity } of this.#filesOf(mailbox)) {
      if (numberIn(path) === validity) continue;
      await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const made = join(this.#workshop, `validity-${this.#made++}`);
      await Deno.writeTextFile(made, `${validity}\n`, { mode: 0o600 });
      await replaceFile(made, path, this.#options);
    }
  }

  /**
   * Writes the first UID that is synchronised, if none is known: without it
   * OfflineIMAP takes a `startdate` for a new one, and refuses a folder that
   * holds messages. It never changes it either.
   */
  async writeStart(
    mailbox: MailboxNames & Validities,
    side: "remote" | "local",
    messages: Iterable<AgreedMessage>,
  ): Promise<void> {
    const { metadata, remoteRepo, localRepo, remoteSeparator } = this.#options;
    const [repository, name] = side === "remote"
      ? [remoteRepo, remoteFileName(mailbox.remote, remoteSeparator)]
      : [localRepo, legacyFileName(mailbox.localFile ?? mailbox.local)];
    const folder = [`Repository-${repository}`, "StartUID"];
    const path = legacyPath(metadata, folder, name);
    if (path === undefined || numberIn(path) !== undefined) return;
    let first = Infinity;
    for (const { uid, local = uid } of messages) {
      first = Math.min(first, side === "remote" ? uid : local);
    }
    if (first === Infinity) return;
    await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const made = join(this.#workshop, `start-${this.#made++}`);
    await Deno.writeTextFile(made, `${first}\n`, { mode: 0o600 });
    await replaceFile(made, path, this.#options);
  }

  #filesOf(mailbox: MailboxNames & Validities) {
    const { metadata, remoteRepo, localRepo, remoteSeparator, collisions } =
      this.#options;
    const remote = remoteFileName(mailbox.remote, remoteSeparator);
    // It can hold that of one folder only.
    const shared = collisions.validity.has(remote);
    return [
      ...shared
        ? []
        : [{ repo: remoteRepo, name: remote, value: mailbox.remoteValidity }],
      {
        repo: localRepo,
        name: legacyFileName(mailbox.localFile ?? mailbox.local),
        value: mailbox.localValidity,
      },
    ].flatMap(({ repo, name, value }) => {
      const folder = [`Repository-${repo}`, "FolderValidity"];
      const path = legacyPath(metadata, folder, name);
      return path === undefined || value === undefined
        ? []
        : [{ path, validity: value }];
    });
  }
}

function numberIn(path: string): number | undefined {
  const text = readText(path, () => {})?.trim() ?? "";
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

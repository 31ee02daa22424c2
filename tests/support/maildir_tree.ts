/** A user's Maildir tree in the hands of a test: read, and edited as by a mail program. */
import { join } from "node:path";
import {
  type Contents,
  flagsOfLetters,
  labelOf,
  type Mail,
  withCrlf,
} from "./contents.ts";

/** A message file. */
export interface MailFile {
  readonly folder: string;
  /** `cur` or `new`. */
  readonly where: string;
  /** The file's name without its directory. */
  readonly name: string;
  readonly path: string;
}

/** What stands before the flag letters in names here, as the program has it. */
export const INFO = Deno.build.os === "windows" ? "!2," : ":2,";

let serial = 0;

/** A tree whose folders are directories (`sep = /`), or lie side by side. */
export class MaildirTree {
  /** @param keywords Keyword by letter, as `customflag_a` … say. */
  constructor(
    readonly root: string,
    readonly keywords: Readonly<Record<string, string>> = {},
  ) {}

  /** Names of all folders, sorted; levels by `/`. The root itself is "". */
  folders(): string[] {
    return foldersBelow(this.root, "").sort();
  }

  /** The files of a folder in the order of their names. */
  files(folder: string): MailFile[] {
    return ["cur", "new"].flatMap((where) => {
      const directory = join(this.root, folder, where);
      return namesIn(directory).sort().map((name) => ({
        folder,
        where,
        name,
        path: join(directory, name),
      }));
    });
  }

  /** The one file whose message has this subject. */
  find(label: string, folder?: string): MailFile {
    const folders = folder === undefined ? this.folders() : [folder];
    for (const file of folders.flatMap((name) => this.files(name))) {
      if (labelOf(Deno.readFileSync(file.path)) === label) return file;
    }
    throw new Error(`No message "${label}" in ${this.root}`);
  }

  /** Everything, for comparison with the server. */
  contents(): Contents {
    return new Map(
      this.folders().map((folder) => [
        folder,
        this.files(folder).map(({ path, name }): Mail => ({
          body: withCrlf(Deno.readFileSync(path)),
          flags: flagsOfLetters(lettersOf(name), this.keywords),
        })),
      ]),
    );
  }

  /** Names, sizes and times of all files: equal when nothing was touched. */
  snapshot(): string[] {
    return this.folders().flatMap((folder) =>
      this.files(folder).map(({ path }) => {
        const { size, mtime, ino } = Deno.statSync(path);
        return `${
          path.slice(this.root.length)
        } ${size} ${mtime?.getTime()} ${ino}`;
      })
    );
  }

  /** Files that are left in `tmp/`. */
  leftovers(): string[] {
    return this.folders().flatMap((folder) =>
      namesIn(join(this.root, folder, "tmp"))
    );
  }

  /** Creates an empty folder. */
  create(folder: string): void {
    for (const part of ["cur", "new", "tmp"]) {
      Deno.mkdirSync(join(this.root, folder, part), { recursive: true });
    }
  }

  /** Delivers a message as a mail program does: `tmp/`, then its place. */
  deliver(folder: string, body: string | Uint8Array, letters = ""): MailFile {
    serial++;
    const unique = `${1_700_000_000 + serial}.M${serial}P${Deno.pid}.test`;
    const where = letters === "" ? "new" : "cur";
    const name = letters === "" ? unique : `${unique}${INFO}${letters}`;
    const bytes = typeof body === "string"
      ? new TextEncoder().encode(body)
      : body;
    const tmp = join(this.root, folder, "tmp", unique);
    const path = join(this.root, folder, where, name);
    Deno.writeFileSync(tmp, bytes);
    Deno.renameSync(tmp, path);
    return { folder, where, name, path };
  }

  /** Gives a message other flag letters, by which it moves to `cur/`. */
  setLetters(file: MailFile, letters: string): MailFile {
    const [unique = ""] = file.name.split(INFO);
    const sorted = [...new Set(letters)].sort().join("");
    return this.#rename(file, file.folder, `${unique}${INFO}${sorted}`);
  }

  /** Deletes a message. */
  remove(file: MailFile): void {
    Deno.removeSync(file.path);
  }

  /** Moves a message to another folder, keeping its name as mutt and notmuch do. */
  move(file: MailFile, folder: string): MailFile {
    return this.#rename(file, folder, file.name);
  }

  #rename(file: MailFile, folder: string, name: string): MailFile {
    const path = join(this.root, folder, "cur", name);
    Deno.renameSync(file.path, path);
    return { folder, where: "cur", name, path };
  }
}

/** The flag letters of a file name. */
export function lettersOf(name: string): string {
  return /[:!]2,(\w*)$/.exec(name)?.[1] ?? "";
}

function foldersBelow(root: string, name: string): string[] {
  let entries: string[];
  try {
    entries = [...Deno.readDirSync(join(root, name))]
      .filter((entry) => entry.isDirectory).map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  const own = ["cur", "new", "tmp"];
  const found = own.every((part) => entries.includes(part)) ? [name] : [];
  for (const entry of entries) {
    if (own.includes(entry)) continue;
    found.push(...foldersBelow(root, name === "" ? entry : `${name}/${entry}`));
  }
  return found;
}

function namesIn(directory: string): string[] {
  try {
    return [...Deno.readDirSync(directory)].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

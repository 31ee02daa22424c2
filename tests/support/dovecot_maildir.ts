/** Direct access to a Dovecot user's Maildir (LAYOUT=fs), behind the server's back. */
import { dirname, join } from "node:path";

/** A message to be put into a Maildir. */
export interface SeedMessage {
  /** The bytes as they shall lie in the file; text is written as UTF-8. */
  body: string | Uint8Array;
  /** Maildir flag letters in any order, such as `FS`. @default "" */
  flags?: string;
  /** INTERNALDATE, which Dovecot takes from the file's modification time. @default now */
  date?: Date;
  /** Put it into `new/`, so that it is \Recent; flags are then left out. @default false */
  fresh?: boolean;
}

/** A message found in a Maildir. */
export interface StoredMessage {
  /** The file's name without its folder. */
  readonly name: string;
  /** The flag letters behind `:2,`, empty in `new/`. */
  readonly flags: string;
  readonly body: Uint8Array;
  /** Whether it lies in `new/`. */
  readonly fresh: boolean;
  /** From `dovecot-uidlist`; absent until Dovecot has seen the file. */
  readonly uid: number | undefined;
}

let serial = 0;

/** Makes `folder` (with `/` between its levels) below `mailRoot` and fills it. */
export async function seedMaildir(
  mailRoot: string,
  folder: string,
  messages: readonly (SeedMessage | string | Uint8Array)[],
  owner?: { uid: number; gid: number },
): Promise<string[]> {
  const path = await makeMaildir(mailRoot, folder, owner);
  const names: string[] = [];
  for (const given of messages) {
    const message = typeof given === "string" || given instanceof Uint8Array
      ? { body: given }
      : given;
    const { name, file } = nextName(path, message);
    const bytes = typeof message.body === "string"
      ? new TextEncoder().encode(message.body)
      : message.body;
    await Deno.writeFile(file, bytes);
    if (message.date) await Deno.utime(file, message.date, message.date);
    if (owner) await Deno.chown(file, owner.uid, owner.gid);
    names.push(name);
  }
  return names;
}

function nextName(
  path: string,
  message: SeedMessage,
): { name: string; file: string } {
  serial++;
  // Dovecot numbers new files in the order of their names.
  const seconds = 1_600_000_000 + serial;
  const unique = `${seconds}.M${serial}P${Deno.pid}.seed`;
  if (message.fresh) {
    return { name: unique, file: join(path, "new", unique) };
  }
  const letters = [...(message.flags ?? "")].sort().join("");
  const name = `${unique}:2,${letters}`;
  return { name, file: join(path, "cur", name) };
}

async function makeMaildir(
  mailRoot: string,
  folder: string,
  owner?: { uid: number; gid: number },
): Promise<string> {
  const path = folderPath(mailRoot, folder);
  for (const part of ["cur", "new", "tmp"]) {
    await Deno.mkdir(join(path, part), { recursive: true });
  }
  if (owner) {
    const made = [path, ..."cur new tmp".split(" ").map((p) => join(path, p))];
    for (let up = path; up !== mailRoot && up !== dirname(up);) {
      up = dirname(up);
      if (up.startsWith(mailRoot)) made.push(up);
    }
    for (const one of made) await Deno.chown(one, owner.uid, owner.gid);
  }
  return path;
}

/** The messages of `folder` in the order of their file names; empty when it is not there. */
export async function readMaildir(
  mailRoot: string,
  folder: string,
): Promise<StoredMessage[]> {
  const path = folderPath(mailRoot, folder);
  const uids = await readUidList(path);
  const found: StoredMessage[] = [];
  for (const part of ["new", "cur"]) {
    for (const name of await namesIn(join(path, part))) {
      const body = await Deno.readFile(join(path, part, name));
      const flags = /:2,(.*)$/.exec(name)?.[1] ?? "";
      const uid = uids.get(baseName(name));
      found.push({ name, flags, body, fresh: part === "new", uid });
    }
  }
  return found.sort((a, b) => a.name < b.name ? -1 : 1);
}

function folderPath(mailRoot: string, folder: string): string {
  if (folder.toUpperCase() === "INBOX") return mailRoot;
  return join(mailRoot, ...folder.split("/"));
}

async function namesIn(path: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(path));
    return entries.filter((entry) => entry.isFile).map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function baseName(name: string): string {
  return name.replace(/:.*$/s, "");
}

/** Reads `UID [fields] :NAME` lines, the later of two for a name winning. */
async function readUidList(path: string): Promise<Map<string, number>> {
  const uids = new Map<string, number>();
  const text = await Deno.readTextFile(join(path, "dovecot-uidlist"))
    .catch(() => "");
  for (const line of text.split("\n").slice(1)) {
    const match = /^(\d+) (?:.*? )?:(.*)$/.exec(line);
    if (match?.[1] && match[2]) uids.set(baseName(match[2]), Number(match[1]));
  }
  return uids;
}

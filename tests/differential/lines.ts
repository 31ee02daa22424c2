/** What two programs left behind, in lines that can be compared. */
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import type { Dovecot } from "../support/dovecot.ts";
import { labelOf } from "../support/contents.ts";
import type { MaildirTree } from "../support/maildir_tree.ts";

/** What beside the usual is compared. */
export interface TreeOptions {
  /** The TIME in file names, which else is the time of the run. @default false */
  readonly nameTimes?: boolean;
  /** Modification times of files, which else are those of the run. @default false */
  readonly fileTimes?: boolean;
  /** INTERNALDATE of messages on the server. @default false */
  readonly receivedTimes?: boolean;
}

/**
 * One line for each folder and each file of a Maildir tree: label, place, name,
 * digest of the bytes. TIME, SEQ, PID and HOST in names that a sync made are
 * replaced by `T`, `N`, `P`, `H`; of `FMD5=` the first eight digits are shown.
 */
export function localLines(
  tree: MaildirTree,
  { nameTimes = false, fileTimes = false }: TreeOptions = {},
): string[] {
  return tree.folders().flatMap((folder) => {
    const title = `maildir ${folder === "" ? "(top)" : folder}`;
    const files = tree.files(folder).map(({ path, where, name }) => {
      const bytes = Deno.readFileSync(path);
      const time = fileTimes
        ? ` @${Deno.statSync(path).mtime?.toISOString()}`
        : "";
      const shape = shapeOf(name, nameTimes);
      return `${title}: ${labelOf(bytes)} ${where}/${shape} #${
        digest(bytes)
      }${time}`;
    });
    return [title, ...files.sort()];
  });
}

/** A file name with what differs from run to run replaced. */
export function shapeOf(name: string, keepTime = false): string {
  const host = hostname();
  const [, time, rest] = /^(\d+)_\d+\.\d+\.(.*)$/s.exec(name) ?? [];
  const own = rest?.startsWith(`${host},U=`) ?? false;
  const text = own
    ? `${keepTime ? time : "T"}_N.P.H${rest?.slice(host.length)}`
    : name;
  return text.replace(/,FMD5=([0-9a-f]{8})[0-9a-f]{24}/, ",FMD5=$1");
}

/** One line for each mailbox and each message that a user of the server has. */
export async function serverLines(
  server: Dovecot,
  user: string,
  { receivedTimes = false }: TreeOptions = {},
): Promise<string[]> {
  const [list, text] = await Promise.all([
    server.doveadm("mailbox", "list", "-u", user),
    server.doveadm(
      ...["-f", "json", "fetch", "-u", user],
      ...["mailbox uid flags date.received text", "ALL"],
    ),
  ]);
  const folders = list.split("\n").filter((name) => name !== "");
  const messages = rowsOf(text).map((row) => {
    const { mailbox, uid, flags = "", text = "" } = row;
    const bytes = new TextEncoder().encode(
      // Random digits.
      text.replace(/^X-OfflineIMAP: [\d-]+/m, "X-OfflineIMAP: 0"),
    );
    const shown = flags.split(" ")
      .filter((flag) => flag !== "\\Recent" && flag !== "").sort().join(" ");
    const time = receivedTimes ? ` @${row["date.received"]}` : "";
    return `server ${mailbox}: ${labelOf(bytes)} UID ${uid} [${shown}] #${
      digest(bytes)
    }${time}`;
  });
  return [...folders.map((folder) => `server ${folder}`), ...messages].sort();
}

function rowsOf(json: string): Record<string, string>[] {
  return json.trim() === "" ? [] : JSON.parse(json);
}

/** A short digest of a message, whatever its line ends. */
export function digest(bytes: Uint8Array): string {
  // The server keeps what it is sent with LF or CRLF as it likes.
  const text = new TextDecoder("latin1").decode(bytes).replaceAll("\r\n", "\n");
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

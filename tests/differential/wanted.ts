/** Lines of wanted differences, and one that comes in many scenarios. */
import { createHash } from "node:crypto";
import { digest } from "./lines.ts";
import { textOf } from "./mail.ts";
import type { Difference } from "./scenario.ts";
import { deliveredName } from "./world.ts";

/** A message file, as the lines of a tree show it. */
export interface ShownFile {
  readonly folder: string;
  readonly label: string;
  /** @default none */
  readonly letters?: string;
  /** UID and the folder's name behind its mark, if the name bears them. */
  readonly uid?: number;
  /** The folder's name after local nametrans, if that differs. */
  readonly named?: string;
  /** Its unique name. @default one that a sync made */
  readonly unique?: string;
  /** `new` or `cur`. @default by the letter S, as OfflineIMAP has it */
  readonly where?: "new" | "cur";
  /** What stands before the letters. @default ":2," */
  readonly info?: string;
  /** The message. @default that of `mail(label)` */
  readonly content?: string;
}

/** The line of a file in a tree. */
export function file({
  folder,
  label,
  letters = "",
  uid,
  named = folder,
  unique = "T_N.P.H",
  where = letters.includes("S") ? "cur" : "new",
  info = ":2,",
  content,
}: ShownFile): string {
  const mark = createHash("md5").update(named).digest("hex").slice(0, 8);
  const marks = uid === undefined ? "" : `,U=${uid},FMD5=${mark}`;
  return `maildir ${folder}: ${label} ` +
    `${where}/${unique}${marks}${info}${letters} ${digestOf(label, content)}`;
}

/** The line of a message on the server. */
export function message(
  folder: string,
  label: string,
  uid: number,
  flags = "",
  content?: string,
): string {
  return `server ${folder}: ${label} UID ${uid} [${flags}] ${
    digestOf(label, content)
  }`;
}

function digestOf(label: string, content = textOf(label)): string {
  return `#${digest(new TextEncoder().encode(content))}`;
}

/**
 * C5: after an upload OfflineIMAP gives the file a wholly new name. Ours keeps
 * the mail program's and puts `U=` and `FMD5=` into it.
 */
export function keptNames(...uploads: readonly ShownFile[]): Difference {
  const shown = uploads.map((upload): ShownFile => ({
    ...upload,
    where: (upload.letters ?? "") === "" ? "new" : "cur",
  }));
  return {
    why: "C5: an uploaded file keeps the unique name that the mail program " +
      "gave it, so that one that has it open does not lose it",
    run: {
      theirs: shown.map(file),
      ours: shown.map((upload) =>
        file({
          ...upload,
          unique: deliveredName(upload.label),
          // As delivered: in new/ there is no info part.
          ...upload.where === "new" ? { info: "" } : {},
        })
      ),
    },
  };
}

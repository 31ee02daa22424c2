/** What users do between two syncs, on either side, and whether it shows. */
import { dirname, join } from "node:path";
import {
  type Contents,
  flagsOfLetters,
  labelOf,
  type Mail,
  withCrlf,
} from "../support/contents.ts";
import type { ImapServer } from "../support/imap_server/mod.ts";
import {
  lettersOf,
  type MaildirTree,
  type MailFile,
} from "../support/maildir_tree.ts";
import { textOf } from "./mail.ts";

/** Where a message is and how it is marked. */
export interface Place {
  readonly folder: string;
  /** Sorted. */
  readonly flags: readonly string[];
}

/** All messages of a side by their labels. One on its way may be there twice. */
export type View = ReadonlyMap<string, readonly Place[]>;

/** One thing done to one message. */
export interface Deed {
  readonly label: string;
  readonly on: "local" | "remote";
  /** Undefined: there was no such message. */
  readonly before: Place | undefined;
  /** Undefined: the message was deleted. */
  readonly after: Place | undefined;
  /** The start of the file's name, of a message delivered locally. */
  readonly unique?: string;
}

/** Whether a view shows what was done. */
export function shows(view: View, { label, after }: Deed): boolean {
  const places = view.get(label) ?? [];
  if (after === undefined) return places.length === 0;
  const wanted = JSON.stringify(after);
  return places.length > 0 &&
    places.every((place) => JSON.stringify(place) === wanted);
}

/** Where a side has its messages. */
export function viewOf(contents: Contents): View {
  const view = new Map<string, Place[]>();
  for (const [folder, mails] of contents) {
    for (const { body, flags } of mails) {
      const label = labelOf(body);
      view.set(label, [...view.get(label) ?? [], { folder, flags }]);
    }
  }
  return view;
}

/** The contents that a view tells of, every message whole. */
export function contentsOf(view: View): Contents {
  const contents = new Map<string, Mail[]>();
  for (const [label, places] of view) {
    const body = withCrlf(new TextEncoder().encode(textOf(label)));
    for (const { folder, flags } of places) {
      contents.set(folder, [...contents.get(folder) ?? [], { body, flags }]);
    }
  }
  return contents;
}

/** A user of both sides, who writes down what was done. */
export class Hands {
  readonly deeds: Deed[] = [];
  readonly #files = new Map<string, MailFile>();

  /** Both sides are in step. */
  constructor(readonly tree: MaildirTree, readonly server: ImapServer) {
    for (const file of tree.folders().flatMap((name) => tree.files(name))) {
      this.#files.set(labelOf(Deno.readFileSync(file.path)), file);
    }
  }

  /** Writes messages into a folder of the Maildir, made if need be. */
  deliver(labels: readonly string[], folder: string, letters: string): void {
    if (!this.tree.folders().includes(folder)) this.tree.create(folder);
    for (const label of labels) {
      const { name } = this.tree.deliver(folder, textOf(label), letters);
      this.deeds.push({
        label,
        on: "local",
        before: undefined,
        after: { folder, flags: flagsOfLetters(letters) },
        unique: name.split(":")[0] ?? name,
      });
    }
  }

  /** Deletes files. */
  remove(labels: readonly string[]): void {
    for (const [label, file] of this.#take(labels)) {
      Deno.removeSync(file.path);
      this.#local(label, file, undefined);
    }
  }

  /** Moves files to another folder, as they are. */
  move(labels: readonly string[], folder: string): void {
    for (const [label, file] of this.#take(labels)) {
      const root = dirname(dirname(dirname(file.path)));
      Deno.renameSync(file.path, join(root, folder, "cur", file.name));
      this.#local(label, file, { ...placeOf(file), folder });
    }
  }

  /** Gives files other flag letters. */
  flag(labels: readonly string[], letters: string): void {
    for (const [label, file] of this.#take(labels)) {
      this.tree.setLetters(file, letters);
      this.#local(label, file, {
        folder: file.folder,
        flags: flagsOfLetters(letters),
      });
    }
  }

  /** Adds messages on the server. */
  append(labels: readonly string[], folder: string): void {
    for (const label of labels) {
      this.server.mailbox(folder).append(
        textOf(label).replaceAll("\n", "\r\n"),
      );
      const after = { folder, flags: [] };
      this.deeds.push({ label, on: "remote", before: undefined, after });
    }
  }

  /** Deletes messages on the server. */
  expunge(labels: readonly string[]): void {
    for (const [label, file] of this.#take(labels)) {
      const { mailbox, uid } = this.#onServer(label, file.folder);
      mailbox.expunge(uid);
      this.#remote(label, file, undefined);
    }
  }

  /** Moves messages on the server. */
  moveThere(labels: readonly string[], folder: string): void {
    for (const [label, file] of this.#take(labels)) {
      const { mailbox, uid } = this.#onServer(label, file.folder);
      mailbox.move(uid, folder);
      this.#remote(label, file, { ...placeOf(file), folder });
    }
  }

  /** Gives messages other flags on the server. */
  flagThere(labels: readonly string[], flags: readonly string[]): void {
    for (const [label, file] of this.#take(labels)) {
      const { mailbox, uid } = this.#onServer(label, file.folder);
      mailbox.setFlags(uid, flags);
      this.#remote(label, file, {
        folder: file.folder,
        flags: [...flags].sort(),
      });
    }
  }

  #local(label: string, file: MailFile, after: Place | undefined): void {
    this.deeds.push({ label, on: "local", before: placeOf(file), after });
  }

  #remote(label: string, file: MailFile, after: Place | undefined): void {
    this.deeds.push({ label, on: "remote", before: placeOf(file), after });
  }

  /** Each message is dealt with once, so that deeds do not overlap. */
  #take(labels: readonly string[]): [string, MailFile][] {
    return labels.map((label) => {
      const file = this.#files.get(label);
      if (file === undefined) throw new Error(`${label} is not to be had`);
      this.#files.delete(label);
      return [label, file];
    });
  }

  #onServer(label: string, folder: string) {
    const mailbox = this.server.mailbox(folder);
    const message = mailbox.messages().find(({ source }) =>
      labelOf(source) === label
    );
    if (message === undefined) throw new Error(`No ${label} in ${folder}`);
    return { mailbox, uid: message.uid };
  }
}

function placeOf({ folder, name }: MailFile): Place {
  return { folder, flags: flagsOfLetters(lettersOf(name)) };
}

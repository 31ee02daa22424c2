/** Writing messages into a mailbox: whole or not at all. */
import type { Step } from "../effects.ts";
import type { DebugLog } from "../events.ts";
import { MailError } from "../errors.ts";
import type { Message } from "../sync/ports.ts";
import type { Ref } from "../sync/types.ts";
import type { Durability } from "./durability.ts";
import { exists, mustBeWritable } from "./exists.ts";
import { type InfoSeparator, type UniqueNames, withMarks } from "./filename.ts";
import { type FlagLetters, isSeen } from "./flags.ts";
import { editHeader, type HeaderEdit } from "../sync/header_fields.ts";
import { labelsIn } from "../sync/labels.ts";
import {
  headerEnd,
  headerField,
  headerText,
  MAX_HEADER_BYTES,
} from "../sync/message_header.ts";
import type { LabelHeader } from "./label_header.ts";
import { CrlfToLf, crlfToLf } from "./line_ends.ts";
import { parseMailDate } from "./mail_date.ts";
import { osCode } from "../os_error.ts";
import type { Place } from "./places.ts";
import { TmpFile } from "./tmp_file.ts";

/** Names tried before giving up on finding an unused one. */
const TRIES = 100;

/** Messages up to this size share the memory that they are converted in. */
const SCRATCH_BYTES = 256 << 10;

/** How far into a message its `Date:` is looked for. */
const HEADER_BYTES = 64 << 10;

/** What a delivery needs to know. */
export interface DeliveryOptions {
  /** The mailbox's directory, absolute. */
  readonly directory: string;
  /** Its mark in file names, see `mailboxMark`. */
  readonly mark: string;
  readonly separator: InfoSeparator;
  readonly letters: FlagLetters;
  readonly names: UniqueNames;
  readonly durability: Durability;
  /** `filename_use_mail_timestamp`: TIME in the name is the message's date. */
  readonly nameFromHeader: boolean;
  /** `utime_from_header`: the file's time is the message's date. */
  readonly timeFromHeader: boolean;
  /** Labels are written into a header. @default they are left out */
  readonly labels?: LabelHeader | undefined;
  readonly log: DebugLog | undefined;
  readonly step: Step;
}

/** Puts messages into one mailbox. */
export class Delivery {
  readonly #options: DeliveryOptions;
  #scratch: Uint8Array | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /**
   * Writes `message` to `tmp/` with LF line ends, gives it the time at which it
   * was received, and moves it to `cur/` if it was read, else to `new/`. With
   * `fsync`, its bytes are on the disk before the move and its name before this
   * returns.
   * @param peer Its UID on the server, noted in the name if it is one.
   * @throws {MailError} Scope message, `maildir.short`: other bytes came than
   *   were promised. Else what the system or the source says.
   */
  async deliver(message: Message, peer: Ref): Promise<Delivered> {
    const { nameFromHeader, timeFromHeader, labels } = this.#options;
    const wanted = nameFromHeader || timeFromHeader;
    const { bytes } = message.body;
    const edit = labels === undefined ? undefined : {
      drop: labels.names,
      add: labels.format(labelsIn(message.flags)),
    };
    if (bytes !== undefined) {
      const header = wanted ? headerText(bytes.subarray(0, HEADER_BYTES)) : "";
      return await this.#place(message, { peer, header }, (file) => {
        this.#writeBytes(file, message, bytes, edit);
      });
    }
    const source = message.body.chunks()[Symbol.asyncIterator]();
    try {
      const first = edit !== undefined
        ? await peekHeader(source, MAX_HEADER_BYTES)
        : wanted
        ? await peekHeader(source, HEADER_BYTES)
        : new Uint8Array(0);
      const header = wanted ? headerText(first.subarray(0, HEADER_BYTES)) : "";
      return await this.#place(
        message,
        { peer, header },
        (file) => writeStream(file, message, { first, source, edit }),
      );
    } finally {
      // Lets go of what the bytes come from if they were not all taken.
      await source.return?.();
    }
  }

  /**
   * Tries whether a message could be put here: makes a file in `tmp/` and takes
   * it away again, and looks at where it would go to.
   * @throws What the system says.
   */
  probe(): void {
    const { directory, step } = this.#options;
    for (const where of ["new", "cur"]) {
      mustBeWritable(`${directory}/${where}`);
    }
    // Of the form that the sweep knows; it takes no number from the messages.
    const name = `${Math.floor(Date.now() / 1000)}_0.${Deno.pid}.probe`;
    using _file = new TmpFile(`${directory}/tmp/${name}`, step);
  }

  async #place(
    message: Message,
    { peer, header }: { peer: Ref; header: string },
    write: (file: TmpFile) => Promise<void> | void,
  ): Promise<Delivered> {
    const { directory, durability, nameFromHeader, timeFromHeader } =
      this.#options;
    const dated = headerDate(header);
    const letters = this.#options.letters.letters(message.flags);
    const where = isSeen(letters) ? "cur" : "new";
    const { unique, name, tmp } = this.#create(peer, letters, {
      where,
      seconds: nameFromHeader ? dated : undefined,
    });
    using file = tmp;
    const writing = write(file);
    if (writing !== undefined) await writing;
    const time = timeFromHeader
      ? dated ?? message.internalDate
      : message.internalDate;
    if (time !== undefined) file.setTime(time);
    // Sync before rename: after a power cut a name in cur/ must have its bytes.
    if (durability.enabled) await file.sync(durability);
    file.rename(`${directory}/${where}/${name}`);
    if (durability.enabled) await durability.directory(`${directory}/${where}`);
    this.#options.log?.(
      `wrote message ${message.ref} to ${where}/${name}, ` +
        `${message.body.sizeBytes} bytes with CRLF`,
    );
    return { ref: unique, place: { where, name } };
  }

  /** Creates a file under a name that nothing bears yet. */
  #create(
    peer: Ref,
    letters: string,
    { where, seconds }: { where: "new" | "cur"; seconds: number | undefined },
  ): { unique: string; name: string; tmp: TmpFile } {
    const { directory, mark, names, separator, step } = this.#options;
    for (let tries = 0; tries < TRIES; tries++) {
      const base = names.next(
        seconds === undefined ? undefined : seconds / 1000,
      );
      const unique = isUid(peer) ? withMarks(base, peer, mark) : base;
      const name = `${unique}${separator}2,${letters}`;
      // Names of the present second are new by themselves; one made of a date
      // may be that of an earlier run with the same process id.
      if (
        seconds !== undefined && exists(`${directory}/${where}/${name}`)
      ) continue;
      try {
        const tmp = new TmpFile(`${directory}/tmp/${name}`, step);
        return { unique, name, tmp };
      } catch (error) {
        if (osCode(error) !== "EEXIST") throw error;
      }
    }
    throw new MailError(`Cannot find an unused file name in "${directory}"`, {
      code: "maildir.name",
      scope: "message",
    });
  }

  #writeBytes(
    file: TmpFile,
    message: Message,
    received: Uint8Array,
    edit: HeaderEdit | undefined,
  ): void {
    checkSize(message, received.length);
    const bytes = edit === undefined ? received : editHeader(received, edit);
    // Nothing is awaited before the bytes are written: one scratch serves all.
    const into = bytes.length <= SCRATCH_BYTES
      ? this.#scratch ??= new Uint8Array(SCRATCH_BYTES)
      : new Uint8Array(bytes.length);
    file.write(into.subarray(0, crlfToLf(bytes, into)));
  }
}

/** Where a message was put. */
export interface Delivered {
  readonly ref: string;
  readonly place: Place;
}

/** A message that is not in memory as a whole, and what was read of it. */
interface Source {
  readonly first: Uint8Array;
  readonly source: AsyncIterator<Uint8Array>;
  readonly edit: HeaderEdit | undefined;
}

async function writeStream(
  file: TmpFile,
  message: Message,
  { first, source, edit }: Source,
): Promise<void> {
  const converter = new CrlfToLf();
  let sizeBytes = first.length;
  file.write(
    converter.push(edit === undefined ? first : editHeader(first, edit)),
  );
  for await (const chunk of { [Symbol.asyncIterator]: () => source }) {
    sizeBytes += chunk.length;
    file.write(converter.push(chunk));
  }
  file.write(converter.end());
  checkSize(message, sizeBytes);
}

/** Reads on until the header is complete, or long enough: what was read. */
async function peekHeader(
  source: AsyncIterator<Uint8Array>,
  enough: number,
): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array(0);
  while (headerEnd(bytes) === -1 && bytes.length < enough) {
    const next = await source.next();
    if (next.done === true) break;
    bytes = concat(bytes, next.value);
  }
  return bytes;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Bytes that are not what was promised must never become a file. */
function checkSize(message: Message, sizeBytes: number): void {
  const promised = message.body.sizeBytes;
  if (promised === sizeBytes) return;
  throw new MailError(
    `Message ${message.ref} has ${sizeBytes} bytes instead of ${promised}`,
    { code: "maildir.short", scope: "message", retry: "now" },
  );
}

function isUid(peer: Ref): peer is number {
  return typeof peer === "number" && Number.isSafeInteger(peer) && peer > 0;
}

/**
 * What `Date:` says, else `Delivery-date:`, milliseconds since the epoch. Dates
 * before 1970 make no name or file time and count as none.
 */
function headerDate(header: string): number | undefined {
  if (header === "") return undefined;
  for (const field of ["Date", "Delivery-date"]) {
    const time = parseMailDate(headerField(header, field) ?? "");
    if (time !== undefined && time > 0) return time;
  }
  return undefined;
}

/** Reading messages out of files, as bytes with CRLF line ends. */
import { MailError } from "../errors.ts";
import type { Body } from "../sync/ports.ts";
import type { Identity, Ref } from "../sync/types.ts";
import {
  headerEnd,
  headerKey,
  headerText,
  MAX_HEADER_BYTES,
} from "../sync/message_header.ts";
import { editHeader } from "../sync/header_fields.ts";
import { openFile } from "./busy.ts";
import { countBareLf, lfToCrlf } from "./line_ends.ts";

/** Files up to this size are read at once; larger ones are read twice. */
export const IN_MEMORY_BYTES = 1 << 20;

const CHUNK_BYTES = 64 << 10;

/** A message as a file holds it. */
export interface Content {
  readonly body: Body;
  /** The file's modification time, milliseconds since the epoch. */
  readonly internalDate: number | undefined;
}

/** Names of header fields that stay here, in lower case. */
export type PrivateFields = ReadonlySet<string>;

const NONE: PrivateFields = new Set();

/**
 * Opens a message, which goes without the fields of `hidden`.
 * @throws {MailError} Scope message, `maildir.empty`: a file without bytes is
 *   what a full disk leaves behind, never a message.
 * @throws What the system says.
 */
export async function readContent(
  path: string,
  hidden: PrivateFields = NONE,
): Promise<Content> {
  using file = openFile(path);
  const info = file.statSync();
  if (info.size === 0) throw emptyFile(path);
  const internalDate = info.mtime?.getTime();
  if (info.size > IN_MEMORY_BYTES) {
    return { body: await fileBody(path, hidden), internalDate };
  }
  const bytes = lfToCrlf(withoutFields(readWhole(file, info.size), hidden));
  return {
    body: {
      sizeBytes: bytes.length,
      bytes,
      chunks: async function* () {
        yield bytes;
      },
    },
    internalDate,
  };
}

function emptyFile(path: string): MailError {
  return new MailError(`File "${path}" is empty`, {
    code: "maildir.empty",
    scope: "message",
    retry: "later",
    hint: "It is no message and is not uploaded. Remove it if a full disk or " +
      "a crashed program left it",
  });
}

/** At most `size` bytes of a file, read from where it stands. */
function readWhole(
  file: Deno.FsFile,
  size: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let end = 0;
  while (end < size) {
    const count = file.readSync(bytes.subarray(end));
    if (count === null) break;
    end += count;
  }
  return bytes.subarray(0, end);
}

function withoutFields(
  bytes: Uint8Array<ArrayBuffer>,
  hidden: PrivateFields,
): Uint8Array<ArrayBuffer> {
  return hidden.size === 0 ? bytes : editHeader(bytes, { drop: hidden });
}

/** The start of a message: its header, or as much as one is believed to have. */
export function readHead(file: Deno.FsFile): Uint8Array<ArrayBuffer> {
  let size = CHUNK_BYTES;
  let head = readWhole(file, size);
  while (
    head.length === size && size < MAX_HEADER_BYTES && headerEnd(head) === -1
  ) {
    const more = readWhole(file, size);
    const both = new Uint8Array(head.length + more.length);
    both.set(head);
    both.set(more, head.length);
    size *= 2;
    head = both;
  }
  return head;
}

async function* fileChunks(
  path: string,
  hidden: PrivateFields,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  using file = openFile(path);
  if (hidden.size > 0) yield withoutFields(readHead(file), hidden);
  for (;;) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const count = await file.read(chunk);
    if (count === null) return;
    yield chunk.subarray(0, count);
  }
}

/** A file's bytes with CRLF line ends, chunk by chunk. */
async function* wireChunks(
  path: string,
  hidden: PrivateFields,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let previous = 0;
  for await (const chunk of fileChunks(path, hidden)) {
    yield lfToCrlf(chunk, previous);
    previous = chunk.at(-1) ?? previous;
  }
}

/** Size of a file with CRLF line ends. */
async function wireSize(path: string, hidden: PrivateFields): Promise<number> {
  let size = 0;
  let previous = 0;
  for await (const chunk of fileChunks(path, hidden)) {
    size += chunk.length + countBareLf(chunk, previous);
    previous = chunk.at(-1) ?? previous;
  }
  return size;
}

/** A body that is read from the file each time. Its size is counted first. */
async function fileBody(path: string, hidden: PrivateFields): Promise<Body> {
  const sizeBytes = await wireSize(path, hidden);
  return {
    sizeBytes,
    chunks: async function* () {
      let left = sizeBytes;
      for await (const chunk of wireChunks(path, hidden)) {
        left -= chunk.length;
        yield chunk;
      }
      if (left === 0) return;
      throw new MailError(`File "${path}" changed while it was read`, {
        code: "maildir.changed",
        scope: "message",
        retry: "later",
      });
    },
  };
}

/**
 * What tells a message from others: Message-ID or digest of the header, size
 * with CRLF line ends, and when it was received. Fields of `hidden` count for
 * nothing.
 * @throws What the system says.
 */
export async function readIdentity(
  ref: Ref,
  path: string,
  hidden: PrivateFields = NONE,
): Promise<Identity> {
  using file = openFile(path);
  const info = file.statSync();
  const internalDate = info.mtime?.getTime();
  const { head, sizeBytes } = info.size <= IN_MEMORY_BYTES
    ? summary(withoutFields(readWhole(file, info.size), hidden))
    : await streamedSummary(path, hidden);
  return {
    ref,
    key: headerKey(headerText(head)),
    sizeBytes,
    ...(internalDate === undefined ? {} : { internalDate }),
  };
}

/** The start of a message, with its header, and its size with CRLF line ends. */
interface Summary {
  readonly head: Uint8Array;
  readonly sizeBytes: number;
}

function summary(bytes: Uint8Array): Summary {
  return {
    head: bytes.subarray(0, MAX_HEADER_BYTES),
    sizeBytes: bytes.length + countBareLf(bytes),
  };
}

async function streamedSummary(
  path: string,
  hidden: PrivateFields,
): Promise<Summary> {
  let head = new Uint8Array(0);
  let complete = false;
  let sizeBytes = 0;
  let previous = 0;
  for await (const chunk of fileChunks(path, hidden)) {
    sizeBytes += chunk.length + countBareLf(chunk, previous);
    previous = chunk.at(-1) ?? previous;
    if (complete) continue;
    const both = new Uint8Array(head.length + chunk.length);
    both.set(head);
    both.set(chunk, head.length);
    head = both;
    complete = headerEnd(head) !== -1 || head.length >= MAX_HEADER_BYTES;
  }
  return { head: head.subarray(0, MAX_HEADER_BYTES), sizeBytes };
}

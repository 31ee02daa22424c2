/** Messages and status rows for the contract of stores. */
import { NO_FLAGS } from "../../src/sync/flags.ts";
import type { Body, Mailbox, Message } from "../../src/sync/ports.ts";
import type { Known } from "../../src/sync/status.ts";
import type { Flags, Pair, PairId, Ref } from "../../src/sync/types.ts";

/** The ref of no message. */
export const NOBODY: Ref = "nobody";

/** Text as bytes, a character a byte. */
export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** How a message is made. */
export interface MessageOptions {
  readonly flags?: Flags;
  readonly internalDate?: number;
  /** All bytes are there at once. @default true */
  readonly whole?: boolean;
  /** Size of the pieces of a stream. @default 4096 */
  readonly chunkBytes?: number;
}

/** A message on its way from a store that is not there. */
export function messageOf(
  content: string | Uint8Array,
  { flags = NO_FLAGS, internalDate, whole = true, chunkBytes = 4096 }:
    MessageOptions = {},
): Message {
  const bytes = typeof content === "string" ? latin1(content) : content;
  const body: Body = {
    sizeBytes: bytes.length,
    ...(whole ? { bytes } : {}),
    chunks: async function* () {
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        await Promise.resolve();
        yield bytes.slice(at, at + chunkBytes);
      }
    },
  };
  return { ref: 1, flags, internalDate, body };
}

/** What {@link Mailbox.bind} makes of `ref`, where there is one. */
export async function bindIn(box: Mailbox, ref: Ref, peer: Ref): Promise<Ref> {
  return await box.bind?.(ref, peer) ?? ref;
}

/** All bytes of a body. */
export async function bytesOf(body: Body): Promise<Uint8Array> {
  const chunks = await Array.fromAsync(body.chunks());
  return new Uint8Array(await new Blob(chunks.map((it) => it.slice())).bytes());
}

/** What a status would know: these refs, on either side, with these flags. */
export function knownOf(
  refs: readonly Ref[],
  flags: Flags = NO_FLAGS,
): Known {
  const pairs = new Map<Ref, Pair>(refs.map((ref, at) => [ref, {
    id: at + 1 as PairId,
    remote: ref,
    local: ref,
    flags,
    doomed: false,
  }]));
  const sorted = [...pairs.values()].sort((a, b) =>
    typeof a.local === "number" && typeof b.local === "number"
      ? a.local - b.local
      : 0
  );
  return {
    size: pairs.size,
    find: (ref) => pairs.get(ref),
    flagsOf: (ref) => pairs.get(ref)?.flags,
    refs: () => sorted.map(({ local }) => local),
    pairs: () => sorted,
  };
}

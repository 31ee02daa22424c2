/** What the tests of the IMAP store share. */
import assert from "node:assert/strict";
import { MailError } from "../../src/errors.ts";
import type { ImapMailbox } from "../../src/imap/store/mailbox.ts";
import type { ImapStore } from "../../src/imap/store/store.ts";
import { flagsOf } from "../../src/sync/flags.ts";
import type {
  Body,
  Failure,
  FetchOptions,
  Mailbox,
  Message,
  OpenOptions,
} from "../../src/sync/ports.ts";
import type { Known } from "../../src/sync/status.ts";
import type { Changes, Flags, Pair, PairId } from "../../src/sync/types.ts";

/** A status that knows messages with these flags by UID. */
export function knows(flagsByUid: ReadonlyMap<number, Flags>): Known {
  const pairs = new Map<unknown, Pair>();
  for (const uid of [...flagsByUid.keys()].sort((a, b) => a - b)) {
    pairs.set(uid, {
      id: uid as PairId,
      remote: uid,
      local: `file${uid}`,
      flags: flagsByUid.get(uid) ?? flagsOf([]),
      doomed: false,
    });
  }
  return {
    size: pairs.size,
    find: (ref) => pairs.get(ref),
    flagsOf: (ref) => pairs.get(ref)?.flags,
    refs: () => [...pairs.values()].map(({ remote }) => remote),
    pairs: () => pairs.values(),
  };
}

/** A status that knows nothing yet. */
export const NOTHING = knows(new Map());

/** The status after changes were carried over, from what it was before. */
export function after(changes: Changes, before: Known = NOTHING): Known {
  const flags = new Map<number, Flags>();
  for (const { remote, flags: old } of before.pairs()) {
    flags.set(Number(remote), old);
  }
  for (const { ref, flags: now } of changes.arrived) {
    flags.set(Number(ref), now);
  }
  for (const { pair, flags: now } of changes.reflagged) {
    flags.set(Number(pair.remote), now);
  }
  for (const { remote } of changes.gone) flags.delete(Number(remote));
  return knows(flags);
}

/** Changes in short: `+` arrived, `*` flags, `-` gone. */
export function short({ arrived, reflagged, gone }: Changes): string[] {
  return [
    ...arrived.map(({ ref, flags }) => `+${ref} ${flags}`.trim()),
    ...reflagged.map(({ pair, flags }) => `*${pair.remote} ${flags}`.trim()),
    ...gone.map(({ remote }) => `-${remote}`),
  ].sort();
}

/** Opens as this kind of store's own mailbox. */
export async function open(
  store: ImapStore,
  name = "INBOX",
  options: Partial<OpenOptions> = {},
): Promise<ImapMailbox> {
  return await store.open(name, { readOnly: false, ...options }) as ImapMailbox;
}

/** Opens, observes, closes, as a run does that finds nothing to do. */
export async function look(
  store: ImapStore,
  known: Known = NOTHING,
  since?: string,
  name = "INBOX",
): Promise<Changes> {
  const given = since === undefined ? {} : { since };
  await using mailbox = await open(store, name, given);
  return await mailbox.observe(known, since);
}

/** A message with CRLF line ends. */
export function mail(id: string, text = "Hello"): string {
  return `Message-ID: <${id}@example.org>\r\nSubject: ${id}\r\n\r\n${text}\r\n`;
}

/** A body in memory, or one that has to be streamed. */
export function bodyOf(
  source: string | Uint8Array,
  { streamed = false, sizeBytes }: { streamed?: boolean; sizeBytes?: number } =
    {},
): Body {
  const bytes = typeof source === "string"
    ? new TextEncoder().encode(source)
    : source;
  return {
    sizeBytes: sizeBytes ?? bytes.length,
    ...(streamed ? {} : { bytes }),
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 65_536) {
        yield bytes.subarray(at, at + 65_536);
      }
    },
  };
}

/** A message on its way to the server. */
export function messageOf(
  source: string | Uint8Array,
  { flags = [], internalDate, ...body }: {
    flags?: string[];
    internalDate?: number;
    streamed?: boolean;
    sizeBytes?: number;
  } = {},
): Message {
  return {
    ref: "local",
    flags: flagsOf(flags),
    internalDate,
    body: bodyOf(source, body),
  };
}

/** All bytes of a body, read as a stream. */
export async function bytesOf(body: Body): Promise<Uint8Array> {
  const parts = await Array.fromAsync(body.chunks());
  const bytes = new Uint8Array(body.sizeBytes);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  assert.equal(at, body.sizeBytes);
  return bytes;
}

/** A message that came. */
export interface Got {
  readonly text: string;
  readonly flags: Flags;
  readonly internalDate: number | undefined;
}

/** Fetches messages as text, by ref. */
export async function fetchTexts(
  mailbox: Mailbox,
  refs: readonly number[],
  options: Partial<FetchOptions> = {},
): Promise<{ got: Map<unknown, Got>; failures: Failure[] }> {
  const got = new Map<unknown, Got>();
  const failures = await mailbox.fetch(refs, async (message) => {
    const { ref, flags, internalDate, body } = message;
    const text = new TextDecoder("latin1").decode(await bytesOf(body));
    assert(!got.has(ref), `${ref} came twice`);
    got.set(ref, { text, flags, internalDate });
  }, { concurrency: 8, ...options });
  return { got, failures };
}

/** The {@link MailError} that something fails with. */
export async function failureOf(work: Promise<unknown>): Promise<MailError> {
  try {
    await work;
  } catch (error) {
    assert(error instanceof MailError, `Not a MailError: ${error}`);
    assert.doesNotMatch(error.message, /\.$|\n/);
    return error;
  }
  throw new Error("It did not fail");
}

/** Waits until `condition` holds, looking often; fails after a deadline. */
export async function eventually(
  condition: () => boolean,
  what: string,
  deadlineMs = 5_000,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** `filterheaders` between two servers: messages leave one without these fields. */
import { editHeader } from "../../sync/header_fields.ts";
import { headerEnd, MAX_HEADER_BYTES } from "../../sync/message_header.ts";
import type { Body } from "../../sync/ports.ts";
import { isOnceOnly, readableOnce } from "./body_sink.ts";

/** Names of header fields, in lower case. */
export type HiddenFields = ReadonlySet<string>;

/**
 * A body without these fields; all other bytes are as they were. Of a stream the
 * header is read at once, since the size must be known before the rest.
 */
export async function withoutFields(
  body: Body,
  drop: HiddenFields,
): Promise<Body> {
  if (body.bytes !== undefined) {
    const bytes = editHeader(body.bytes, { drop });
    return {
      sizeBytes: bytes.length,
      bytes,
      async *chunks() {
        yield bytes;
      },
    };
  }
  const chunks = body.chunks()[Symbol.asyncIterator]();
  const head = await readHead(chunks);
  const shown = editHeader(head, { drop });
  const without: Body = {
    sizeBytes: body.sizeBytes - head.length + shown.length,
    async *chunks() {
      yield shown;
      yield* { [Symbol.asyncIterator]: () => chunks };
    },
  };
  return isOnceOnly(body) ? readableOnce(without) : without;
}

/** The start of a message: its header, or as much as one is believed to have. */
async function readHead(
  chunks: AsyncIterator<Uint8Array>,
): Promise<Uint8Array> {
  let head = new Uint8Array(0);
  while (headerEnd(head) === -1 && head.length < MAX_HEADER_BYTES) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    const both = new Uint8Array(head.length + value.length);
    both.set(head);
    both.set(value, head.length);
    head = both;
  }
  return head;
}

import assert from "node:assert/strict";
import fc from "fast-check";
import { withoutFields } from "../../../src/imap/store/hidden_fields.ts";
import { editHeader } from "../../../src/sync/header_fields.ts";
import type { Body } from "../../../src/sync/ports.ts";

const encoder = new TextEncoder();
const drop = new Set(["x-a"]);

/** A body that comes in pieces of these sizes. */
function inPieces(bytes: Uint8Array, sizes: readonly number[]): Body {
  return {
    sizeBytes: bytes.length,
    async *chunks() {
      let at = 0;
      for (const size of sizes) {
        yield bytes.subarray(at, at + size);
        at += size;
      }
      yield bytes.subarray(at);
    },
  };
}

async function read(body: Body): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of body.chunks()) parts.push(chunk);
  return new TextDecoder().decode(
    await new Blob(parts.map((part) => part.slice())).arrayBuffer(),
  );
}

const lines = fc.array(
  fc.constantFrom("X-A: 1", " folded", "Subject: x", "x-a:", "", "text", "\t."),
);

Deno.test("withoutFields() gives the same in one piece and in many, with its true size", async () => {
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.array(fc.nat(9)),
      async (all, sizes) => {
        const bytes = encoder.encode(all.map((line) => `${line}\r\n`).join(""));
        const wanted = new TextDecoder().decode(editHeader(bytes, { drop }));
        const whole: Body = { ...inPieces(bytes, []), bytes };
        for (const body of [whole, inPieces(bytes, sizes)]) {
          const shown = await withoutFields(body, drop);
          const text = await read(shown);
          assert.equal(text, wanted);
          assert.equal(shown.sizeBytes, encoder.encode(text).length);
        }
      },
    ),
  );
});

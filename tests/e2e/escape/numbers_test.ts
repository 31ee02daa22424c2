/** Numbers, sizes and depths that no server can mean. */
import assert from "node:assert/strict";
import { mails } from "../../faults/support.ts";
import type { Vice } from "../../support/imap_server/mod.ts";
import type { Rewrite } from "./rewriter.ts";
import { assertPlain, openWorld, POSIX } from "./world.ts";

/** Far more than such a run takes, and far less than what is announced. */
const MOST_BYTES = 500 << 20;

const HUGE = "99999999999999999999";
const DEEP = 200_000;

function replace(pattern: RegExp, by: string): Rewrite {
  return (text) => text.replaceAll(pattern, by);
}

const REWRITES: Record<string, Rewrite> = {
  "UIDVALIDITY 0": replace(/UIDVALIDITY \d+/g, "UIDVALIDITY 0"),
  "UIDVALIDITY 2^32": replace(/UIDVALIDITY \d+/g, "UIDVALIDITY 4294967296"),
  "a negative UIDVALIDITY": replace(/UIDVALIDITY \d+/g, "UIDVALIDITY -1"),
  "UIDNEXT 2^64": replace(/UIDNEXT \d+/g, "UIDNEXT 18446744073709551616"),
  "UIDNEXT 0": replace(/UIDNEXT \d+/g, "UIDNEXT 0"),
  "2^32 messages": replace(/\d+ EXISTS/g, "4294967296 EXISTS"),
  "more messages than there are atoms": replace(
    /\d+ EXISTS/g,
    `${HUGE} EXISTS`,
  ),
  "a mod-sequence of 2^64": replace(
    /HIGHESTMODSEQ \d+/g,
    "HIGHESTMODSEQ 18446744073709551616",
  ),
  "UID 0": replace(/\(UID \d+/g, "(UID 0"),
  "UID 2^32": replace(/\(UID \d+/g, "(UID 4294967296"),
  "a UID of twenty digits": replace(/\(UID \d+/g, `(UID ${HUGE}`),
  "a negative UID": replace(/\(UID \d+/g, "(UID -7"),
  "a size of 2^63": replace(
    /RFC822\.SIZE \d+/g,
    "RFC822.SIZE 9223372036854775808",
  ),
  "a literal of 2^63 octets": replace(/\{\d+\}/g, "{9223372036854775808}"),
  "a literal of 2^53 octets": replace(/\{\d+\}/g, "{9007199254740992}"),
  "a literal of 64 GiB": replace(/\{\d+\}/g, "{68719476736}"),
  "a negative literal": replace(/\{\d+\}/g, "{-1}"),
  "a date beyond time": replace(
    /INTERNALDATE "[^"]*"/g,
    'INTERNALDATE "99-Foo-9999 99:99:99 +9999"',
  ),
  "parentheses without end": replace(/FLAGS \(/g, `FLAGS ${"(".repeat(DEEP)}`),
  "flags without end": replace(/FLAGS \(/g, `FLAGS (${"x ".repeat(DEEP)}`),
  "a flag of two hundred thousand letters": replace(
    /FLAGS \(/g,
    `FLAGS (${"x".repeat(DEEP)} `,
  ),
};

const VICES: Record<string, Vice> = {
  "an endless line": { kind: "endlessLine", when: { command: "UID FETCH" } },
};

for (const [title, rewrite] of Object.entries(REWRITES)) {
  Deno.test(
    `${title} from a server costs its own account only`,
    POSIX,
    () => survives({ rewrite }),
  );
}

for (const [title, vice] of Object.entries(VICES)) {
  Deno.test(
    `${title} from a server costs its own account only`,
    POSIX,
    () => survives({ vice }),
  );
}

/** A run ends, is heard of, and leaves nothing that the next one minds. */
async function survives(
  { rewrite, vice }: { rewrite?: Rewrite; vice?: Vice },
): Promise<void> {
  let hostile = true;
  await using world = openWorld({
    server: {
      mailboxes: [
        { name: "INBOX", messages: mails(2) },
        { name: "Work", messages: mails(2, "work") },
      ],
      ...vice === undefined ? {} : { vices: [vice] },
    },
    rewrite: (text) => hostile && rewrite ? rewrite(text) : text,
    general: { socktimeout: 5 },
  });
  const { code, output, peakBytes = 0 } = await world.run();
  world.assertConfined();
  world.assertNeighbour();
  assertPlain(output);
  assert.ok(code === 0 || code === 1 || code === 2, `${code}: ${output}`);
  assert.doesNotMatch(output, /broke off|NotCapable|Requires|RangeError/);
  assert.ok(peakBytes < MOST_BYTES, `${peakBytes >> 20} MiB`);
  assert.ok(output.length < 100_000, `${output.length} characters`);
  hostile = false;
  world.server.vices.clear();
  const after = await world.run();
  assert.equal(after.code, 0, `${output}\n${after.output}`);
  for (const folder of ["INBOX", "Work"]) {
    assert.equal(world.tree.files(folder).length, 2, folder);
    assert.equal(world.server.mailbox(folder).count, 2, folder);
  }
}

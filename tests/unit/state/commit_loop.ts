/** A process that commits until it is killed: `commit_loop.ts FILE`. */
import { openState } from "../../../src/state/mod.ts";
import { flags, idOf, pair } from "./support.ts";

/**
 * Commit n adds pair n, whose flags say n, tells in the flags of pair 1 that n
 * were made, and leaves itself as the only intent. Acknowledges each on stdout.
 */
function main(file: string): void {
  using state = openState({ file, fsync: true });
  const inbox = state.mailbox("INBOX", "INBOX");
  const encoder = new TextEncoder();
  const first = inbox.load();
  const start = first.size + 1;
  const one = start === 1 ? undefined : idOf(first, 1);
  for (let n = start;; n++) {
    const id = one ?? (n === 1 ? undefined : idOf(inbox.load(), 1));
    inbox.commit([
      pair(n, `name ${n}`, `n${n}`),
      ...(id === undefined
        ? []
        : [{ kind: "flags", id, flags: flags(`made${n}`) } as const]),
      { kind: "settle", to: "remote", ref: n - 1 },
      {
        kind: "intend",
        intent: { ref: n, to: "remote", nextRef: n, validity: 1, sent: false },
      },
    ]);
    Deno.stdout.writeSync(encoder.encode(`${n}\n`));
  }
}

if (import.meta.main) main(Deno.args[0] ?? "");

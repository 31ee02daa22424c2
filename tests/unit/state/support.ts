/** What the tests of the state share. */
import { join } from "node:path";
import type { Step } from "../../../src/effects.ts";
import type { Base, Mutation } from "../../../src/sync/status.ts";
import { flagsOf } from "../../../src/sync/flags.ts";
import type { Flags, Pair, PairId, Ref } from "../../../src/sync/types.ts";
import { openState, type SqliteState } from "../../../src/state/mod.ts";

/** A temporary folder that goes with the test. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = Deno.makeTempDirSync({ prefix: "oi-state-" });
  return {
    path,
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

/** A place for a state, which can be opened again and again. */
export class Place implements Disposable {
  readonly #folder = temporaryFolder();
  readonly file = join(this.#folder.path, "Account-a", "state.sqlite");

  open(step?: Step): SqliteState {
    return openState({
      file: this.file,
      fsync: false,
      ...(step === undefined ? {} : { step }),
    });
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

/** Flags from a text such as `\Seen \Flagged`. */
export function flags(text: string): Flags {
  return flagsOf(text.split(" "));
}

/** A `pair` mutation. */
export function pair(remote: Ref, local: Ref, text = ""): Mutation {
  return { kind: "pair", remote, local, flags: flags(text) };
}

/** All pairs by the remote side's order, without ids. */
export function contents(base: Base): Omit<Pair, "id">[] {
  return [...base.remote.pairs()].map(({ id: _id, ...rest }) => rest);
}

/** The id of the pair that the remote side calls `ref`. */
export function idOf(base: Base, ref: Ref): PairId {
  const pair = base.remote.find(ref);
  if (pair === undefined) throw new Error(`No pair ${ref}`);
  return pair.id;
}

/** The planner, case by case. */
import assert from "node:assert/strict";
import { flagsOf } from "../../../src/sync/flags.ts";
import {
  type Action,
  planMailbox,
  type PlanOptions,
} from "../../../src/sync/plan.ts";
import type { Arrival, Changes, Flags, Pair } from "../../../src/sync/types.ts";
import { MemoryMailboxState } from "../../support/memory_state.ts";

const OPTIONS: PlanOptions = {
  canHold: (flag) => flag.startsWith("\\"),
  readOnly: { remote: false, local: false },
  syncDeletes: { remote: true, local: true },
  accepts: () => true,
  restore: false,
};

/** A side of one case: what of pair 1 (UID 1, file "a") happened to it. */
interface SideCase {
  gone?: true;
  flags?: string[];
  arrived?: Partial<Arrival>[];
}

interface Case {
  name: string;
  base?: { flags?: string[]; doomed?: true } | "none";
  remote?: SideCase;
  local?: SideCase;
  options?: Partial<PlanOptions>;
  matches?: [string, number][];
  refused?: { remote?: number[]; local?: string[] };
  plan: string[];
  drift?: string[];
}

const CASES: Case[] = [
  { name: "does nothing when nothing changed", plan: [] },
  {
    name: "carries a flag of the server over",
    remote: { flags: ["\\Seen"] },
    plan: ["flag local a +\\Seen", "agree 1 \\Seen"],
  },
  {
    name: "carries a removed flag of the Maildir over",
    base: { flags: ["\\Seen"] },
    local: { flags: [] },
    plan: ["flag remote 1 -\\Seen", "agree 1 "],
  },
  {
    name: "merges different flags of both sides",
    remote: { flags: ["\\Seen"] },
    local: { flags: ["\\Flagged"] },
    plan: [
      "flag remote 1 +\\Flagged",
      "flag local a +\\Seen",
      "agree 1 \\Flagged \\Seen",
    ],
  },
  {
    name: "only notes what both sides did alike",
    remote: { flags: ["\\Seen"] },
    local: { flags: ["\\Seen"] },
    plan: ["agree 1 \\Seen"],
  },
  {
    name: "leaves keywords alone that one side cannot hold",
    remote: { flags: ["Work"] },
    plan: [],
  },
  {
    name: "carries a deletion on the server over",
    remote: { gone: true },
    plan: ["delete local 1"],
  },
  {
    name: "carries a local deletion over",
    local: { gone: true },
    plan: ["delete remote 1"],
  },
  {
    name: "lets a deletion win over a flag",
    remote: { gone: true },
    local: { flags: ["\\Flagged"] },
    plan: ["delete local 1"],
  },
  {
    name: "forgets what both sides deleted",
    remote: { gone: true },
    local: { gone: true },
    plan: ["forget 1"],
  },
  {
    name: "keeps what sync_deletes protects",
    remote: { gone: true },
    options: { syncDeletes: { remote: false, local: true } },
    plan: [],
  },
  {
    name: "copies what is new on either side",
    remote: { arrived: [{ ref: 9 }] },
    local: { arrived: [{ ref: "b" }] },
    plan: ["copy local 9", "copy remote b"],
  },
  {
    name: "copies nothing that a limit leaves out",
    remote: { arrived: [{ ref: 9 }] },
    options: { accepts: () => false },
    plan: [],
  },
  {
    name: "does not try again what was refused",
    local: { arrived: [{ ref: "b" }] },
    refused: { local: ["b"] },
    plan: [],
  },
  {
    name:
      "pairs what is proven to be the same, with the union of the flags (D11)",
    base: "none",
    remote: { arrived: [{ ref: 1, flags: flagsOf(["\\Seen"]) }] },
    local: { arrived: [{ ref: "a", flags: flagsOf(["\\Flagged"]) }] },
    matches: [["a", 1]],
    plan: [
      "flag remote 1 +\\Flagged",
      "flag local a +\\Seen",
      "adopt 1=a \\Flagged \\Seen",
    ],
  },
  {
    name: "knows a renamed file by the UID in its name",
    local: {
      gone: true,
      arrived: [{ ref: "z", hint: { uid: 1, here: true, origin: "x" } }],
    },
    plan: ["rebind 1 z"],
  },
  {
    name: "takes a copy inside the folder for a new message (D13)",
    local: {
      arrived: [{ ref: "z", hint: { uid: 1, here: true, origin: "x" } }],
    },
    plan: ["copy remote z"],
  },
  {
    name: "does not delete for a renamed file whose message is gone: it stays",
    remote: { gone: true },
    local: {
      gone: true,
      arrived: [{ ref: "z", hint: { uid: 1, here: true, origin: "x" } }],
    },
    plan: ["forget 1", "copy remote z"],
  },
  {
    name: "leaves a doomed message away while it is marked (D8)",
    base: { flags: ["\\Deleted"], doomed: true },
    remote: { flags: ["\\Deleted", "\\Seen"] },
    plan: [],
  },
  {
    name: "brings a doomed message back when its mark is taken away",
    base: { flags: ["\\Deleted"], doomed: true },
    remote: { flags: [] },
    plan: ["forget 1", "copy local 1"],
  },
  {
    name: "unmarks a doomed message whose file came back",
    base: { flags: ["\\Deleted"], doomed: true },
    local: {
      arrived: [{ ref: "z", hint: { uid: 1, here: true, origin: "x" } }],
    },
    plan: ["rebind 1 z", "flag remote 1 -\\Deleted", "agree 1 "],
  },
  {
    name: "reports what a read-only server cannot take (D17)",
    local: { gone: true, arrived: [{ ref: "b" }] },
    options: { readOnly: { remote: true, local: false } },
    plan: [],
    drift: ["delete remote 1", "copy remote b"],
  },
  {
    name:
      "takes the server's part on a read-only server, and keeps the rest as drift",
    remote: { flags: ["\\Seen"] },
    local: { flags: ["\\Flagged"] },
    options: { readOnly: { remote: true, local: false } },
    plan: ["flag local a +\\Seen", "agree 1 \\Seen"],
    drift: ["flag remote 1"],
  },
  {
    name: "restores what a read-only server has",
    local: { gone: true },
    options: { readOnly: { remote: true, local: false }, restore: true },
    plan: ["forget 1", "copy local 1"],
  },
];

function changes(side: SideCase | undefined, pair: Pair | undefined): Changes {
  return {
    arrived: (side?.arrived ?? []).map((arrival) => ({
      ref: "?",
      flags: flagsOf([]),
      ...arrival,
    })),
    reflagged: side?.flags === undefined || pair === undefined
      ? []
      : [{ pair, flags: flagsOf(side.flags) }],
    gone: side?.gone === true && pair !== undefined ? [pair] : [],
    total: 1,
    token: undefined,
  };
}

function text(action: Action): string {
  switch (action.kind) {
    case "adopt":
      return `adopt ${action.remote.ref}=${action.local.ref} ${action.flags}`;
    case "rebind":
      return `rebind ${action.pair.id} ${action.local}`;
    case "flag": {
      const { add, remove } = action.delta;
      const signs = [sign("+", add), sign("-", remove)].filter((s) => s !== "");
      return `flag ${action.on} ${action.ref} ${signs.join(" ")}`;
    }
    case "agree":
      return `agree ${action.pair.id} ${action.flags}`;
    case "delete":
      return `delete ${action.on} ${action.pair.id}`;
    case "forget":
      return `forget ${action.pair.id}`;
  }
}

function sign(mark: string, flags: Flags): string {
  return flags === "" ? "" : `${mark}${flags}`;
}

for (const one of CASES) {
  Deno.test(`planMailbox() ${one.name}`, () => {
    const state = new MemoryMailboxState();
    if (one.base !== "none") {
      const flags = flagsOf(one.base?.flags ?? []);
      state.commit([{ kind: "pair", remote: 1, local: "a", flags }]);
      const pair = state.load().remote.find(1);
      if (one.base?.doomed === true && pair !== undefined) {
        state.commit([{ kind: "doom", id: pair.id, on: "remote" }]);
      }
    }
    const base = state.load();
    const pair = base.remote.find(1);
    const { actions, copies, drift } = planMailbox({
      base,
      remote: changes(one.remote, pair),
      local: changes(one.local, pair),
      matches: new Map(one.matches),
      refused: {
        remote: new Set(one.refused?.remote),
        local: new Set(one.refused?.local),
      },
    }, { ...OPTIONS, ...one.options });
    const copied = (["local", "remote"] as const).flatMap((to) =>
      copies[to].map(({ ref }) => `copy ${to} ${ref}`)
    );
    assert.deepEqual([...actions.map(text), ...copied], one.plan);
    assert.deepEqual(
      drift.map(({ kind, on, ref }) => `${kind} ${on} ${ref}`),
      one.drift ?? [],
    );
  });
}

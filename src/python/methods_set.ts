/** The methods of `set` and `frozenset`. */
import { PySet } from "./collections.ts";
import { isSubset } from "./compare.ts";
import { iterate } from "./iterate.ts";
import { type Methods, type MethodTable, methodTable } from "./native.ts";
import { Raised } from "./raised.ts";
import { repr } from "./repr.ts";
import type { Arguments } from "./signature.ts";
import type { Runtime, Value } from "./values.ts";

/** The set of an iterable argument. */
function setOf(value: Value, runtime: Runtime): PySet {
  return value instanceof PySet ? value : new PySet(iterate(value, runtime));
}

/** The members of `set` that `other` has, or has not. */
export function keep(set: PySet, other: PySet, wanted: boolean): PySet {
  const members = [...set.members()].filter((member) =>
    other.has(member) === wanted
  );
  return new PySet(members, set.frozen);
}

/** All members of both. */
export function union(set: PySet, other: PySet): PySet {
  return new PySet([...set.members(), ...other.members()], set.frozen);
}

/** The members of exactly one of the two. */
export function symmetricDifference(set: PySet, other: PySet): PySet {
  return union(keep(set, other, false), keep(other, set, false));
}

/** Folds the arguments, each made a set, into a new set. */
function fold(
  set: PySet,
  args: Arguments,
  runtime: Runtime,
  step: (set: PySet, other: PySet) => PySet,
): PySet {
  return args.rest.reduce<PySet>(
    (result, other) => step(result, setOf(other, runtime)),
    new PySet(set.members(), set.frozen),
  );
}

/** Replaces the members of `set`. */
function assign(set: PySet, fresh: PySet): null {
  const members = [...fresh.members()];
  set.clear();
  for (const member of members) set.add(member);
  return null;
}

const intersect = (set: PySet, other: PySet) => keep(set, other, true);
const subtract = (set: PySet, other: PySet) => keep(set, other, false);

const READING = {
  copy: ["", (set) => new PySet(set.members(), set.frozen)],
  difference: [
    "*others",
    (set, args, runtime) => fold(set, args, runtime, subtract),
  ],
  intersection: [
    "*others",
    (set, args, runtime) => fold(set, args, runtime, intersect),
  ],
  isdisjoint: [
    "other, /",
    (set, args, runtime) =>
      keep(set, setOf(args.at(0), runtime), true).size === 0,
  ],
  issubset: [
    "other, /",
    (set, args, runtime) => isSubset(set, setOf(args.at(0), runtime)),
  ],
  issuperset: [
    "other, /",
    (set, args, runtime) => isSubset(setOf(args.at(0), runtime), set),
  ],
  symmetric_difference: [
    "other, /",
    (set, args, runtime) =>
      symmetricDifference(set, setOf(args.at(0), runtime)),
  ],
  union: ["*others", (set, args, runtime) => fold(set, args, runtime, union)],
} satisfies Methods<PySet>;

/** `set.x`. */
export const SET_METHODS: MethodTable = methodTable<PySet>(
  "set",
  (value) => value instanceof PySet && !value.frozen ? value : undefined,
  {
    ...READING,
    add: ["item, /", (set, args) => {
      set.add(args.at(0));
      return null;
    }],
    clear: ["", (set) => {
      set.clear();
      return null;
    }],
    difference_update: [
      "*others",
      (set, args, runtime) => assign(set, fold(set, args, runtime, subtract)),
    ],
    discard: ["item, /", (set, args) => {
      set.remove(args.at(0));
      return null;
    }],
    intersection_update: [
      "*others",
      (set, args, runtime) => assign(set, fold(set, args, runtime, intersect)),
    ],
    pop: ["", (set) => {
      for (const member of [...set.members()].slice(0, 1)) {
        set.remove(member);
        return member;
      }
      throw new Raised("KeyError", "'pop from an empty set'");
    }],
    remove: ["item, /", (set, args) => {
      if (set.remove(args.at(0))) return null;
      throw new Raised("KeyError", repr(args.at(0)));
    }],
    update: [
      "*others",
      (set, args, runtime) => assign(set, fold(set, args, runtime, union)),
    ],
  },
);

/** `frozenset.x`. */
export const FROZENSET_METHODS: MethodTable = methodTable<PySet>(
  "frozenset",
  (value) => value instanceof PySet && value.frozen ? value : undefined,
  READING,
);

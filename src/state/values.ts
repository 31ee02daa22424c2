/** Values on their way into SQLite and back. */
import type { SQLOutputValue, StatementSync } from "node:sqlite";
import type { Ref, Side } from "../sync/types.ts";

/** A value that SQLite can hold and we use. */
export type Cell = string | bigint | number | null;

/**
 * A ref as SQLite shall hold it. The driver would send a plain number as a
 * floating-point value, which takes nine bytes in a row and its index.
 * @throws {RangeError} When a number is no integer.
 */
export function toCell(ref: Ref): Cell {
  return typeof ref === "number" ? BigInt(ref) : ref;
}

/** A number or nothing, for a nullable INTEGER column. */
export function toNullable(value: number | undefined): Cell {
  return value === undefined ? null : BigInt(value);
}

/** A ref as it came back. */
export function refOf(value: SQLOutputValue | undefined): Ref {
  if (typeof value === "number" || typeof value === "string") return value;
  throw new TypeError(`Not a ref: ${value}`);
}

/** An INTEGER that is never null. */
export function integerOf(value: SQLOutputValue | undefined): number {
  if (typeof value === "number") return value;
  throw new TypeError(`Not a number: ${value}`);
}

/** A TEXT that is never null. */
export function textOf(value: SQLOutputValue | undefined): string {
  if (typeof value === "string") return value;
  throw new TypeError(`Not a text: ${value}`);
}

/** A nullable INTEGER. */
export function optionalInteger(
  value: SQLOutputValue | undefined,
): number | undefined {
  return value === null ? undefined : integerOf(value);
}

/** A nullable TEXT. */
export function optionalText(
  value: SQLOutputValue | undefined,
): string | undefined {
  return value === null ? undefined : textOf(value);
}

/** A side as it came back. */
export function sideOf(value: SQLOutputValue | undefined): Side {
  if (value === "remote" || value === "local") return value;
  throw new TypeError(`Not a side: ${value}`);
}

/** What `Pair.doomed` is as a number, by its place. */
const DOOMS: readonly (Side | false)[] = [false, "remote", "local"];

/** `Pair.doomed` as a number: 0, or what stands for the side that is marked. */
export function doomNumber(doomed: Side | false): number {
  return DOOMS.indexOf(doomed);
}

/** `Pair.doomed` as it came back. */
export function doomOf(value: number): Side | false {
  return DOOMS[value] ?? false;
}

/**
 * All rows of a query as arrays, which takes half the time of objects. The
 * statement returns arrays from then on: it must have no other user.
 */
export function allArrays(
  statement: StatementSync & ArrayRows,
  ...parameters: Cell[]
): SQLOutputValue[][] {
  statement.setReturnArrays?.(true);
  return statement.all(...parameters) as unknown as SQLOutputValue[][];
}

/** In Node and Deno, but not in Deno's types of `node:sqlite`. */
interface ArrayRows {
  setReturnArrays?(enabled: boolean): void;
}

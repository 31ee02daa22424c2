/**
 * The program on a Deno that is too old for mail but lets its compiled form be
 * tried: with what that lacks put in. Never part of a release.
 */
import { StatementSync } from "node:sqlite";
import { main } from "../../../src/main.ts";

const file: { tryLock?: (exclusive?: boolean) => Promise<boolean> } =
  Deno.FsFile.prototype;

// Without a rival a lock is had at once.
file.tryLock ??= async function (this: Deno.FsFile, exclusive?: boolean) {
  await this.lock(exclusive);
  return true;
};

const statement: {
  setReturnArrays?: (enabled: boolean) => void;
  all: (...values: never[]) => unknown[];
} = StatementSync.prototype;

if (statement.setReturnArrays === undefined) {
  const { all } = statement;
  const withArrays = new WeakSet<object>();
  statement.setReturnArrays = function () {
    withArrays.add(this);
  };
  statement.all = function (...values) {
    const rows = all.apply(this, values);
    if (!withArrays.has(this)) return rows;
    return rows.map((row) => Object.values(Object(row)));
  };
}

Deno.exitCode = await main(Deno.args);

/** Puts in what Deno 2.4 lacks; imported by each of its threads. */
import { DatabaseSync, StatementSync } from "node:sqlite";

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

const database: { [Symbol.dispose]?: () => void; close(): void } =
  DatabaseSync.prototype;

database[Symbol.dispose] ??= function () {
  this.close();
};

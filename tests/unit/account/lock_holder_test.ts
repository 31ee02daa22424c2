import assert from "node:assert/strict";
import {
  describeHolder,
  findLockPid,
  parseHolder,
  thisHolder,
} from "../../../src/account/lock_holder.ts";

Deno.test("parseHolder() reads what thisHolder() says", () => {
  const holder = thisHolder(new Date("2026-11-01T10:00:00Z"));
  assert.equal(holder.pid, Deno.pid);
  assert.equal(holder.since, "2026-11-01T10:00:00.000Z");
  assert.deepEqual(parseHolder(`${JSON.stringify(holder)}\n`), holder);
});

Deno.test.each([
  { text: "" },
  { text: "4711\n" },
  { text: "null" },
  { text: '{"pid":12,"ho' },
  { text: '{"pid":0,"host":"a","since":"2026-11-01T10:00:00Z"}' },
  { text: '{"pid":1,"host":"a","since":"yesterday"}' },
  { text: '{"pid":1,"host":3,"since":"2026-11-01T10:00:00Z"}' },
])("parseHolder() takes $text for no note", ({ text }) => {
  assert.equal(parseHolder(text), undefined);
});

Deno.test("describeHolder() names pid and time of this program", () => {
  const since = new Date(2026, 10, 1, 9, 5, 7).toISOString();
  assert.equal(
    describeHolder({ ...thisHolder(), pid: 4711, since }),
    "Process 4711 has been at it since 2026-11-01 09:05:07; " +
      "wait until it has finished, or stop it",
  );
});

Deno.test("describeHolder() names the machine when it is another one", () => {
  const text = describeHolder({ ...thisHolder(), host: "elsewhere.test" }, 12);
  assert.match(text, /^Process \d+ on elsewhere\.test has been at it since /);
});

Deno.test("describeHolder() names the pid that the system knows", () => {
  assert.match(describeHolder(undefined, 42), /^Process 42 holds the lock; /);
});

Deno.test("describeHolder() without any trace says what to look for", () => {
  assert.match(describeHolder(undefined), /^Look for a running OfflineIMAP; /);
});

const LOCKS =
  `1: POSIX  ADVISORY  WRITE 11603 fe:00:2146436 1073741824 1073742335
2: FLOCK  ADVISORY  WRITE 11604 fe:00:2146437 0 EOF
2: -> FLOCK  ADVISORY  WRITE 99 fe:00:2146437 0 EOF
3: OFDLCK ADVISORY  READ -1 08:01:5 0 EOF
4: POSIX  ADVISORY  WRITE 0 08:01:6 0 EOF
`;

Deno.test.each([
  { inode: 2146436, pid: 11603 },
  { inode: 2146437, pid: 11604 },
  { inode: 5, pid: undefined },
  { inode: 6, pid: undefined },
  { inode: 7, pid: undefined },
])("findLockPid() finds $pid for inode $inode", ({ inode, pid }) => {
  assert.equal(findLockPid(LOCKS, inode), pid);
});

Deno.test("findLockPid() finds nothing in an empty table", () => {
  assert.equal(findLockPid("", 1), undefined);
});

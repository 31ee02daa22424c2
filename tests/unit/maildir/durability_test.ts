import assert from "node:assert/strict";
import { noStep } from "../../../src/effects.ts";
import { Durability } from "../../../src/maildir/durability.ts";

const durability = new Durability({
  fsync: true,
  platform: "darwin",
  step: noStep,
});

/** A file whose sync fails so. */
function refusing(code: string): Deno.FsFile {
  const error = Object.assign(new Error(code), { code });
  const file = { syncData: () => Promise.reject(error) };
  return file as unknown as Deno.FsFile;
}

Deno.test.each(["ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EINVAL"])(
  "file() goes on where the file system cannot sync a file (%s)",
  async (code) => {
    await durability.file(refusing(code));
  },
);

Deno.test.each(["EIO", "ENOSPC", "EBADF"])(
  "file() fails where the disk refuses (%s)",
  async (code) => {
    await assert.rejects(durability.file(refusing(code)), { code });
  },
);

Deno.test("file() hands its place on after a failure", async () => {
  const failures = Array.from(
    { length: 30 },
    () => durability.file(refusing("EIO")),
  );
  const outcomes = await Promise.allSettled(failures);
  assert.ok(outcomes.every(({ status }) => status === "rejected"));
  await durability.file(refusing("ENOTSUP"));
});

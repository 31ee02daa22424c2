import assert from "node:assert/strict";
import { join } from "node:path";
import { openLogFile } from "../../../src/ui/log_file.ts";
import { RECORDED } from "./support.ts";

const OPTIONS = {
  lowest: "warning",
  environment: "",
  repositoriesOf: () => undefined,
  start: {
    version: "9.0.0",
    environment: "Deno v2.9.6, linux x86_64",
    args: ["-a Work"],
  },
  now: () => new Date(2026, 10, 1, 9, 5, 7),
} as const;

Deno.test("openLogFile() appends records with local time and level", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const path = join(directory, "log");
    for (let run = 0; run < 2; run++) {
      using log = openLogFile(path, OPTIONS);
      if (run === 0) RECORDED.forEach(log.emit);
    }
    const start = `2026-11-01 09:05:07 INFO: OfflineImap 9.0.0 starting...
  Deno v2.9.6, linux x86_64
  Args: ["-a Work"]
`;
    assert.equal(
      await Deno.readTextFile(path),
      `${start}2026-11-01 09:05:07 WARNING: 2 changes are not carried over
  Run with --restore
2026-11-01 09:05:07 ERROR: Cannot store message 18: no space left
  Make room on the disk
2026-11-01 09:05:07 ERROR: Exceptions occurred during the run!
  Account Work: 1 error in INBOX
${start}`,
    );
    if (Deno.build.os !== "windows") {
      assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("openLogFile() throws where it may not write", () => {
  assert.throws(() => openLogFile("/nonexistent/log", OPTIONS));
});

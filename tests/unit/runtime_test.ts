import assert from "node:assert/strict";
import { MailError } from "../../src/errors.ts";
import { checkRuntime } from "../../src/runtime.ts";

for (const version of ["2.9.0", "2.9.6", "2.10.1", "3.0.0", "2.10.0-rc.1"]) {
  Deno.test(`checkRuntime() accepts Deno ${version}`, () => {
    checkRuntime({ version });
  });
}

for (const version of ["2.8.3", "2.4.2", "1.46.3", "", "canary"]) {
  Deno.test(`checkRuntime() refuses Deno "${version}"`, () => {
    assert.throws(() => checkRuntime({ version }), (error) => {
      assert(error instanceof MailError);
      assert.equal(error.code, "runtime.version");
      assert.equal(error.scope, "run");
      assert.match(error.message, /2\.9\.0 or newer/);
      return true;
    });
  });
}

Deno.test("checkRuntime() leaves an embedded Deno to who embedded it", () => {
  checkRuntime({ version: "2.4.2", standalone: true });
});

Deno.test("checkRuntime() accepts the Deno that runs the tests", () => {
  checkRuntime();
});

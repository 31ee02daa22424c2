import assert from "node:assert/strict";
import { connectFailure } from "../../../src/imap/session/connect_failure.ts";
import { ConnectFailure } from "../../../src/imap/session/connect.ts";
import { dialOptions, NO_FAMILY } from "../../../src/imap/session/lookup.ts";

const SETTINGS = {
  repository: "R",
  host: "mail.test",
  tls: "implicit",
} as const;

function failed(code: string, address: string): Error {
  return Object.assign(new Error(`connect ${code} ${address}`), {
    code,
    address,
  });
}

Deno.test("connectFailure() tells what came of each address", () => {
  const cause = new AggregateError([
    failed("ENETUNREACH", "2001:db8::1"),
    failed("ECONNREFUSED", "192.0.2.1"),
  ]);
  const error = connectFailure(
    new ConnectFailure(cause, "", ["2001:db8::1", "192.0.2.1"]),
    SETTINGS,
  );
  // The one that could be reached at all tells most.
  assert.equal(error.code, "connect.refused");
  assert.match(
    error.message,
    /nothing listens there \(tried 2001:db8::1: there is no way to it from here, 192\.0\.2\.1: nothing listens there\)$/,
  );
});

Deno.test("connectFailure() names addresses with one fate together", () => {
  const tried = ["2001:db8::1", "192.0.2.1"];
  const cause = new AggregateError(
    tried.map((address) => failed("ENETUNREACH", address)),
  );
  const error = connectFailure(new ConnectFailure(cause, "", tried), SETTINGS);
  assert.equal(error.code, "connect.network");
  assert.match(error.message, /\(tried 2001:db8::1, 192\.0\.2\.1\)$/);
});

Deno.test("connectFailure() tells that only the other family would do", () => {
  const cause = Object.assign(new Error("only 192.0.2.1"), { code: NO_FAMILY });
  const error = connectFailure(new ConnectFailure(cause, "", []), {
    ...SETTINGS,
    ipv6: true,
  });
  assert.match(error.message, /it has no IPv6 address, only 192\.0\.2\.1$/);
  assert.equal(error.hint, "Remove ipv6 = yes");
});

Deno.test("dialOptions() remembers the addresses of a name", async () => {
  const tried: string[] = [];
  const { lookup, autoSelectFamily } = dialOptions(undefined, tried);
  assert(autoSelectFamily);
  await new Promise<void>((resolve, reject) =>
    lookup?.(
      "localhost",
      { all: true },
      (error) => error ? reject(error) : resolve(),
    )
  );
  assert(tried.includes("127.0.0.1") || tried.includes("::1"));
});

Deno.test("dialOptions() fails for a name that nobody knows", async () => {
  const { lookup } = dialOptions(6, []);
  const code = await new Promise((resolve) =>
    lookup?.(
      "no-such-host.invalid",
      { all: true },
      (error) => resolve(error?.code),
    )
  );
  assert.equal(code, "ENOTFOUND");
});

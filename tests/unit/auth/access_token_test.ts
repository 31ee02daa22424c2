import assert from "node:assert/strict";
import {
  AccessTokens,
  type IssuedToken,
  type TokenSources,
} from "../../../src/auth/access_token.ts";
import type { LoginMemory } from "../../../src/auth/login_memory.ts";
import { MailError } from "../../../src/errors.ts";

const MINUTE = 60_000;

/** Tokens with a clock in the hands of the test. */
function open(sources: Partial<TokenSources>) {
  const clock = { ms: 1_000_000 };
  const source = new AccessTokens({
    repository: "Remote",
    now: () => clock.ms,
    ...sources,
  });
  const tokens = {
    find: async () => (await source.find())?.value,
    accept: () => source.accept(),
    refuse: (token: string) => source.refuse(token),
    renew: () => source.renew(),
  };
  return { clock, tokens };
}

/** An endpoint that counts. */
function endpoint(more: Partial<IssuedToken> = {}) {
  const asked: (string | undefined)[] = [];
  return {
    asked,
    refresh: (refreshToken: string | undefined) => {
      asked.push(refreshToken);
      return Promise.resolve({
        accessToken: `issued-${asked.length}`,
        expiresInSeconds: 3600,
        refreshToken: undefined,
        ...more,
      });
    },
  };
}

Deno.test("AccessTokens ask the plain token, the expression, the program, the endpoint", async () => {
  const { refresh } = endpoint();
  const all: Partial<TokenSources> = {
    token: "plain",
    tokenEval: () => Promise.resolve("evaluated\n"),
    tokenCommand: () => Promise.resolve("printed"),
    refresh,
  };
  const { token: _1, ...noPlain } = all;
  const { tokenEval: _2, ...noEval } = noPlain;
  const { tokenCommand: _3, ...noCommand } = noEval;
  assert.equal(await open(all).tokens.find(), "plain");
  assert.equal(await open(noPlain).tokens.find(), "evaluated");
  assert.equal(await open(noEval).tokens.find(), "printed");
  assert.equal(await open(noCommand).tokens.find(), "issued-1");
  assert.equal(await open({}).tokens.find(), undefined);
  const none = {
    ...all,
    token: "plain",
    tokenEval: () => Promise.resolve(null),
  };
  const { token: _4, ...evaluatedToNone } = none;
  assert.equal(await open(evaluatedToNone).tokens.find(), "printed");
});

for (
  const { seconds, freshMinutes } of [
    { seconds: 3600, freshMinutes: 55 },
    { seconds: 240, freshMinutes: 2 },
    { seconds: undefined, freshMinutes: 10 },
  ]
) {
  Deno.test(`AccessTokens use a token of ${seconds} seconds for ${freshMinutes} minutes`, async () => {
    const { asked, refresh } = endpoint({ expiresInSeconds: seconds });
    const { clock, tokens } = open({ refresh });
    await tokens.find();
    clock.ms += freshMinutes * MINUTE - 1;
    assert.equal(await tokens.find(), "issued-1");
    clock.ms += 1;
    assert.equal(await tokens.find(), "issued-2");
    assert.equal(asked.length, 2);
  });
}

Deno.test("AccessTokens make one request for logins side by side", async () => {
  const { asked, refresh } = endpoint();
  const { tokens } = open({ refresh });
  const found = await Promise.all([
    tokens.find(),
    tokens.find(),
    tokens.find(),
  ]);
  assert.deepEqual(found, ["issued-1", "issued-1", "issued-1"]);
  assert.equal(asked.length, 1);
});

Deno.test("AccessTokens follow an endpoint that gives a new refresh token each time", async () => {
  const memory: LoginMemory = {};
  const { asked, refresh } = endpoint({
    expiresInSeconds: 0,
    refreshToken: "rotated",
  });
  await open({ refresh, memory }).tokens.find();
  await open({ refresh, memory }).tokens.find();
  assert.deepEqual(asked, [undefined, "rotated"]);
});

Deno.test("AccessTokens are kept from one sync to the next", async () => {
  const memory: LoginMemory = {};
  const { asked, refresh } = endpoint();
  assert.equal(await open({ refresh, memory }).tokens.find(), "issued-1");
  assert.equal(await open({ refresh, memory }).tokens.find(), "issued-1");
  assert.equal(asked.length, 1);
});

Deno.test("AccessTokens.renew() goes on to the endpoint when the plain token is refused", async () => {
  const { refresh } = endpoint();
  const { tokens } = open({ token: "plain", refresh });
  tokens.refuse("plain");
  assert.equal(await tokens.renew(), true);
  assert.equal(await tokens.find(), "issued-1");
  // A second refusal in a row is not followed by a third token.
  tokens.refuse("issued-1");
  assert.equal(await tokens.renew(), false);
  tokens.accept();
  assert.equal(await tokens.renew(), true);
});

Deno.test("AccessTokens.renew() serves all logins that were refused the same token", async () => {
  const { asked, refresh } = endpoint();
  const { tokens } = open({ refresh });
  await tokens.find();
  tokens.refuse("issued-1");
  tokens.refuse("issued-1");
  assert.deepEqual(
    await Promise.all([tokens.renew(), tokens.renew()]),
    [true, true],
  );
  tokens.refuse("issued-1");
  assert.equal(await tokens.renew(), true);
  assert.equal(asked.length, 2);
});

Deno.test("AccessTokens.renew() knows that the same token again is none", async () => {
  let calls = 0;
  const { tokens } = open({
    tokenEval: () => Promise.resolve(`same-${++calls && 1}`),
  });
  await tokens.find();
  tokens.refuse("same-1");
  assert.equal(await tokens.renew(), false);
  assert.equal(calls, 2);
  assert.equal(await open({ token: "plain" }).tokens.renew(), true);
});

Deno.test("AccessTokens keep what a failing expression printed to itself", async () => {
  const { tokens } = open({
    tokenEval: () => Promise.reject(new Error("hunter2")),
  });
  await assert.rejects(tokens.find(), (error) => {
    assert.ok(error instanceof MailError);
    assert.match(error.message, /oauth2_access_token_eval of .* "Remote"$/);
    assert.doesNotMatch(Deno.inspect(error), /hunter2/);
    return true;
  });
});

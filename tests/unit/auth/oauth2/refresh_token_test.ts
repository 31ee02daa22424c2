import assert from "node:assert/strict";
import { refreshAccessToken } from "../../../../src/auth/oauth2/refresh_token.ts";
import { MailError } from "../../../../src/errors.ts";
import {
  issued,
  startTokenEndpoint,
  type TokenEndpoint,
} from "../../../support/token_endpoint.ts";

const REQUEST = {
  repository: "Remote",
  clientId: "id & more",
  clientSecret: "hunter2 &=%",
  refreshToken: "hunter2+/",
  scope: undefined,
  authorities: [],
};

function ask(
  endpoint: TokenEndpoint,
  more: { timeoutMs?: number; signal?: AbortSignal } = {},
) {
  return refreshAccessToken({
    ...REQUEST,
    url: new URL(endpoint.url),
    ...more,
  });
}

Deno.test("refreshAccessToken() sends odd secrets as they are", async () => {
  await using endpoint = startTokenEndpoint(() => issued("token"));
  await ask(endpoint);
  assert.deepEqual(endpoint.requests, [{
    grant_type: "refresh_token",
    refresh_token: "hunter2+/",
    client_id: "id & more",
    client_secret: "hunter2 &=%",
  }]);
});

for (
  const { more, expiresInSeconds, refreshToken } of [
    { more: {}, expiresInSeconds: 3599, refreshToken: undefined },
    // Microsoft's old endpoint writes numbers as text.
    {
      more: { expires_in: "600" },
      expiresInSeconds: 600,
      refreshToken: undefined,
    },
    {
      more: { expires_in: null },
      expiresInSeconds: undefined,
      refreshToken: undefined,
    },
    {
      more: { refresh_token: "new" },
      expiresInSeconds: 3599,
      refreshToken: "new",
    },
    {
      more: { refresh_token: "" },
      expiresInSeconds: 3599,
      refreshToken: undefined,
    },
    // What other libraries refuse: an ID token, no type.
    {
      more: { id_token: "x.y.z", token_type: null },
      expiresInSeconds: 3599,
      refreshToken: undefined,
    },
  ]
) {
  Deno.test(`refreshAccessToken() reads an answer with ${JSON.stringify(more)}`, async () => {
    await using endpoint = startTokenEndpoint(() => issued("token", more));
    assert.deepEqual(await ask(endpoint), {
      accessToken: "token",
      expiresInSeconds,
      refreshToken,
    });
  });
}

Deno.test("refreshAccessToken() gives up on an endpoint that is silent", async () => {
  const end = Promise.withResolvers<void>();
  await using endpoint = startTokenEndpoint(async () => {
    await end.promise;
    return issued("late");
  });
  await assert.rejects(ask(endpoint, { timeoutMs: 100 }), (error) => {
    assert.ok(error instanceof MailError);
    assert.equal(error.code, "auth.oauth2-unavailable");
    assert.equal(error.retry, "later");
    assert.match(error.message, /no answer within 1 second/);
    assert.doesNotMatch(Deno.inspect(error), /hunter2/);
    return true;
  });
  end.resolve();
});

Deno.test("refreshAccessToken() ends with the run", async () => {
  const end = Promise.withResolvers<void>();
  const run = new AbortController();
  const ended = new Error("ended");
  await using endpoint = startTokenEndpoint(async () => {
    run.abort(ended);
    await end.promise;
    return issued("late");
  });
  await assert.rejects(ask(endpoint, { signal: run.signal }), ended);
  end.resolve();
});

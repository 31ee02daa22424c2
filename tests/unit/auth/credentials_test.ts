import assert from "node:assert/strict";
import { Credentials, type Verdict } from "../../../src/auth/credentials.ts";
import { MailError } from "../../../src/errors.ts";

const SOURCES = {
  repository: "Remote",
  host: "imap.test",
  user: "u",
  netrcFiles: [],
};

Deno.test("Credentials.login() asks for a password once when it works", async () => {
  const passwords = counted("right");
  const credentials = new Credentials({
    ...SOURCES,
    passwordEval: passwords.next,
  });
  for (let i = 0; i < 3; i++) {
    const outcome = await credentials.login("password", verdict("accepted"));
    assert.equal(outcome?.secret, "right");
  }
  assert.equal(passwords.calls(), 1);
});

Deno.test("Credentials.login() sends a refused password only once", async () => {
  const credentials = new Credentials({ ...SOURCES, password: "wrong" });
  const sent: string[] = [];
  const use = (secret: string) => {
    sent.push(secret);
    return Promise.resolve({ verdict: "refused" as const });
  };
  await credentials.login("password", use);
  await assert.rejects(credentials.login("password", use), isRefusal);
  assert.deepEqual(sent, ["wrong"]);
});

Deno.test("Credentials.login() makes one login at a time until one worked", async () => {
  const credentials = new Credentials({ ...SOURCES, password: "wrong" });
  let sent = 0;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 4 }, () =>
      credentials.login("password", async () => {
        sent++;
        await Promise.resolve();
        return { verdict: "refused" as const };
      })),
  );
  assert.equal(sent, 1);
  assert.equal(outcomes.filter((o) => o.status === "rejected").length, 3);
});

Deno.test("Credentials.login() takes a password that worked before first, and keeps what works", async () => {
  const kept = new Map<string, string>();
  const longer = {
    get: () => kept.get("x"),
    keep: (password: string) => void kept.set("x", password),
    forget: () => void kept.delete("x"),
  };
  const passwords = counted("right");
  const open = () =>
    new Credentials({
      ...SOURCES,
      passwordEval: passwords.next,
      kept: longer,
    });
  await open().login("password", verdict("accepted"));
  await open().login("password", verdict("accepted"));
  assert.equal(passwords.calls(), 1);
  // It was changed on the server: the next sync asks again.
  await open().login("password", verdict("refused"));
  assert.equal(kept.size, 0);
  await open().login("password", verdict("accepted"));
  assert.equal(passwords.calls(), 2);
});

Deno.test("Credentials.login() lets logins run side by side once one worked", async () => {
  const credentials = new Credentials({ ...SOURCES, password: "right" });
  await credentials.login("password", verdict("accepted"));
  let inside = 0;
  const both = Promise.withResolvers<void>();
  const use = async () => {
    if (++inside === 2) both.resolve();
    await both.promise;
    return { verdict: "accepted" as const };
  };
  await Promise.all([
    credentials.login("password", use),
    credentials.login("password", use),
  ]);
  assert.equal(inside, 2);
});

Deno.test("Credentials.login() asks again after a refusal, and tries what is new", async () => {
  const passwords = counted("old", "new");
  const credentials = new Credentials({
    ...SOURCES,
    passwordEval: passwords.next,
  });
  await credentials.login("password", verdict("refused"));
  const outcome = await credentials.login("password", verdict("accepted"));
  assert.equal(outcome?.secret, "new");
});

Deno.test("Credentials.login() keeps a password that never came to a verdict", async () => {
  const passwords = counted("one");
  const credentials = new Credentials({
    ...SOURCES,
    passwordEval: passwords.next,
  });
  await credentials.login("password", verdict("undecided"));
  await assert.rejects(
    credentials.login("password", () => Promise.reject(new Error("cut off"))),
    /cut off/,
  );
  assert.equal(
    (await credentials.login("password", verdict("accepted")))?.secret,
    "one",
  );
});

Deno.test("Credentials.login() has no token where none is configured", async () => {
  const none = new Credentials(SOURCES);
  assert.equal(await none.login("token", verdict("accepted")), undefined);
  const evaluated = new Credentials({
    ...SOURCES,
    tokenEval: () => Promise.resolve(null),
  });
  assert.equal(await evaluated.login("token", verdict("accepted")), undefined);
});

Deno.test("Credentials.login() prefers the plain token and strips line ends", async () => {
  const plain = new Credentials({
    ...SOURCES,
    token: "plain",
    tokenEval: () => Promise.resolve("evaluated"),
  });
  assert.equal(
    (await plain.login("token", verdict("accepted")))?.secret,
    "plain",
  );
  const evaluated = new Credentials({
    ...SOURCES,
    tokenEval: () => Promise.resolve("tok en\r\n\n"),
  });
  assert.equal(
    (await evaluated.login("token", verdict("accepted")))?.secret,
    "tok en",
  );
});

Deno.test("Credentials.user() evaluates once and retries after a failure", async () => {
  let calls = 0;
  const credentials = new Credentials({
    ...SOURCES,
    userEval: () => {
      if (++calls === 1) return Promise.reject(new Error("locked"));
      return Promise.resolve("evaluated");
    },
  });
  await assert.rejects(credentials.user(), MailError);
  assert.equal(await credentials.user(), "evaluated");
  assert.equal(await credentials.user(), "evaluated");
  assert.equal(calls, 2);
});

function counted(...values: string[]) {
  let calls = 0;
  return {
    calls: () => calls,
    next: () => Promise.resolve(values[calls++] ?? "asked too often"),
  };
}

function verdict(verdict: Verdict) {
  return (secret: string) => Promise.resolve({ verdict, secret });
}

function isRefusal(error: unknown): boolean {
  assert(error instanceof MailError);
  assert.equal(error.code, "auth.rejected");
  assert.equal(error.retry, "never");
  assert.doesNotMatch(error.message, /wrong/);
  return true;
}

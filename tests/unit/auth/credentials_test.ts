import assert from "node:assert/strict";
import { Credentials, type Verdict } from "../../../src/auth/credentials.ts";
import type { LoginMemory } from "../../../src/auth/login_memory.ts";
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
  const memory: LoginMemory = {};
  const passwords = counted("right");
  const open = () =>
    new Credentials({
      ...SOURCES,
      passwordEval: passwords.next,
      memory,
    });
  await open().login("password", verdict("accepted"));
  await open().login("password", verdict("accepted"));
  assert.equal(passwords.calls(), 1);
  // It was changed on the server: the next sync asks again.
  await open().login("password", verdict("refused"));
  assert.equal(memory.password, undefined);
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

Deno.test("Credentials.login() sends a refused password once in all syncs of a run", async () => {
  const memory: LoginMemory = {};
  const sent: string[] = [];
  const use = (secret: string) => {
    sent.push(secret);
    return Promise.resolve({ verdict: "refused" as const });
  };
  const open = () => new Credentials({ ...SOURCES, password: "wrong", memory });
  await open().login("password", use);
  for (let sync = 0; sync < 4; sync++) {
    const error = await open().login("password", use).catch((error) => error);
    assert(isRefusal(error));
    assert.match(error.hint, /Correct remotepass and start the program again/);
  }
  assert.deepEqual(sent, ["wrong"]);
});

Deno.test("Credentials.login() asks what may have changed again in each sync, and sends it if it did", async () => {
  const memory: LoginMemory = {};
  const passwords = counted("wrong", "wrong", "wrong too", "wrong", "right");
  const sent: string[] = [];
  const open = () =>
    new Credentials({ ...SOURCES, passwordEval: passwords.next, memory });
  const sync = (verdict: Verdict) =>
    open().login("password", (secret) => {
      sent.push(secret);
      return Promise.resolve({ verdict });
    });
  await sync("refused");
  const error = await sync("refused").catch((error) => error);
  assert(isRefusal(error));
  assert.match(error.hint, /Correct it in remotepasseval: it is read again/);
  await sync("refused");
  await assert.rejects(sync("refused"), isRefusal);
  await sync("accepted");
  assert.deepEqual(sent, ["wrong", "wrong too", "right"]);
});

Deno.test("Credentials.login() asks the user once in a sync, and in the next with what was said", async () => {
  const memory: LoginMemory = {};
  const answers = counted("wrong", "wrong", "right");
  const refusals: (string | undefined)[] = [];
  const sent: string[] = [];
  const open = () =>
    new Credentials({
      ...SOURCES,
      memory,
      prompt: () => {
        refusals.push(memory.refusal);
        return answers.next();
      },
    });
  const use = (verdict: Verdict) => (secret: string) => {
    sent.push(secret);
    const error = new MailError("Invalid credentials", {
      code: "auth.rejected",
      scope: "account",
    });
    return Promise.resolve({ verdict, error });
  };
  const first = open();
  await first.login("password", use("refused"));
  // Another connection of the same sync.
  await assert.rejects(first.login("password", use("refused")), isRefusal);
  const second = open();
  // The same again: neither sent nor asked for again.
  await assert.rejects(second.login("password", use("refused")), isRefusal);
  await assert.rejects(second.login("password", use("refused")), isRefusal);
  await open().login("password", use("accepted"));
  assert.deepEqual(sent, ["wrong", "right"]);
  assert.deepEqual(refusals, [
    undefined,
    "Invalid credentials",
    "Invalid credentials",
  ]);
  assert.equal(memory.refusal, undefined);
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

Deno.test("Credentials.login() runs remotepasscmd once, and not again after a refusal", async () => {
  const memory: LoginMemory = {};
  const passwords = counted("wrong", "right");
  // Another sync of the same run has other credentials and the same memory.
  const open = () =>
    new Credentials({ ...SOURCES, passwordCommand: passwords.next, memory });
  await open().login("password", verdict("undecided"));
  const second = open();
  await second.login("password", verdict("refused"));
  for (const credentials of [second, open(), open()]) {
    await assert.rejects(
      credentials.login("password", verdict("accepted")),
      isRefusal,
    );
  }
  assert.equal(passwords.calls(), 2);
});

Deno.test("Credentials.login() tells the source, and what worked to who wants to keep it", async () => {
  const memory: LoginMemory = {};
  const kept: string[] = [];
  const sources: (string | undefined)[] = [];
  const open = () =>
    new Credentials({
      ...SOURCES,
      password: "right",
      memory,
      onAccepted: ({ value, source }) => {
        kept.push(`${value} of ${source}`);
        return Promise.resolve();
      },
    });
  const use = (verdict: Verdict) => (_: string, source?: string) => {
    sources.push(source);
    return Promise.resolve({ verdict });
  };
  await open().login("password", use("undecided"));
  assert.deepEqual(kept, []);
  const credentials = open();
  await credentials.login("password", use("accepted"));
  await credentials.login("password", use("accepted"));
  await open().login("password", use("accepted"));
  assert.deepEqual(kept, ["right of remotepass"]);
  assert.deepEqual(new Set(sources), new Set(["remotepass"]));
});

Deno.test("Credentials.login() takes another token when the old one is too old", async () => {
  let now = 0;
  const tokens = counted("first", "second");
  const credentials = new Credentials({
    ...SOURCES,
    tokenEval: tokens.next,
    now: () => now,
  });
  const token = async () =>
    (await credentials.login("token", verdict("accepted")))?.secret;
  assert.equal(await token(), "first");
  now += 9 * 60_000;
  assert.equal(await token(), "first");
  now += 2 * 60_000;
  assert.equal(await token(), "second");
});

Deno.test("Credentials.renewToken() gets another token after a refusal, once", async () => {
  const tokens = counted("old", "new", "newer");
  const credentials = new Credentials({ ...SOURCES, tokenEval: tokens.next });
  await credentials.login("token", verdict("refused"));
  assert.equal(await credentials.renewToken(), true);
  await credentials.login("token", verdict("refused"));
  assert.equal(await credentials.renewToken(), false);
  // One that worked and is refused later may be renewed again.
  assert.equal(
    (await credentials.login("token", verdict("accepted")))?.secret,
    "newer",
  );
  await credentials.login("token", verdict("refused"));
  assert.equal(await credentials.renewToken(), true);
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

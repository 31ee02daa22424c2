/** Names across: OfflineIMAP's rules and where they went wrong. */
import assert from "node:assert/strict";
import { nameMailboxes, type NameRules } from "../../../src/account/naming.ts";
import type { MailboxInfo } from "../../../src/sync/ports.ts";

function rules(
  repository: string,
  separator: string,
  {
    translate = (name: string) => name,
    accepts = (_: string): boolean => true,
    mayCreate = true,
    fold = (name: string) => name,
  } = {},
): NameRules {
  return {
    repository,
    separator,
    translate: (name) => Promise.resolve(translate(name)),
    accepts: (name) => Promise.resolve(accepts(name)),
    mayCreate,
    fold,
  };
}

function infos(...names: string[]): MailboxInfo[] {
  return names.map((name) => ({ name, specialUse: [] }));
}

async function pairsOf(
  remote: string[],
  local: string[],
  both: { remote: NameRules; local: NameRules },
) {
  const { pairs, problems } = await nameMailboxes(
    infos(...remote),
    infos(...local),
    both,
  );
  return {
    pairs: pairs.map((p) =>
      `${p.remote}=${p.local}${p.create ? `+${p.create}` : ""}`
    )
      .sort(),
    codes: problems.map(({ code }) => code).sort(),
    problems,
  };
}

const SLASH = rules("remote", "/");
const DOT = rules("local", ".");

Deno.test("nameMailboxes() replaces the separator and creates what is missing", async () => {
  const { pairs, codes } = await pairsOf(["INBOX", "a/b"], ["INBOX", "c.d"], {
    remote: SLASH,
    local: DOT,
  });
  assert.deepEqual(pairs, ["INBOX=INBOX", "a/b=a.b+local", "c/d=c.d+remote"]);
  assert.deepEqual(codes, []);
});

Deno.test("nameMailboxes() takes the local separator of nametrans for a level", async () => {
  const remote = rules("remote", "/", {
    translate: (n) => n.replaceAll("/", "."),
  });
  const { pairs, codes } = await pairsOf(["a/b", "c.d"], ["a.b"], {
    remote,
    local: DOT,
  });
  assert.deepEqual(pairs, ["a/b=a.b"]);
  assert.deepEqual(codes, ["names.separator"], "one of the server's is none");
});

Deno.test("nameMailboxes() knows a top folder by a bare separator (D-vectors 3 and 5)", async () => {
  const remote = rules("remote", "/", {
    translate: (n) => n.replace(/^INBOX$/, "/"),
  });
  const local = rules("local", ".", {
    translate: (n) => n === "" ? "INBOX" : n,
  });
  const { pairs, codes } = await pairsOf(["INBOX"], [""], { remote, local });
  assert.deepEqual(pairs, ["INBOX="]);
  assert.deepEqual(codes, []);
});

Deno.test("nameMailboxes() leaves out what the local filter rejects, there or not", async () => {
  const local = rules("local", ".", { accepts: (n) => n !== "a.b" });
  for (const present of [[], ["a.b"]]) {
    const { pairs, codes } = await pairsOf(["INBOX", "a/b"], present, {
      remote: SLASH,
      local,
    });
    assert.deepEqual(pairs, ["INBOX=INBOX+local"]);
    assert.deepEqual(codes, []);
  }
});

Deno.test("nameMailboxes() refuses two folders that would share one (D2, D16)", async () => {
  const { pairs, codes, problems } = await pairsOf(
    ["Sent", "Sent Items", "INBOX"],
    [],
    {
      remote: rules("remote", "/", {
        translate: (n) => n === "Sent Items" ? "Sent" : n,
      }),
      local: DOT,
    },
  );
  assert.deepEqual(pairs, ["INBOX=INBOX+local"]);
  assert.deepEqual(codes, ["names.collision"]);
  assert.match(problems[0]?.message ?? "", /Sent.*Sent Items/);
});

Deno.test("nameMailboxes() refuses names that meet on a folding file system (C15)", async () => {
  const { codes } = await pairsOf(["Work", "work"], [], {
    remote: SLASH,
    local: rules("local", "/", { fold: (n) => n.toLowerCase() }),
  });
  assert.deepEqual(codes, ["names.alike"]);
});

Deno.test("nameMailboxes() takes inbox and INBOX for one mailbox (C15)", async () => {
  const remote = rules("remote", "/", {
    fold: (n) => n.toUpperCase() === "INBOX" ? "INBOX" : n,
  });
  const { pairs } = await pairsOf(["Inbox"], ["INBOX"], {
    remote,
    local: rules("local", "/"),
  });
  assert.deepEqual(pairs, ["Inbox=Inbox+local"]);
});

Deno.test("nameMailboxes() skips only the folder whose name holds the local separator (C10)", async () => {
  const { pairs, codes, problems } = await pairsOf(["a.b", "INBOX"], [], {
    remote: SLASH,
    local: DOT,
  });
  assert.deepEqual(pairs, ["INBOX=INBOX+local"]);
  assert.deepEqual(codes, ["names.separator"]);
  assert.match(problems[0]?.hint ?? "", /nametrans/);
});

Deno.test("nameMailboxes() skips only the folder that may not be created (C11)", async () => {
  const { pairs, codes } = await pairsOf(["INBOX", "New"], ["INBOX"], {
    remote: SLASH,
    local: rules("local", ".", { mayCreate: false }),
  });
  assert.deepEqual(pairs, ["INBOX=INBOX"]);
  assert.deepEqual(codes, ["names.missing"]);
});

Deno.test("nameMailboxes() lets no folders breed when nametrans has no inverse", async () => {
  const { pairs, codes } = await pairsOf(["INBOX"], ["INBOX", "x"], {
    remote: rules("remote", "/", { translate: (n) => `r-${n}` }),
    local: rules("local", "/"),
  });
  assert.deepEqual(pairs, ["INBOX=r-INBOX+local"]);
  assert.deepEqual(codes, ["names.inverse"]);
});

Deno.test("nameMailboxes() obeys the filters of both sides", async () => {
  const { pairs } = await pairsOf(["INBOX", "Spam", "Old"], ["Old", "Draft"], {
    remote: rules("remote", "/", { accepts: (n) => n !== "Spam" }),
    local: rules("local", "/", { accepts: (n) => n !== "Old" }),
  });
  assert.deepEqual(pairs, ["Draft=Draft+remote", "INBOX=INBOX+local"]);
});

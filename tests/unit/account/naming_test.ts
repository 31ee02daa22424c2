/** Names across: OfflineIMAP's rules and where they went wrong. */
import assert from "node:assert/strict";
import { nameMailboxes, type NameRules } from "../../../src/account/naming.ts";
import {
  encodeMailboxName,
  readableMailboxName,
} from "../../../src/imap/mailbox_name.ts";
import { type Folding, foldName } from "../../../src/maildir/mailbox_name.ts";
import type { MailboxInfo } from "../../../src/sync/ports.ts";

function rules(
  repository: string,
  separator: string,
  {
    translate = (name: string) => name,
    accepts = (_: string): boolean => true,
    mayCreate = true,
    fold = (name: string) => name,
    foldFile = (name: string) => name,
  } = {},
): NameRules {
  return {
    repository,
    separator,
    translate: (name) => Promise.resolve(translate(name)),
    accepts: (name) => Promise.resolve(accepts(name)),
    mayCreate,
    fold: (name) => foldFile(fold(name)),
    foldFile,
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

/** Local rules on a file system that folds names so. */
function onDisk(folding: Folding): NameRules {
  return rules("local", "/", { foldFile: (name) => foldName(name, folding) });
}

const APFS: Folding = { letterCase: true, normalization: true };
const NTFS: Folding = { letterCase: true, normalization: false };
const EXT4: Folding = { letterCase: false, normalization: false };
const NFC = "Gr\u00fc\u00dfe";
const NFD = "Gru\u0308\u00dfe";

Deno.test.each([
  { disk: "APFS", folding: APFS, names: ["Work", "work"], refused: true },
  { disk: "APFS", folding: APFS, names: [NFC, NFD], refused: true },
  {
    disk: "APFS",
    folding: APFS,
    names: [NFC, NFD.toUpperCase()],
    refused: true,
  },
  { disk: "NTFS", folding: NTFS, names: ["Work", "work"], refused: true },
  { disk: "NTFS", folding: NTFS, names: [NFC, NFD], refused: false },
  { disk: "ext4", folding: EXT4, names: ["Work", "work"], refused: false },
  { disk: "ext4", folding: EXT4, names: [NFC, NFD], refused: false },
])(
  "nameMailboxes() on $disk refuses $names: $refused (C15)",
  async ({ folding, names, refused }) => {
    // Whether one of them is there already or not, nothing is mixed.
    for (const present of [[], names.slice(0, 1), names.slice(1)]) {
      const { pairs, codes, problems } = await pairsOf(
        ["INBOX", ...names],
        ["INBOX", ...present],
        { remote: SLASH, local: onDisk(folding) },
      );
      assert.deepEqual(codes, refused ? ["names.alike"] : []);
      assert.equal(pairs.length, refused ? 1 : 3);
      for (const { message } of problems) {
        assert.ok(
          names.every((name) => message.includes(`"${name}"`)),
          message,
        );
      }
    }
  },
);

Deno.test("nameMailboxes() goes by the server's spelling of a directory", async () => {
  const { pairs, codes } = await pairsOf([NFD, "Work"], [NFC, "WORK"], {
    remote: SLASH,
    local: onDisk(APFS),
  });
  assert.deepEqual(pairs, [`${NFD}=${NFD}`, "Work=Work"].sort());
  assert.deepEqual(codes, []);
});

Deno.test("nameMailboxes() does not make a folder that a listing would not show", async () => {
  const remote: NameRules = {
    ...SLASH,
    within: { reference: "Mail/", lists: (name) => name.startsWith("Mail/") },
  };
  const { pairs, codes, problems } = await pairsOf(
    ["Mail/a"],
    ["Mail/a", "Mail/b", "stray"],
    { remote, local: rules("local", "/") },
  );
  assert.deepEqual(pairs, ["Mail/a=Mail/a", "Mail/b=Mail/b+remote"]);
  assert.deepEqual(codes, ["names.reference"]);
  assert.match(problems[0]?.message ?? "", /"stray".*"Mail\/"/);
});

Deno.test("nameMailboxes() takes the server's separator in a local name for none, unless nametrans minds it", async () => {
  const remote = rules("remote", ".");
  const both = { remote, local: rules("local", "/") };
  const { pairs, codes } = await pairsOf([], ["v1.2", "a/b"], both);
  assert.deepEqual(pairs, ["a.b=a/b+remote"]);
  assert.deepEqual(codes, ["names.separator"]);
  const minding = {
    remote: rules("remote", ".", { translate: (n) => n.replaceAll("_", ":") }),
    local: rules("local", "/", { translate: (n) => n.replaceAll(":", "_") }),
  };
  const again = await pairsOf([], ["v1:2"], minding);
  assert.deepEqual(again.pairs, ["v1_2=v1:2+remote"]);
  assert.deepEqual(again.codes, []);
});

Deno.test("nameMailboxes() spells names as the server does (decodefoldernames)", async () => {
  const remote: NameRules = {
    ...rules("remote", "/", { translate: readableMailboxName }),
    spell: encodeMailboxName,
  };
  const { pairs, codes } = await pairsOf(
    ["G&AOQ-ste", "A&B", "R&-D"],
    ["Gäste", "Grüße"],
    { remote, local: rules("local", "/") },
  );
  assert.deepEqual(
    pairs,
    [
      "A&B=A&B+local",
      "Gr&APwA3w-e=Grüße+remote",
      "G&AOQ-ste=Gäste",
      "R&-D=R&D+local",
    ].sort(),
  );
  assert.deepEqual(codes, []);
});

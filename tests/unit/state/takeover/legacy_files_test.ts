import assert from "node:assert/strict";
import {
  readStartUid,
  readUidMap,
  readValidity,
} from "../../../../src/state/mod.ts";
import { FlagLetters } from "../../../../src/state/takeover/legacy_flags.ts";
import {
  decodeLabel,
  encodeMailboxName,
} from "../../../../src/imap/mailbox_name.ts";
import { labelFlag, labelsIn } from "../../../../src/sync/labels.ts";
import { parseTextStatus } from "../../../../src/state/takeover/text_status.ts";
import { LegacyMetadata } from "./legacy_fixture.ts";

const FIRST = "OFFLINEIMAP LocalStatus CACHE DATA - DO NOT MODIFY - FORMAT ";

interface TextRow {
  name: string;
  text: string;
  rows: string[] | undefined;
  warning?: RegExp;
}

const TEXTS: TextRow[] = [
  { name: "an empty file", text: "", rows: [] },
  { name: "format 1", text: `${FIRST}1\n5:FS\n3:\n`, rows: ["3", "5 FS"] },
  {
    name: "format 2",
    text: `${FIRST}2\n5|FS|0|\n3||1700000000|Work, \\Inbox\n`,
    rows: ["3", "5 FS"],
  },
  { name: "CRLF", text: `${FIRST}2\r\n5|S|0|\r\n`, rows: ["5 S"] },
  { name: "no last line end", text: `${FIRST}2\n5|S|0|`, rows: ["5 S"] },
  {
    name: "temporary UIDs",
    text: `${FIRST}2\n-5|S|0|\n0|S|0|\n1||0|\n`,
    rows: ["1"],
  },
  {
    name: "a UID twice: the latter counts",
    text: `${FIRST}1\n5:F\n5:S\n`,
    rows: ["5 S"],
  },
  {
    name: "damaged lines are left out",
    text: `${FIRST}2\n5|S|0|\n6|S\n\nx|S|0|\n7:S\n8|S|0|a|b\n9|S|0|\n`,
    rows: ["5 S", "9 S"],
    warning: /^"path": 5 damaged lines left out$/,
  },
  {
    name: "lines of the other format are damaged",
    text: `${FIRST}1\n5|S|0|\n`,
    rows: [],
    warning: /^"path": 1 damaged line left out$/,
  },
  {
    name: "an unknown format",
    text: `${FIRST}3\n5|S|0|\n`,
    rows: undefined,
    warning: /"path" is not used: unknown format/,
  },
  {
    name: "another file",
    text: "5|S|0|\n",
    rows: undefined,
    warning: /unknown format/,
  },
];

for (const { name, text, rows, warning } of TEXTS) {
  Deno.test(`parseTextStatus() reads ${name}`, () => {
    const warnings: string[] = [];
    const letters = new FlagLetters(new Map());
    const read = parseTextStatus(
      text,
      letters,
      "path",
      (said) => warnings.push(said),
    );
    const short = (flags: string) =>
      flags.replace("\\Flagged \\Seen", "FS").replace("\\Seen", "S");
    assert.deepEqual(
      read?.map(({ uid, flags }) => `${uid} ${short(flags)}`.trimEnd()),
      rows,
    );
    assert.equal(warnings.length, warning === undefined ? 0 : 1);
    if (warning !== undefined) assert.match(warnings[0] ?? "", warning);
  });
}

const LETTERS: [letters: string, flags: string][] = [
  ["", ""],
  ["S", "\\Seen"],
  ["DFRST", "\\Answered \\Deleted \\Draft \\Flagged \\Seen"],
  ["PS1_", "\\Seen"],
  ["ab", "$Work"],
  ["aS", "$Work \\Seen"],
];

for (const [letters, flags] of LETTERS) {
  Deno.test(`FlagLetters.read() takes "${letters}" for "${flags}"`, () => {
    const reader = new FlagLetters(new Map([["a", "$Work"]]));
    assert.equal(reader.read(letters), flags);
    assert.equal(reader.read(letters), flags);
  });
}

function fileOf(legacy: LegacyMetadata) {
  return {
    metadata: legacy.path,
    repository: "Local",
    fileName: "INBOX",
    warn: (text: string) => legacy.warnings.push(text),
  };
}

Deno.test("readValidity() and readStartUid() read a number and warn of anything else", () => {
  for (
    const [directory, read] of [
      ["FolderValidity", readValidity],
      ["StartUID", readStartUid],
    ] as const
  ) {
    using legacy = new LegacyMetadata();
    assert.equal(read(fileOf(legacy)), undefined);
    assert.deepEqual(legacy.warnings, []);
    legacy.write(`Repository-Local/${directory}/INBOX`, "4294967295\n");
    assert.equal(read(fileOf(legacy)), 4294967295);
    for (const text of ["", "x\n", "-1\n", "1.5\n"]) {
      legacy.write(`Repository-Local/${directory}/INBOX`, text);
      assert.equal(read(fileOf(legacy)), undefined);
    }
    assert.equal(legacy.warnings.length, 4);
  }
});

Deno.test("readUidMap() reads local and remote UIDs, but not what was cut", () => {
  using legacy = new LegacyMetadata();
  assert.equal(readUidMap(fileOf(legacy)), undefined);
  legacy.write(
    "Repository-Local/UIDMapping/INBOX",
    "12:3400\n1:2\nx:5\n7\n5:6\n8:12",
  );
  assert.deepEqual(readUidMap(fileOf(legacy)), [
    { local: 12, remote: 3400 },
    { local: 1, remote: 2 },
    { local: 5, remote: 6 },
  ]);
  assert.match(legacy.warnings.join(), /3 damaged lines left out/);
});

Deno.test("FlagLetters reads labels as OfflineIMAP joins them, and writes them so", () => {
  const labels = {
    read: (text: string) => text === "Ignored" ? undefined : decodeLabel(text),
    write: encodeMailboxName,
  };
  const letters = new FlagLetters(new Map(), labels);
  const flags = letters.read("FS", "&AMQ-rger, Ignored, a,b, \\Inbox");
  assert.deepEqual(labelsIn(flags), ["\\Inbox", "a,b", "Ärger"]);
  assert.equal(letters.write(flags), "FS");
  assert.equal(letters.writeLabels(flags), "&AMQ-rger, \\Inbox, a,b");
  assert.ok(letters.canHold(labelFlag("any")));
  assert.equal(new FlagLetters(new Map()).read("S", "a, b"), "\\Seen");
  assert.equal(new FlagLetters(new Map()).writeLabels(flags), undefined);
});

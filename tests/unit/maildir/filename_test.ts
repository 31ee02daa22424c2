import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type FileName,
  formatFileName,
  hintOf,
  type InfoSeparator,
  mailboxMark,
  parseFileName,
  UniqueNames,
  withLetters,
  withMarks,
  withoutMarks,
} from "../../../src/maildir/filename.ts";

const MARK = "7e33429f656f1e6e9d79b29c3f82c57e";
const OTHER = "7f8c0283f16925caed8e632086b81b9c";
const OURS = `1795272358_1.13048.host,U=1,FMD5=${MARK}`;

const NAMES: (FileName & { readonly name: string })[] = [
  { name: `${OURS}:2,S`, unique: OURS, head: ":2,", letters: "S", tail: "" },
  { name: `${OURS}:2,`, unique: OURS, head: ":2,", letters: "", tail: "" },
  { name: `${OURS}!2,FS`, unique: OURS, head: "!2,", letters: "FS", tail: "" },
  { name: `${OURS};2,T`, unique: OURS, head: ";2,", letters: "T", tail: "" },
  { name: "1.h", unique: "1.h", head: "", letters: "", tail: "" },
  { name: "", unique: "", head: "", letters: "", tail: "" },
  { name: "1.h:2,PSab", unique: "1.h", head: ":2,", letters: "PSab", tail: "" },
  { name: "1.h:2,S0_", unique: "1.h", head: ":2,", letters: "S0_", tail: "" },
  {
    name: "1.h:2,S,x=1",
    unique: "1.h",
    head: ":2,",
    letters: "S",
    tail: ",x=1",
  },
  { name: "1.h:2,Sé", unique: "1.h", head: ":2,", letters: "S", tail: "é" },
  { name: "1.h:1,x", unique: "1.h", head: ":1,x", letters: "", tail: "" },
  {
    name: "1.h:1,x:2,S",
    unique: "1.h",
    head: ":1,x:2,",
    letters: "S",
    tail: "",
  },
  { name: "1.h:", unique: "1.h", head: ":", letters: "", tail: "" },
  { name: "1.h:2", unique: "1.h", head: ":2", letters: "", tail: "" },
  {
    name: "hi!there;you",
    unique: "hi!there;you",
    head: "",
    letters: "",
    tail: "",
  },
  { name: "1.h!3:2,S", unique: "1.h!3", head: ":2,", letters: "S", tail: "" },
  {
    name: "1.h,S=9,W=10:2,S",
    unique: "1.h,S=9,W=10",
    head: ":2,",
    letters: "S",
    tail: "",
  },
  { name: ":2,S", unique: "", head: ":2,", letters: "S", tail: "" },
];

for (const { name, ...parts } of NAMES) {
  Deno.test(`parseFileName() cuts ${JSON.stringify(name)}`, () => {
    assert.deepEqual(parseFileName(name), parts);
    assert.equal(formatFileName(parts), name);
  });
}

Deno.test("parseFileName() lets the configured separator decide between two", () => {
  // What OfflineIMAP left when maildir-windows-compatible was switched on.
  const name = "1.h:2,S!2,F";
  assert.equal(parseFileName(name, ":").letters, "S");
  assert.equal(parseFileName(name, "!").letters, "F");
  assert.equal(parseFileName(name, ":").unique, "1.h");
  assert.equal(parseFileName(name, "!").unique, "1.h");
});

const separators = fc.constantFrom<InfoSeparator>(":", "!", ";");
const anyName = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(..."12,:!;SFTab=UMD5") }),
  fc.array(
    fc.constantFrom(":2,", "!2,", ";2,", ",U=7", ",FMD5=ab", "1.h", "S", "é"),
  ).map((parts) => parts.join("")),
);

Deno.test("formatFileName() undoes parseFileName() for every name", () => {
  fc.assert(fc.property(anyName, separators, (name, separator) => {
    assert.equal(formatFileName(parseFileName(name, separator)), name);
  }));
});

Deno.test("parseFileName() finds the same unique name whatever is configured", () => {
  fc.assert(fc.property(anyName, separators, (name, separator) => {
    assert.equal(
      parseFileName(name, separator).unique,
      parseFileName(name).unique,
    );
  }));
});

Deno.test("withLetters() is read back, under the same unique name, by all", () => {
  const letters = fc.string({ unit: fc.constantFrom(..."DFPRSTabz09") });
  fc.assert(
    fc.property(
      anyName,
      letters,
      separators,
      separators,
      (name, after, before, separator) => {
        const file = parseFileName(name, before);
        const text = formatFileName(withLetters(file, after, separator));
        const read = parseFileName(text, separator);
        assert.equal(read.unique, file.unique);
        // Text that follows may begin with what counts for letters.
        assert.ok(read.letters.startsWith(after) || read.head !== file.head);
      },
    ),
  );
});

Deno.test.each(
  [
    { name: "1.h:2,S", to: "FS", separator: ":", after: "1.h:2,FS" },
    { name: "1.h:2,S", to: "FS", separator: "!", after: "1.h!2,FS" },
    { name: "1.h!2,S", to: "", separator: ":", after: "1.h:2," },
    { name: "1.h", to: "S", separator: ":", after: "1.h:2,S" },
    { name: "1.h:", to: "S", separator: ":", after: "1.h:2,S" },
    { name: "1.h:1,x", to: "S", separator: ":", after: "1.h:1,x:2,S" },
    { name: "1.h:1,x:2,F", to: "S", separator: ":", after: "1.h:1,x:2,S" },
    // OfflineIMAP cuts by length from the end and mangles such names.
    { name: "1.h:2,S,x=1", to: "FS", separator: ":", after: "1.h:2,FS,x=1" },
  ] as const,
)("withLetters() makes $after of $name", ({ name, to, separator, after }) => {
  assert.equal(
    formatFileName(withLetters(parseFileName(name), to, separator)),
    after,
  );
});

Deno.test.each([
  ["INBOX", ".", "7e33429f656f1e6e9d79b29c3f82c57e"],
  ["Sent", ".", "7f8c0283f16925caed8e632086b81b9c"],
  ["Work/Projects", "/", "ffab7fff2aac74bbc57c7f86de283b42"],
  ["Work.Projects", ".", "1ee37f97da7b507d0b784184401472e5"],
  ["", ".", "d41d8cd98f00b204e9800998ecf8427e"],
  [".", ".", "d41d8cd98f00b204e9800998ecf8427e"],
  ["/", "/", "d41d8cd98f00b204e9800998ecf8427e"],
  ["G&AOQ-ste", ".", "81dfa59b41e8307865c55e2250d1a7f9"],
])("mailboxMark() of %j with separator %j", (name, separator, mark) => {
  assert.equal(mailboxMark(name, separator), mark);
});

Deno.test.each([
  { name: `${OURS}:2,S`, hint: { uid: 1, here: true, origin: MARK } },
  {
    name: `1.h,U=7,FMD5=${OTHER}:2,`,
    hint: { uid: 7, here: false, origin: OTHER },
  },
  { name: `1.h,FMD5=${MARK},U=7`, hint: { uid: 7, here: true, origin: MARK } },
  {
    name: `1.h,U=7,U=8,FMD5=${MARK}`,
    hint: { uid: 7, here: true, origin: MARK },
  },
  {
    name: `1.h,U=7,FMD5=${OTHER.toUpperCase()}`,
    hint: { uid: 7, here: false, origin: OTHER },
  },
  {
    name: `1.h,U=7,FMD5=${OTHER},FMD5=${MARK}`,
    hint: { uid: 7, here: true, origin: MARK },
  },
  {
    name: `1.h:2,S,U=7,FMD5=${MARK}`,
    hint: { uid: 7, here: true, origin: MARK },
  },
  {
    name: `1.h,U=4294967295,FMD5=${MARK}`,
    hint: { uid: 4294967295, here: true, origin: MARK },
  },
  { name: `1.h,U=4294967296,FMD5=${MARK}`, hint: undefined },
  { name: `1.h,U=99999999999999999999999,FMD5=${MARK}`, hint: undefined },
  { name: `1.h,U=0,FMD5=${MARK}`, hint: undefined },
  { name: `1.h,U=,FMD5=${MARK}`, hint: undefined },
  { name: `1.h,FMD5=${MARK}`, hint: undefined },
  // mbsync writes U= alone: it says nothing about which mailbox it means.
  { name: "1.h,U=7:2,S", hint: undefined },
  { name: "1.h", hint: undefined },
])("hintOf() reads $name", ({ name, hint }) => {
  assert.deepEqual(hintOf(name, MARK), hint);
});

Deno.test.each([
  { unique: "1.h", marked: `1.h,U=7,FMD5=${MARK}` },
  { unique: "1.h,S=9,W=10", marked: `1.h,S=9,W=10,U=7,FMD5=${MARK}` },
  { unique: `1.h,U=3,FMD5=${OTHER}`, marked: `1.h,U=7,FMD5=${MARK}` },
  {
    unique: `1.h,U=3,S=9,FMD5=${OTHER},W=10`,
    marked: `1.h,S=9,W=10,U=7,FMD5=${MARK}`,
  },
  { unique: "1.h,U=3", marked: `1.h,U=7,FMD5=${MARK}` },
  { unique: "1.h!2", marked: `1.h!2-,U=7,FMD5=${MARK}` },
  {
    unique: "1.h,U,U=5=6",
    marked: `1.h,U=7,FMD5=${MARK}`,
  },
])("withMarks() makes $marked of $unique", ({ unique, marked }) => {
  assert.equal(withMarks(unique, 7, MARK), marked);
});

Deno.test("withMarks() is what hintOf() reads, whatever was there before", () => {
  fc.assert(
    fc.property(
      anyName,
      fc.integer({ min: 1, max: 0xffffffff }),
      (name, uid) => {
        const { unique } = parseFileName(name);
        const marked = withMarks(unique, uid, MARK);
        assert.deepEqual(hintOf(marked, MARK), {
          uid,
          here: true,
          origin: MARK,
        });
        assert.equal(withMarks(marked, uid, MARK), marked);
        assert.ok(withoutMarks(marked).startsWith(withoutMarks(unique)));
        assert.equal(parseFileName(`${marked}:2,S`).unique, marked);
      },
    ),
  );
});

Deno.test("UniqueNames counts from 0 in each second, as OfflineIMAP does", () => {
  let now = 1795272358_999;
  const names = new UniqueNames({
    pid: 13048,
    hostname: "host",
    now: () => now,
  });
  assert.equal(names.next(), "1795272358_0.13048.host");
  assert.equal(names.next(), "1795272358_1.13048.host");
  now += 1;
  assert.equal(names.next(), "1795272359_0.13048.host");
  assert.equal(names.next(1000.9), "1000_0.13048.host");
  assert.equal(names.next(1000), "1000_1.13048.host");
  now -= 1000;
  assert.equal(names.next(), "1795272358_2.13048.host");
});

Deno.test("UniqueNames keeps a host's odd characters out of the names", () => {
  const names = new UniqueNames({
    pid: 1,
    hostname: "a/b:c!d;e,f\\g",
    now: () => 0,
  });
  assert.equal(names.next(), "0_0.1.a-b-c-d-e-f-g");
});

Deno.test("UniqueNames forgets old times but never repeats a present one", () => {
  const names = new UniqueNames({ pid: 1, hostname: "h", now: () => 5_000 });
  assert.equal(names.next(), "5_0.1.h");
  for (let time = 100; time < 70_000; time++) names.next(time);
  assert.equal(names.next(), "5_1.1.h");
});

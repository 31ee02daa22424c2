import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeName, unescapeName } from "../../../src/maildir/windows_name.ts";

const NESTED = { nested: true };
const FLAT = { nested: false };

Deno.test.each(
  [
    ["INBOX", "INBOX"],
    ["Entwürfe", "Entwürfe"],
    ["Re: a", "Re%3A a"],
    ['<>:"\\|?*', "%3C%3E%3A%22%5C%7C%3F%2A"],
    ["a\tb\x00", "a%09b%00"],
    ["etc.", "etc%2E"],
    ["etc. . ", "etc. .%20"],
    [".hidden", ".hidden"],
    [".", "%2E"],
    ["..", ".%2E"],
    ["CON", "%43ON"],
    ["con", "%63on"],
    ["nul.txt", "%6Eul.txt"],
    ["Aux .c", "%41ux .c"],
    ["COM1", "%43OM1"],
    ["lpt²", "%6Cpt²"],
    ["CONIN$", "%43ONIN$"],
    ["CON.", "CON%2E"],
    ["cur", "%63ur"],
    ["New", "%4Eew"],
    ["console", "console"],
    ["COM", "COM"],
    ["COM10", "COM10"],
    ["xCON", "xCON"],
    ["newer", "newer"],
    // A percent sign stays what it is unless it would read as an escape.
    ["100%", "100%"],
    ["50%20off", "50%20off"],
    ["50%20", "50%2520"],
    ["%41", "%41"],
    ["a%3Ab", "a%253Ab"],
    ["a%3ab", "a%253ab"],
    ["%25", "%25"],
    ["%253A", "%25253A"],
    ["%43ON", "%2543ON"],
    ["%43ONx", "%43ONx"],
    ["%63ur", "%2563ur"],
    ["%%:", "%%%3A"],
    ["%2E", "%252E"],
    ["%2E.x", "%2E.x"],
  ] as const,
)("escapeName(%j) is %j, and back", (name, directory) => {
  assert.equal(escapeName(name, NESTED), directory);
  assert.equal(unescapeName(directory, NESTED), name);
});

Deno.test("escapeName() takes a slash for a character where it separates nothing", () => {
  assert.equal(escapeName("a/b", FLAT), "a%2Fb");
  assert.equal(unescapeName("a%2Fb", FLAT), "a/b");
  // A directory of that name never means a mailbox `b` below `a`.
  assert.equal(unescapeName("a%2Fb", NESTED), "a%2Fb");
  assert.equal(escapeName("a%2Fb", NESTED), "a%2Fb");
});

Deno.test.each(["a%3ab", "etc%2e", "%2fx"])(
  "unescapeName() reads %j as its form in capitals, which is the same directory",
  (directory) => {
    const name = unescapeName(directory, FLAT);
    assert.equal(
      name,
      unescapeName(directory.toUpperCase(), FLAT).toLowerCase(),
    );
    assert.equal(
      escapeName(name, FLAT).toLowerCase(),
      directory.toLowerCase(),
    );
  },
);

/** Texts in which everything that matters is frequent. */
const piece = fc.oneof(
  fc.constantFrom(
    ...["%", "%2", "%4", "3A", "2E", "20", "25", "2F", "2f", "43", "63"],
    ...["con", "CON", "nul", "com1", "cur", "New", "CONOUT$", "aux"],
    ...[".", " ", ":", "/", "\\", "*", "?", '"', "<", ">", "|", "\0", "\x1f"],
    ...["a", "ON", "ur", "E", "é", "\u00b9", "\udc26"],
  ),
  fc.string({ unit: "binary", maxLength: 3 }),
);
const texts = fc.array(piece, { minLength: 1, maxLength: 8 })
  .map((pieces) => pieces.join("")).filter((text) => text !== "");

const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)/i;

/** What Windows takes for a name, and a Maildir for that of a mailbox. */
function isAllowed(directory: string): boolean {
  // deno-lint-ignore no-control-regex
  return !/[\x00-\x1f<>:"/\\|?*]/.test(directory) &&
    !/[. ]$/.test(directory) && !DEVICE.test(directory) &&
    !/^(cur|new|tmp)$/i.test(directory) && directory !== "";
}

for (const nested of [true, false]) {
  const part = texts.filter((text) => !nested || !text.includes("/"));
  const rules = { nested };

  Deno.test(`unescapeName() undoes escapeName() on all names, nested ${nested}`, () => {
    fc.assert(
      fc.property(part, (name) => {
        assert.equal(unescapeName(escapeName(name, rules), rules), name);
      }),
      { numRuns: 2_000 },
    );
  });

  Deno.test(`escapeName() gives what Windows allows, nested ${nested}`, () => {
    fc.assert(
      fc.property(part, (name) => {
        const directory = escapeName(name, rules);
        assert.ok(isAllowed(directory), directory);
      }),
      { numRuns: 2_000 },
    );
  });

  Deno.test(`escapeName() leads back to every directory, nested ${nested}`, () => {
    fc.assert(
      fc.property(texts.filter(isAllowed), (directory) => {
        const back = escapeName(unescapeName(directory, rules), rules);
        assert.equal(back.toLowerCase(), directory.toLowerCase());
      }),
      { numRuns: 2_000 },
    );
  });

  Deno.test(`escapeName() keeps names apart that differ by more than case, nested ${nested}`, () => {
    fc.assert(
      fc.property(part, part, (a, b) => {
        if (a.toLowerCase() === b.toLowerCase()) return;
        assert.notEqual(
          escapeName(a, rules).toLowerCase(),
          escapeName(b, rules).toLowerCase(),
        );
      }),
      { numRuns: 2_000 },
    );
  });
}

Deno.test("escapeName() leaves ordinary names as they are", () => {
  const ordinary = fc.string({ unit: "grapheme", minLength: 1 })
    .filter((name) => isAllowed(name) && !name.includes("%"));
  fc.assert(fc.property(ordinary, (name) => {
    assert.equal(escapeName(name, NESTED), name);
    assert.equal(unescapeName(name, NESTED), name);
  }));
});

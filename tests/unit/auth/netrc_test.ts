import assert from "node:assert/strict";
import fc from "fast-check";
import {
  holdsPasswords,
  type NetrcEntry,
  netrcEntryOf,
  parseNetrc,
} from "../../../src/auth/netrc.ts";

type Row = [login: string, account: string, password: string];

// Every row was also given to Python 3.11's netrc module, which reads the same.
const VECTORS: {
  text: string;
  machines: Record<string, Row>;
  fallback?: Row;
}[] = [
  { text: "", machines: {} },
  {
    text: "machine a login b password c\ndefault login x password y\n",
    machines: { a: ["b", "", "c"] },
    fallback: ["x", "", "y"],
  },
  {
    text: "machine a\n  login b\n\taccount z\n  password c\n",
    machines: { a: ["b", "z", "c"] },
  },
  {
    text: "machine a\r\nlogin b\r\npassword c\r\n",
    machines: { a: ["b", "", "c"] },
  },
  { text: "machine a user b password c", machines: { a: ["b", "", "c"] } },
  {
    text: String.raw`machine "a b" login "q\"z" password p\ q`,
    machines: { "a b": ['q"z', "", "p q"] },
  },
  {
    text: String.raw`machine a login \"b password c"d`,
    machines: { a: ['"b', "", 'c"d'] },
  },
  {
    text: String.raw`machine a password a\\b`,
    machines: { a: ["", "", "a\\b"] },
  },
  {
    text: "machine a password #sec login b #c x y\nmachine c login d",
    machines: { a: ["b", "", "#sec"], c: ["d", "", ""] },
  },
  {
    text: "# one\n # two\nmachine a login x # three\n",
    machines: { a: ["x", "", ""] },
  },
  {
    text: "macdef init\ncd /\nbin\n\nmachine a login b",
    machines: { a: ["b", "", ""] },
  },
  {
    text: "machine a login b\nmacdef x\nmachine no login no\n\n",
    machines: { a: ["b", "", ""] },
  },
  { text: "macdef x\n\nmachine a login q", machines: { a: ["q", "", ""] } },
  {
    text: "machine a\nmachine b login l",
    machines: { a: ["", "", ""], b: ["l", "", ""] },
  },
  {
    text: "machine a login one\nmachine a login two",
    machines: { a: ["two", "", ""] },
  },
  { text: "machine a login", machines: { a: ["", "", ""] } },
  { text: 'machine a password "open', machines: { a: ["", "", "open"] } },
];

for (const { text, machines, fallback } of VECTORS) {
  Deno.test(`parseNetrc() reads ${JSON.stringify(text)}`, () => {
    const netrc = parseNetrc(text);
    const read = [...netrc.machines].map(([name, entry]) => [name, row(entry)]);
    assert.deepEqual(Object.fromEntries(read), machines);
    assert.deepEqual(netrc.default && row(netrc.default), fallback);
  });
}

const REFUSED: [text: string, error: RegExp][] = [
  ["machine", /Line 1: expected a name after machine/],
  ["foo bar", /Line 1: expected machine, default or macdef/],
  ["machine a\nlogin b hunter2", /Line 2: expected login, account or password/],
  ["macdef x\nabc\n", /expected an empty line that ends the macro/],
];

for (const [text, error] of REFUSED) {
  Deno.test(`parseNetrc() refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseNetrc(text), (thrown) => {
      assert(thrown instanceof SyntaxError);
      assert.match(thrown.message, error);
      assert.doesNotMatch(thrown.message, /hunter2/);
      return true;
    });
  });
}

Deno.test("parseNetrc() takes a comment to its line's end, unlike Python", () => {
  const netrc = parseNetrc("#old machine a login b\nmachine c login d");
  assert.deepEqual([...netrc.machines.keys()], ["c"]);
});

Deno.test("parseNetrc() reads back any value that was quoted", () => {
  const quote = (text: string) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
  const value = fc.string({ minLength: 1, unit: "binary" });
  fc.assert(fc.property(value, value, (login, password) => {
    const text = `machine m login ${quote(login)} password ${quote(password)}`;
    const entry = parseNetrc(text).machines.get("m");
    assert.deepEqual(entry && row(entry), [login, "", password]);
  }));
});

Deno.test("netrcEntryOf() prefers the machine to the default", () => {
  const netrc = parseNetrc("default login d\nmachine a login l");
  assert.equal(netrcEntryOf(netrc, "a")?.login, "l");
  assert.equal(netrcEntryOf(netrc, "b")?.login, "d");
  assert.equal(netrcEntryOf(parseNetrc("machine a"), "b"), undefined);
});

Deno.test("holdsPasswords() does not count anonymous ones", () => {
  assert(holdsPasswords(parseNetrc("machine a login b password c")));
  assert(holdsPasswords(parseNetrc("default password c")));
  assert(!holdsPasswords(parseNetrc("machine a login anonymous password c")));
  assert(!holdsPasswords(parseNetrc("machine a login b")));
});

function row({ login, account, password }: NetrcEntry): Row {
  return [login, account, password];
}

/** The Maildir store keeps the contract of all stores, in each of its layouts. */
import type { MaildirOptions } from "../../src/maildir/store.ts";
import { MaildirStore } from "../../src/maildir/store.ts";
import { storeContract, type StoreTraits } from "./store_contract.ts";

function maildir(options: Omit<MaildirOptions, "root">) {
  return async () => {
    const root = await Deno.makeTempDir({ prefix: "maildir-" });
    let ahead = 0;
    const store = new MaildirStore({
      root: `${root}/mail`,
      now: () => Date.now() + ahead,
      ...options,
    });
    return {
      store,
      // Directory times are trusted once they are old enough by this clock.
      settle: async () => {
        ahead += 10_000;
        await untilTimesMove();
      },
      [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
    };
  };
}

/** The next change gets another time than the last: clocks tick in milliseconds. */
async function untilTimesMove(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}

/** There all of these are escaped. */
const WINDOWS = Deno.build.os === "windows";
const UNUSABLE = ["..", ".", "a\0b", "cur", "new", "tmp"];

const TRAITS: StoreTraits = {
  oddNames: [
    "with blank",
    "Entwürfe",
    "日本語",
    'quote"d',
    "back\\slash",
    "100%*",
    "&amp;",
    "~tilde",
    "[Gmail]",
    "'; rm -rf",
    "-rf",
    ".dot",
    "..two",
    "new stuff",
    "line\nbreak",
  ],
  badNames: [".offlineimap-maildir", ...WINDOWS ? [] : UNUSABLE],
  keywords: ["$Label1", "Work"],
  bareLf: "crlf",
};

const KEYWORDS = new Map([["a", "$Label1"], ["w", "Work"]]);

storeContract(
  "MaildirStore",
  maildir({ keywords: KEYWORDS }),
  {
    ...TRAITS,
    badNames: [
      ...TRAITS.badNames ?? [],
      ...WINDOWS ? [] : ["a/b", "../x", "/x"],
    ],
  },
);
storeContract(
  "MaildirStore with sep / and without fsync",
  maildir({ keywords: KEYWORDS, separator: "/", fsync: false }),
  {
    ...TRAITS,
    oddNames: [...TRAITS.oddNames, "a/b/c", "a.b", "x y/z"],
    badNames: [
      ...[...TRAITS.badNames ?? [], "/x", "a//b", "a/"],
      ...WINDOWS ? [] : ["../x", "a/../b"],
    ],
  },
);
storeContract(
  "MaildirStore with ! for Windows",
  maildir({ keywords: KEYWORDS, windowsCompatible: true, fsync: false }),
  { ...TRAITS, oddNames: [] },
);

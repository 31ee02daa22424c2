/** Runs that are interrupted at every step. Small: each step costs a process. */
import { KEYWORD, type Scenario } from "./scenario.ts";

const KEYWORDS = { local: { customflag_a: KEYWORD } };
const NO_UIDPLUS = { uidplus: false, move: false } as const;

/** A user with two mailboxes since long. */
const BASE = {
  INBOX: ["a", "b S", "c F", "plain S"],
  Archive: ["old S"],
};

/** All scenarios. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "the first copy, mailboxes made on both sides",
    server: [
      ...["add INBOX a", "add INBOX odd S", "create Lists/deno"],
      ...["add Lists/deno b FS"],
    ],
    local: ["create Drafts", "add Drafts note DS"],
    after: {
      INBOX: ["a", "odd S"],
      "Lists/deno": ["b FS"],
      Drafts: ["note DS"],
    },
  },
  {
    name: "new messages, flags and deletions on the server",
    base: BASE,
    server: [
      ...["add INBOX new", "add Archive odd RS", "flag INBOX a S"],
      ...["flag INBOX c", "delete INBOX b"],
    ],
    after: {
      INBOX: ["a S", "c", "new", "plain S"],
      Archive: ["odd RS", "old S"],
    },
  },
  {
    name: "new messages, flags and deletions in the Maildir",
    base: BASE,
    local: [
      ...["add INBOX new", "add Archive odd RS", "flag INBOX a S"],
      ...["flag INBOX c", "delete INBOX b"],
    ],
    after: {
      INBOX: ["a S", "c", "new", "plain S"],
      Archive: ["odd RS", "old S"],
    },
  },
  {
    name: "changes on both sides at once",
    base: BASE,
    server: [
      ...["add INBOX up S", "flag INBOX a F", "delete INBOX b"],
      ...["flag INBOX plain"],
    ],
    local: [
      ...["add INBOX down", "flag INBOX a S", "flag INBOX b FS"],
      ...["delete Archive old"],
    ],
    after: { INBOX: ["a FS", "c F", "down", "plain", "up S"], Archive: [] },
  },
  {
    name: "uploads to a server without UIDPLUS",
    profile: NO_UIDPLUS,
    base: BASE,
    local: ["add INBOX new S", "add INBOX plainer", "add Archive odd"],
    after: {
      INBOX: ["a", "b S", "c F", "new S", "plain S", "plainer"],
      Archive: ["odd", "old S"],
    },
  },
  {
    name: "uploads to a server with nothing but IMAP4rev1",
    profile: "bare",
    base: BASE,
    local: ["add INBOX new S", "flag INBOX a S"],
    server: ["add INBOX other"],
    after: {
      INBOX: ["a S", "b S", "c F", "new S", "other", "plain S"],
      Archive: ["old S"],
    },
  },
  {
    name: "deletions with expunge = no",
    config: { remote: { expunge: false } },
    base: BASE,
    local: ["delete INBOX a", "delete INBOX b"],
    after: {
      onServer: {
        INBOX: ["a T", "b ST", "c F", "plain S"],
        Archive: ["old S"],
      },
      inMaildir: { INBOX: ["c F", "plain S"], Archive: ["old S"] },
    },
  },
  {
    name: "messages moved to another folder of the Maildir",
    base: BASE,
    local: ["move INBOX a Archive", "move INBOX plain Archive"],
    server: ["add INBOX new"],
    after: { INBOX: ["b S", "c F", "new"], Archive: ["a", "old S", "plain S"] },
  },
  {
    name: "messages moved where the server cannot MOVE",
    profile: { move: false },
    base: BASE,
    local: ["move INBOX a Archive", "move INBOX c Archive"],
    after: { INBOX: ["b S", "plain S"], Archive: ["a", "c F", "old S"] },
  },
  {
    name: "a message moved on the server",
    base: BASE,
    server: ["move INBOX b Archive"],
    local: ["flag INBOX a S"],
    after: { INBOX: ["a S", "c F", "plain S"], Archive: ["b S", "old S"] },
  },
  {
    name: "keywords",
    config: KEYWORDS,
    base: { INBOX: ["a", "b Sa", "c a"] },
    server: ["flag INBOX a a", "flag INBOX c"],
    local: ["flag INBOX b S", "add INBOX new Fa"],
    after: { INBOX: ["a a", "b S", "c", "new Fa"] },
  },
  {
    name: "a folder removed from the Maildir",
    base: BASE,
    local: ["drop Archive"],
    after: { INBOX: ["a", "b S", "c F", "plain S"], Archive: ["old S"] },
  },
  {
    name: "a folder removed from the server",
    base: BASE,
    server: ["drop Archive"],
    after: { INBOX: ["a", "b S", "c F", "plain S"], Archive: ["old S"] },
  },
  {
    name: "a folder renamed on each side, to different names",
    base: BASE,
    server: ["rename Archive There"],
    local: ["rename Archive Here"],
    after: {
      INBOX: ["a", "b S", "c F", "plain S"],
      There: ["old S"],
      Here: ["old S"],
    },
  },
  {
    name: "a new UIDVALIDITY",
    base: BASE,
    server: ["renumber INBOX", "add INBOX new", "flag INBOX c FS"],
    local: ["flag INBOX a S"],
    after: {
      INBOX: ["a S", "b S", "c FS", "new", "plain S"],
      Archive: ["old S"],
    },
  },
  {
    name: "the takeover of OfflineIMAP's metadata",
    legacy: true,
    base: BASE,
    server: ["add INBOX new", "delete INBOX b"],
    local: ["flag INBOX a S", "delete INBOX c", "add Archive sent S"],
    after: { INBOX: ["a S", "new", "plain S"], Archive: ["old S", "sent S"] },
  },
  {
    name: "maxsize",
    config: { account: { maxsize: 4096 } },
    base: { INBOX: ["a", "big S"] },
    server: ["add INBOX bigger", "add INBOX b", "flag INBOX big FS"],
    local: ["add INBOX biggest", "add INBOX c"],
    after: {
      onServer: { INBOX: ["a", "b", "big FS", "bigger", "c"] },
      inMaildir: { INBOX: ["a", "b", "big FS", "biggest", "c"] },
    },
  },
  {
    name: "a read-only server",
    config: { remote: { readonly: true } },
    base: BASE,
    server: ["add INBOX new S", "flag INBOX a F"],
    local: ["add INBOX mine", "flag INBOX b FS", "delete INBOX c"],
    after: {
      onServer: {
        INBOX: ["a F", "b S", "c F", "new S", "plain S"],
        Archive: ["old S"],
      },
      inMaildir: {
        INBOX: ["a F", "b FS", "mine", "new S", "plain S"],
        Archive: ["old S"],
      },
    },
  },
];

/** The scenario of that name. @throws {RangeError} When there is none. */
export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found === undefined) throw new RangeError(`No scenario "${name}"`);
  return found;
}

/** Odd names, other ways to log in, Python files: what real configurations have. */
import { mail } from "../mail.ts";
import type { Scenario } from "../scenario.ts";
import { keptNames } from "../wanted.ts";

const ODD_MAIL = {
  "INBOX": [mail("alpha", "S")],
  "R&D": [mail("bravo")],
  "[Gmail]/Sent Mail": [mail("charlie", "S")],
  "日本語/受信": [mail("delta")],
  "it's 100%": [mail("echo", "F")],
};

export const NAMES: readonly Scenario[] = [
  {
    name: "odd names in IMAP's own encoding",
    mail: ODD_MAIL,
    options: { local: { sep: "/" } },
  },
  {
    name: "odd names with utf8foldernames",
    mail: ODD_MAIL,
    options: { account: { utf8foldernames: true }, local: { sep: "/" } },
  },
  {
    name: "new local folders with letters beyond ASCII",
    before: { account: { utf8foldernames: true } },
    options: { account: { utf8foldernames: true } },
    change: (world) => {
      for (const folder of ["Grüße", "A&B"]) {
        world.tree.create(folder);
        world.deliver(folder, "november", "S");
      }
    },
    differences: [
      keptNames(
        { folder: "Grüße", label: "november", letters: "S", uid: 1 },
        { folder: "A&B", label: "november", letters: "S", uid: 1 },
      ),
    ],
  },
  {
    name: "nametrans over decoded names",
    options: {
      account: { utf8foldernames: true },
      local: { nametrans: "lambda n: n.replace('Besuch', 'Gäste')" },
      remote: { nametrans: "lambda n: n.replace('Gäste', 'Besuch')" },
    },
  },
  {
    name: "a Maildir++ tree: INBOX at the top, the others with a dot in front",
    server: { separator: ".", prefix: "INBOX." },
    mail: {
      "INBOX": [mail("alpha", "S")],
      "Sent": [mail("bravo", "S")],
      "Lists/deno": [mail("charlie")],
    },
    options: {
      local: { nametrans: "lambda n: 'INBOX' + n" },
      remote: {
        nametrans: String
          .raw`lambda n: re.sub(r'^INBOX$', '', re.sub(r'^INBOX\.', '.', n))`,
      },
    },
  },
  {
    name: "folders in the Maildir that are none",
    before: { local: { sep: "/" } },
    options: { local: { sep: "/" } },
    change: (world) => {
      Deno.mkdirSync(`${world.mail}/.notmuch/xapian`, { recursive: true });
      Deno.mkdirSync(`${world.mail}/half/cur`, { recursive: true });
      Deno.writeTextFileSync(`${world.mail}/INBOX/maildirfolder`, "");
      Deno.writeTextFileSync(`${world.mail}/INBOX/cur/.hidden`, "x\n");
    },
  },
  {
    name: "functions of a pythonfile",
    options: {
      general: { pythonfile: "{home}/helper.py" },
      remote: {
        remotepass: "",
        remotepasseval: "secret_of('there')",
        nametrans: "across",
        folderfilter: "wanted",
        createfolders: false,
      },
    },
    change: (world) =>
      Deno.writeTextFileSync(
        `${world.home}/helper.py`,
        `import re
TABLE = {"Sent Items": "Sent"}
def secret_of(name):
    return {"there": "secret"}[name]
def across(name):
    return TABLE.get(name, name)
def wanted(name):
    return not re.match("Work", name)
`,
      ),
  },
  {
    name: "the password from a file",
    options: { remote: { remotepass: "", remotepassfile: "{home}/pass" } },
    change: (world) => Deno.writeTextFileSync(`${world.home}/pass`, "secret\n"),
  },
  {
    name: "several connections and threads",
    options: { remote: { maxconnections: 4, singlethreadperfolder: true } },
  },
];

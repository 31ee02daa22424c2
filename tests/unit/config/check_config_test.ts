import assert from "node:assert/strict";
import { FILE, load, type Parts, warningsOf } from "./support.ts";

const ROWS: [string, Parts, string[]][] = [
  ["a whole configuration", {}, []],
  ["an unknown option", { account: "autorefesh = 5" }, [
    `${FILE}:7: [Account A] autorefesh is unknown; did you mean "autorefresh"?`,
  ]],
  ["an unknown option that is like no other", { general: "zzzzzz = 5" }, [
    `${FILE}:3: [general] zzzzzz is unknown`,
  ]],
  ["an option of another type of repository", { local: "remotehost = h" }, [
    `${FILE}:11: [Repository L] remotehost has no effect in a repository of ` +
    "type Maildir; it is an option of repositories of type IMAP or Gmail",
  ]],
  ["an option of another section", { account: "fsync = no" }, [
    `${FILE}:7: [Account A] fsync has no effect here; it is an option of [general]`,
  ]],
  ["an option of two other sections", { general: "folderfilter = f" }, [
    `${FILE}:3: [general] folderfilter has no effect here; it is an option of ` +
    "repositories and [mbnames]",
  ]],
  ["sep of a server", { remote: "sep = /" }, [
    `${FILE}:15: [Repository R] sep has no effect in a repository of type IMAP; ` +
    "it is an option of repositories of type Maildir or GmailMaildir and [mbnames]",
  ]],
  ["trashfolder without Gmail", { remote: "trashfolder = x" }, [
    `${FILE}:15: [Repository R] trashfolder has no effect in a repository of ` +
    "type IMAP; it is an option of repositories of type Gmail",
  ]],
  ["status_backend", { account: "status_backend = plain" }, [
    `${FILE}:7: [Account A] status_backend has no effect any more: the state is ` +
    "always kept in SQLite",
  ]],
  ["realdelete", { remote: "realdelete = yes" }, [
    `${FILE}:15: [Repository R] realdelete has no effect in a repository of ` +
    "type IMAP; it is an option of repositories of type Gmail",
  ]],
  ["sections of old interfaces", { more: "[ui.Tk.Blink]\nbgcolor = black" }, [
    `${FILE}:16: section [ui.Tk.Blink] has no effect; it belongs to a user ` +
    "interface of old",
  ]],
  ["an unknown section", { more: "[Acount B]\nx = 1" }, [
    `${FILE}:16: section [Acount B] is unknown and not read; did you mean ` +
    "[Account B]?",
  ]],
  ["a section in the wrong case", { more: "[repository B]" }, [
    `${FILE}:16: section [repository B] is unknown and not read; did you mean ` +
    "[Repository B]?",
  ]],
  ["a section without its name", { more: "[Account]" }, [
    `${FILE}:16: section [Account] is unknown and not read; did you mean ` +
    "[Account NAME]?",
  ]],
  ["a section like no other", { more: "[zzzzzz]\nx = 1" }, [
    `${FILE}:16: section [zzzzzz] is unknown and not read`,
  ]],
  ["options of [DEFAULT] for any section", {
    more: "[DEFAULT]\nexpunge = yes\nquick = 0\nstatus_backend = sqlite",
  }, []],
  ["an unknown option of [DEFAULT]", { more: "[DEFAULT]\nexpunged = yes" }, [
    `${FILE}:17: [DEFAULT] expunged is unknown; did you mean "expunge"?`,
  ]],
  ["a variable of the user's", {
    more: "[DEFAULT]\nmyhost = h\nother = %(mine)s",
    account: "presynchook = echo %(MyHost)s %(mine)s %(other)s\nmine = 1",
  }, []],
  ["a customflag", { local: "customflag_a = $Label1" }, []],
  ["options of an account that does not run", {
    more: "[Account B]\nfoo = 1\nautorefresh = zzz",
  }, [`${FILE}:17: [Account B] foo is unknown`]],
  ["a repository without a type", {
    more: "[Repository B]\nremotehost = h\nsep = .\nremotehots = h",
  }, [
    `${FILE}:19: [Repository B] remotehots is unknown; did you mean "remotehost"?`,
  ]],
];
for (const [what, parts, expected] of ROWS) {
  Deno.test(`checkConfig() on ${what}`, () => {
    assert.deepEqual(warningsOf(load(parts)), expected);
  });
}

Deno.test("checkConfig() gives each kind of warning its code", () => {
  const { warnings } = load({
    account: "status_backend = sqlite\nfoo = 1\nfsync = no",
    remote: 'remoteuser = "ann"',
  });
  assert.deepEqual(warnings.map(({ code }) => code), [
    "config.obsolete",
    "config.unknown",
    "config.misplaced",
    "config.suspect",
  ]);
});

/** Several accounts, and what cannot work: exit codes. */
import { mail } from "../mail.ts";
import type { Scenario } from "../scenario.ts";
import { file } from "../wanted.ts";

/** A second account of the same user, with another Maildir and other folders. */
const SECOND = `
[Account second]
localrepository = here2
remoterepository = there2

[Repository here2]
type = Maildir
localfolders = {home}/mail/second

[Repository there2]
type = IMAP
remotehost = 127.0.0.1
remoteport = {port}
remoteuser = {user}
remotepass = secret
ssl = no
starttls = no
folderfilter = lambda name: name == 'Work'
`;

/** The same with a password that is wrong. */
const WRONG = SECOND.replace("remotepass = secret", "remotepass = wrong");

const INBOX_ONLY = { folderfilter: "lambda n: n == 'INBOX'" };

export const ACCOUNTS: readonly Scenario[] = [
  {
    name: "two accounts",
    options: {
      general: { accounts: "test, second" },
      remote: INBOX_ONLY,
      more: SECOND,
    },
  },
  {
    name: "two accounts at once (maxsyncaccounts)",
    options: {
      general: { accounts: "second,test", maxsyncaccounts: 2 },
      remote: INBOX_ONLY,
      more: SECOND,
    },
  },
  {
    name: "-a names one of two accounts",
    options: {
      general: { accounts: "test, second" },
      remote: INBOX_ONLY,
      more: SECOND,
    },
    args: ["-a", "second"],
  },
  {
    name: "an account that does not exist",
    args: ["-a", "nobody"],
    once: true,
  },
  {
    name: "an account in general.accounts that does not exist",
    options: { general: { accounts: "test, nobody" }, remote: INBOX_ONLY },
    mail: { INBOX: [mail("alpha", "S")] },
    differences: [{
      why: "The accounts that exist are synchronised all the same; both end " +
        "with 1",
      run: {
        ours: [
          "maildir INBOX",
          file({ folder: "INBOX", label: "alpha", uid: 1, letters: "S" }),
        ],
      },
    }],
  },
  {
    name: "a wrong password",
    options: { remote: { remotepass: "wrong" } },
    once: true,
  },
  {
    name: "a wrong password of one account of two",
    options: {
      general: { accounts: "second, test" },
      remote: INBOX_ONLY,
      more: WRONG,
    },
  },
  {
    name: "a server that does not listen",
    // Port 1 belongs to nobody.
    options: { remote: { remoteport: 1 } },
    once: true,
  },
  {
    name: "a host name that does not exist",
    options: { remote: { remotehost: "mail.invalid" } },
    once: true,
  },
  {
    name: "no folder left by folderfilter",
    options: { remote: { folderfilter: "lambda n: False" } },
    once: true,
  },
  {
    name: "an expression that fails",
    options: { remote: { folderfilter: "lambda n: n.nonsense()" } },
    once: true,
  },
  {
    name: "an expression that is none",
    options: { remote: { folderfilter: "lambda n:" } },
    once: true,
    differences: [{
      why: "C33: 100 says that a thread died, which is no business of the " +
        "caller's; errors end with 1",
      run: { theirs: ["exit 100"], ours: ["exit 1"] },
    }],
  },
  {
    name: "a repository that does not exist",
    options: { account: { remoterepository: "nowhere" } },
    once: true,
  },
  {
    name: "a type that does not exist",
    options: { remote: { type: "POP3" } },
    once: true,
  },
  {
    name: "-k for a section that does not exist",
    args: ["-k", "Account_nobody:quick=1"],
    once: true,
  },
];

/**
 * Every option that OfflineIMAP's documentation and code know, by section: none
 * is silently ignored. Each works, or gives a warning, or stops its account.
 */
import assert from "node:assert/strict";
import { findOption, OBSOLETE_OPTIONS } from "../../../src/config/options.ts";
import { FLAG_LIST } from "../../../src/cli/flags.ts";
import { load } from "./support.ts";

const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];

/** Names as OfflineIMAP 8.0.1 reads them; the kinds are those of our sections. */
const THEIRS = {
  general: "accounts metadata maxsyncaccounts ui pythonfile ignore-readonly " +
    "socktimeout fsync filename_use_mail_timestamp utime_from_header dry-run " +
    "ignore-keyring update-keyring",
  mbnames: "enabled filename header peritem sep footer incremental " +
    "folderfilter sort_keyfunc",
  account: "localrepository remoterepository autorefresh quick presynchook " +
    "postsynchook maxage maxsize maildir-windows-compatible synclabels " +
    "labelsheader ignorelabels filterheaders proxy authproxy utf8foldernames " +
    "skipsleep status_backend",
  maildir: "type nametrans folderfilter folderincludes dynamic_folderfilter " +
    "foldersort createfolders readonly sync_deletes startdate localfolders " +
    "sep restoreatime utime_from_header filename_use_mail_timestamp " +
    LETTERS.map((letter) => `customflag_${letter}`).join(" "),
  imap: "type nametrans folderfilter folderincludes dynamic_folderfilter " +
    "foldersort createfolders readonly sync_deletes startdate " +
    "remotehosteval remotehost remoteporteval remoteport remoteusereval " +
    "remoteuser remotepasseval remotepass remotepassfile remote_identity " +
    "auth_mechanisms ssl starttls sslcacertfile cert_fingerprint " +
    "sslclientcert sslclientkey tls_level ssl_version ipv6 preauthtunnel " +
    "transporttunnel reference subscribedonly decodefoldernames idlefolders " +
    "maxconnections singlethreadperfolder holdconnectionopen keepalive " +
    "usecompression expunge retrycount copy_ignore_eval newmail_hook " +
    "oauth2_client_id oauth2_client_id_eval oauth2_client_secret " +
    "oauth2_client_secret_eval oauth2_refresh_token " +
    "oauth2_refresh_token_eval oauth2_access_token " +
    "oauth2_access_token_eval oauth2_request_url sep",
  gmail: "trashfolder spamfolder realdelete",
} as const;

/** Something that is no value of any type but text, so that it must be looked at. */
const ODD = "unreadable [";

/** A configuration with one option more, in one of its sections. */
function configWith(place: keyof typeof THEIRS, name: string): string {
  const sections: Record<string, string[]> = {
    general: ["[general]", "accounts = a"],
    account: ["[Account a]", "localrepository = l", "remoterepository = r"],
    maildir: ["[Repository l]", "type = Maildir", "localfolders = /m"],
    imap: [
      "[Repository r]",
      `type = ${place === "gmail" ? "Gmail" : "IMAP"}`,
      "remotehost = h",
      "remoteuser = u",
      "remotepass = p",
    ],
    mbnames: [
      ...["[mbnames]", "enabled = yes", "filename = /f", "header = 'h'"],
      ...["peritem = %(foldername)s", "sep = ','", "footer = 'f'"],
    ],
  };
  const lines = sections[place === "gmail" ? "imap" : place] ?? [];
  const at = lines.findIndex((line) => line.startsWith(`${name} =`));
  lines.splice(
    at === -1 ? lines.length : at,
    at === -1 ? 0 : 1,
    `${name} = ${ODD}`,
  );
  return Object.values(sections).map((part) => part.join("\n")).join("\n\n");
}

/** Everything that the program would say about a configuration. */
function said(text: string): string {
  try {
    const config = load(text);
    const failed = config.accounts.flatMap((account) =>
      "error" in account ? [account.error.message] : []
    );
    const { mbnames } = config;
    if (mbnames !== undefined && "error" in mbnames) {
      failed.push(mbnames.error.message);
    }
    return [...config.warnings.map(({ message }) => message), ...failed]
      .join("\n");
  } catch (error) {
    return String(error);
  }
}

/** Options of which any text is a value. */
const ANY_TEXT = new Set([
  ...["accounts", "metadata", "pythonfile", "filename", "peritem"],
  ...["localrepository", "remoterepository", "presynchook", "postsynchook"],
  ...["labelsheader", "ignorelabels", "filterheaders", "localfolders"],
  ...["remotehost", "remoteuser", "remotepass", "remotepassfile"],
  ...["remote_identity", "sslcacertfile", "sslclientcert", "sslclientkey"],
  ...["preauthtunnel", "transporttunnel", "reference", "trashfolder"],
  ...["spamfolder", "oauth2_client_id", "oauth2_client_secret"],
  ...["oauth2_refresh_token", "oauth2_access_token", "oauth2_request_url"],
]);

for (const [place, names] of Object.entries(THEIRS)) {
  const kind = place === "maildir" || place === "imap" || place === "gmail"
    ? "repository"
    : place as "general" | "account" | "mbnames";
  for (const name of names.split(" ")) {
    Deno.test(`no option is silently ignored: ${name} (${place})`, () => {
      const spec = findOption(name, kind) ??
        OBSOLETE_OPTIONS.find((old) => old.kind === kind && old.name === name);
      const text = said(configWith(place as keyof typeof THEIRS, name));
      // What is read is understood or refused; what is not read is named.
      const isRead = spec !== undefined && "since" in spec &&
        spec.since === "now";
      const isText = ANY_TEXT.has(name) || name.startsWith("customflag_") ||
        (isRead && "type" in spec && String(spec.type).startsWith("python"));
      assert.ok(
        spec !== undefined || text.includes(name),
        `${name} is unknown`,
      );
      if (!isRead || !isText) assert.ok(text.includes(name), text);
    });
  }
}

Deno.test("no option is silently ignored: one that nobody knows", () => {
  for (const place of ["general", "account", "maildir", "imap", "mbnames"]) {
    const text = said(
      configWith(place as keyof typeof THEIRS, "no_such_thing"),
    );
    assert.match(text, /no_such_thing/, place);
  }
});

Deno.test("no flag is silently ignored: every flag of OfflineIMAP is known", () => {
  const known = new Set(
    FLAG_LIST.flatMap(([, { short, long }]) => [`-${short}`, `--${long}`]),
  );
  const theirs =
    "-h --help --version -V --dry-run --info -1 -P -a -c -d -l -s " +
    "-f -k -o -q -u --delete-folder --migrate-fmd5-using-nametrans " +
    "--mbnames-prune --ignore-keyring --update-keyring";
  for (const flag of theirs.split(" ")) assert.ok(known.has(flag), flag);
});

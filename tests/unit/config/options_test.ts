import assert from "node:assert/strict";
import {
  findOption,
  OBSOLETE_OPTIONS,
  OPTION_GROUPS,
  optionNames,
  placesOf,
} from "../../../src/config/options.ts";
import { REPOSITORY_TYPES } from "../../../src/config/options_repository.ts";
import type { OptionSpec } from "../../../src/config/option_spec.ts";
import { testHost } from "./support.ts";

const SPECS = OPTION_GROUPS.flatMap(({ kind, table }) =>
  Object.values(table).map((spec) => ({ kind, spec }))
);

function readText(spec: OptionSpec<unknown>, value: string): unknown {
  const name = spec.names[0] ?? "";
  return spec.read(value, {
    host: testHost(),
    section: "S",
    entry: { name, value, source: "rc", line: 1, lines: [1] },
    warn: (text) => assert.equal(text, "the quotes are part of the value"),
  });
}

for (const { kind, spec } of SPECS) {
  Deno.test(`The table's ${kind} option ${spec.name} is whole`, () => {
    assert.match(spec.about, /^[A-Z].*\.$/);
    assert.ok(!/ {2}|\n/.test(spec.about));
    for (const name of spec.names) assert.equal(name, name.toLowerCase());
    if (spec.refuse) assert.equal(spec.since, "later");
    if (spec.type === "secret") assert.equal(spec.secret, true);
    if (spec.required) assert.throws(() => spec.fallback());
    if (spec.example !== undefined) readText(spec, spec.example);
    // What the reference calls the default must be the default.
    if (spec.default !== undefined && spec.type !== "python value") {
      const special = ["metadata", "sslcacertfile"].includes(spec.name);
      if (!special) {
        assert.deepEqual(readText(spec, spec.default), spec.fallback());
      }
    }
    // The sample file has to show something for each option.
    assert.ok(spec.default !== undefined || spec.example !== undefined);
  });
}

Deno.test("The table has each name once at a place", () => {
  for (const kind of ["general", "mbnames", "account"] as const) {
    const names = optionNames(kind);
    assert.equal(new Set(names).size, names.length);
  }
  for (const type of REPOSITORY_TYPES) {
    const names = optionNames("repository", type);
    assert.equal(new Set(names).size, names.length);
  }
  for (const { kind, name } of OBSOLETE_OPTIONS) {
    assert.equal(findOption(name, kind), undefined);
  }
});

/** Every option that OfflineIMAP 8.0.1 reads. */
const KNOWN = {
  general: "accounts metadata maxsyncaccounts ui pythonfile ignore-readonly " +
    "socktimeout fsync filename_use_mail_timestamp utime_from_header dry-run " +
    "ignore-keyring update-keyring",
  mbnames: "enabled filename header peritem sep footer incremental " +
    "folderfilter sort_keyfunc",
  account: "localrepository remoterepository autorefresh quick presynchook " +
    "postsynchook maxage maxsize maildir-windows-compatible synclabels " +
    "labelsheader ignorelabels filterheaders proxy authproxy utf8foldernames",
  Maildir: "type nametrans folderfilter folderincludes dynamic_folderfilter " +
    "createfolders readonly sync_deletes startdate " +
    "filename_use_mail_timestamp localfolders sep restoreatime " +
    "utime_from_header customflag_a customflag_z",
  IMAP: "type nametrans folderfilter folderincludes dynamic_folderfilter " +
    "foldersort createfolders readonly sync_deletes startdate remotehosteval " +
    "remotehost remoteporteval remoteport remoteusereval remoteuser " +
    "remotepasseval remotepass remotepassfile remote_identity " +
    "auth_mechanisms ssl starttls sslcacertfile cert_fingerprint " +
    "sslclientcert sslclientkey tls_level ssl_version ipv6 preauthtunnel " +
    "transporttunnel reference subscribedonly decodefoldernames idlefolders " +
    "maxconnections singlethreadperfolder holdconnectionopen keepalive " +
    "usecompression expunge retrycount copy_ignore_eval newmail_hook " +
    "oauth2_client_id oauth2_client_id_eval oauth2_client_secret " +
    "oauth2_client_secret_eval oauth2_refresh_token " +
    "oauth2_refresh_token_eval oauth2_access_token oauth2_access_token_eval " +
    "oauth2_request_url",
  Gmail: "trashfolder spamfolder remotehost",
};

Deno.test("The table knows every option of OfflineIMAP, and ours", () => {
  const missing = Object.entries(KNOWN).flatMap(([place, names]) =>
    names.split(" ").filter((name) => {
      const type = REPOSITORY_TYPES.find((type) => type === place);
      const kind = type === undefined
        ? (["general", "mbnames", "account"] as const)
          .find((kind) => kind === place)
        : "repository";
      return kind === undefined || findOption(name, kind, type) === undefined;
    })
  );
  assert.deepEqual(missing, []);
  const ours = SPECS.filter(({ spec }) => spec.ours)
    .map(({ spec }) => spec.name);
  assert.deepEqual(ours, [
    "sandbox",
    "hooktimeout",
    "stricthooks",
    "deletelimit",
    "keepdeleted",
    "infoseparator",
    "allowplaintext",
    "remotepasscmd",
    "oauth2_scope",
  ]);
});

Deno.test("The table gives GmailMaildir the options of Maildir", () => {
  assert.deepEqual(
    optionNames("repository", "GmailMaildir"),
    optionNames("repository", "Maildir"),
  );
});

Deno.test("placesOf() names every place of an option", () => {
  assert.equal(placesOf("fsync"), "[general]");
  assert.equal(placesOf("quick"), "accounts");
  assert.equal(placesOf("readonly"), "repositories");
  assert.equal(
    placesOf("utime_from_header"),
    "[general] and repositories of type Maildir or GmailMaildir",
  );
  assert.equal(placesOf("nothing"), "");
});

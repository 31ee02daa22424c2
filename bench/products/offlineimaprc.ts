/** The configuration that OfflineIMAP and its successor share, word for word. */
import { join } from "node:path";
import type { ClientOptions } from "../product.ts";

/** Where the Maildir tree lies in a client's home. */
export function mailFolder(home: string): string {
  return join(home, "Mail");
}

/** Writes `offlineimaprc` into a home; returns its path. */
export function writeOfflineimaprc(
  home: string,
  { address, fsync }: ClientOptions,
): string {
  const file = join(home, "offlineimaprc");
  Deno.writeTextFileSync(
    file,
    `[general]
accounts = bench
metadata = ${join(home, "metadata")}
ui = quiet
fsync = ${fsync ? "yes" : "no"}

[Account bench]
localrepository = here
remoterepository = there

[Repository here]
type = Maildir
localfolders = ${mailFolder(home)}
sep = /

[Repository there]
type = IMAP
remotehost = 127.0.0.1
remoteport = ${address.port}
remoteuser = ${address.user}
remotepass = ${address.password}
ssl = no
starttls = no
auth_mechanisms = PLAIN
maxconnections = 4
`,
    { mode: 0o600 },
  );
  return file;
}

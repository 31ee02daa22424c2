/** The configuration that OfflineIMAP and its successor share, word for word. */
import { join } from "node:path";
import type { Address, ClientOptions } from "../product.ts";

/** Where the Maildir tree lies in a client's home. */
export function mailFolder(home: string): string {
  return join(home, "Mail");
}

/** Writes `offlineimaprc` into a home; returns its path. */
export function writeOfflineimaprc(
  home: string,
  { address, local, fsync }: ClientOptions,
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
${
      local === undefined
        ? `type = Maildir\nlocalfolders = ${mailFolder(home)}\nsep = /\n`
        : serverOptions(local)
    }
[Repository there]
${serverOptions(address)}`,
    { mode: 0o600 },
  );
  return file;
}

function serverOptions({ port, user, password }: Address): string {
  return `type = IMAP
remotehost = 127.0.0.1
remoteport = ${port}
remoteuser = ${user}
remotepass = ${password}
ssl = no
starttls = no
auth_mechanisms = PLAIN, LOGIN
maxconnections = 4
`;
}

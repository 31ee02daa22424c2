/** isync's mbsync. */
import { join } from "node:path";
import type { ClientOptions, Product } from "../product.ts";
import { mailFolder } from "./offlineimaprc.ts";
import { versionOf } from "./version_of.ts";

/** mbsync, if it is installed. */
export async function mbsync(): Promise<Product | undefined> {
  const version = await versionOf("mbsync", "--version");
  if (version === undefined) return undefined;
  return {
    title: `mbsync ${version}`,
    id: "mbsync",
    slow: false,
    variant: false,
    client: (home) => ({
      home,
      mailbox: (name) => join(mailFolder(home), ...name.split("/")),
      configure: (options) => configure(home, options),
      command: () => ({
        program: "mbsync",
        args: ["-q", "-c", join(home, "mbsyncrc"), "-a"],
        env: { HOME: home },
      }),
    }),
  };
}

/** Sections end at blank lines. */
function configure(home: string, { address, fsync }: ClientOptions): void {
  const mail = mailFolder(home);
  Deno.mkdirSync(mail, { recursive: true });
  Deno.writeTextFileSync(
    join(home, "mbsyncrc"),
    `FSync ${fsync ? "yes" : "no"}

IMAPAccount there
Host 127.0.0.1
Port ${address.port}
User ${address.user}
Pass ${address.password}
SSLType None
AuthMechs LOGIN

IMAPStore far
Account there

MaildirStore near
Path ${mail}/
Inbox ${mail}/INBOX
SubFolders Verbatim

Channel bench
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
`,
    { mode: 0o600 },
  );
}

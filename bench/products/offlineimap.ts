/** The real OfflineIMAP 3. */
import { join } from "node:path";
import type { Product } from "../product.ts";
import { mailFolder, writeOfflineimaprc } from "./offlineimaprc.ts";
import { versionOf } from "./version_of.ts";

/** OfflineIMAP, if it is installed. */
export async function offlineimap(): Promise<Product | undefined> {
  const version = await versionOf("offlineimap", "--version");
  if (version === undefined) return undefined;
  return {
    title: `OfflineIMAP ${version}`,
    id: "offlineimap",
    slow: true,
    variant: false,
    client: (home) => ({
      home,
      mailbox: (name) => join(mailFolder(home), ...name.split("/")),
      configure: (options) => void writeOfflineimaprc(home, options),
      command: () => ({
        program: "offlineimap",
        args: ["-c", join(home, "offlineimaprc"), "-o"],
        env: { HOME: home },
      }),
    }),
  };
}

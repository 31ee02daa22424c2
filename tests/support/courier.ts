/**
 * A real Courier-IMAP for a test: one process a session, reached by
 * `preauthtunnel`, over a Maildir++ tree of its own. No port, no daemon, no user.
 */
import { join } from "node:path";
import { MaildirTree } from "./maildir_tree.ts";
import type { Section } from "./program_config.ts";

/** A Maildir++ tree and how to reach it. Disposing of it removes it. */
export interface Courier extends Disposable {
  /**
   * Its files in the hands of a test: INBOX is "", a folder `Sent` is `.Sent`.
   * Courier sees what is changed there.
   */
  readonly tree: MaildirTree;
  /** Options of the remote repository. */
  readonly options: Section;
}

/** `imapd` of Courier; OFFLINEIMAP_TEST_COURIER names another one. */
function findCourier(): string | undefined {
  const named = Deno.env.get("OFFLINEIMAP_TEST_COURIER");
  if (named !== undefined) return named;
  // Of that name are others, too; this file is of Courier's alone.
  return exists("/etc/courier/imapd") && exists("/usr/bin/imapd")
    ? "/usr/bin/imapd"
    : undefined;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** A test that needs Courier. Where it is not installed its name says so. */
export function courierTest(name: string, run: () => Promise<void>): void {
  const missing = findCourier() === undefined;
  Deno.test({
    name: missing ? `${name} (Courier is not installed)` : name,
    ignore: missing,
    fn: run,
  });
}

/** Makes a tree with an INBOX. @param capabilities What the server offers. */
export function openCourier(
  capabilities =
    "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=REFERENCES SORT " +
    "QUOTA IDLE",
): Courier {
  const home = Deno.makeTempDirSync();
  const tree = new MaildirTree(join(home, "Maildir"));
  tree.create("");
  const environment = [
    "AUTHENTICATED=user",
    "IMAP_EMPTYTRASH=",
    "IMAP_OBSOLETE_CLIENT=0",
    `IMAP_CAPABILITY='${capabilities}'`,
  ].join(" ");
  return {
    tree,
    options: {
      preauthtunnel: `cd '${home}' && ${environment} exec ` +
        `'${findCourier()}' ./Maildir 2>'${home}/log'`,
    },
    [Symbol.dispose]: () => Deno.removeSync(home, { recursive: true }),
  };
}

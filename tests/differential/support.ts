/** Tests beside the real OfflineIMAP: a server whose users are copies of one state. */
import { join } from "node:path";
import {
  type Dovecot,
  type DovecotOptions,
  findDovecot,
  startDovecot,
} from "../support/dovecot.ts";
import { type Options, World } from "./world.ts";

const required = Deno.env.get("OFFLINEIMAP_TEST_REQUIRE") === "1";
const installed = findDovecot() !== undefined && await hasOfflineimap();

async function hasOfflineimap(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("offlineimap", {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

/**
 * A test beside the real OfflineIMAP. Where that or Dovecot is not installed the
 * test is ignored and its name says why; with OFFLINEIMAP_TEST_REQUIRE=1 it fails.
 */
export function differentialTest(
  name: string,
  fn: () => Promise<void>,
): void {
  Deno.test({
    name: installed ? name : `${name} (needs offlineimap3 and Dovecot)`,
    ignore: !installed && !required,
    fn,
  });
}

/** Users of a {@link Site}; each has mail, a home, a Maildir and metadata. */
export type User = "theirs" | "ours" | "base";

const USERS: readonly User[] = ["theirs", "ours", "base"];

/** A Dovecot and the homes of its users. */
export class Site implements AsyncDisposable {
  private constructor(readonly server: Dovecot, readonly folder: string) {}

  /** Starts a server that keeps the commands of every session. */
  static async open(options: DovecotOptions = {}): Promise<Site> {
    const server = await startDovecot({
      ...options,
      users: Object.fromEntries(USERS.map((user) => [user, "secret"])),
      extra: `protocol imap {\n  rawlog_dir = %h/rawlog\n}\n${
        options.extra ?? ""
      }`,
    });
    return new Site(
      server,
      await Deno.makeTempDir({ prefix: "oi-differential-" }),
    );
  }

  /** A new world for `user`, with an empty home and this configuration. */
  async world(user: User, options: Options = {}): Promise<World> {
    const home = join(this.folder, user);
    await Deno.mkdir(home, { recursive: true });
    return await World.open(this.server, user, home, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

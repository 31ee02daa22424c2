/** Another client of any server, over a connection of its own. */
import { pick } from "../support/imap_server/random.ts";
import type { ServerAddress } from "../support/program_config.ts";
import { RawClient } from "../unit/support/raw_client.ts";
import { LETTERS, MAILBOXES, nextLabel, type Others } from "./others.ts";
import { flagsOf, messageOf } from "./scenario.ts";

/** Does what `OtherClient` does, but for moves, as any mail program would. */
export class ImapUser implements AsyncDisposable {
  private constructor(
    readonly client: RawClient,
    readonly random: () => number,
    readonly others: Others,
  ) {}

  /** Logs in. */
  static async login(
    { port, user, password }: ServerAddress,
    random: () => number,
    others: Others,
  ): Promise<ImapUser> {
    const client = await RawClient.login(port, user, password);
    return new ImapUser(client, random, others);
  }

  /** Does one thing. */
  async edit(): Promise<void> {
    const { client, random, others } = this;
    const mailbox = pick(random, MAILBOXES);
    await this.#command(`SELECT ${mailbox}`);
    const uids = await this.#uids();
    const dice = random();
    if (uids.length === 0 || dice < 0.3) {
      const text = byteString(messageOf(nextLabel("remote", others)));
      const flags = flagsOf(pick(random, LETTERS)).join(" ");
      await this.#command(
        `APPEND ${mailbox} (${flags}) {${text.length}+}\r\n${text}`,
      );
    } else if (dice < 0.8) {
      const flags = flagsOf(pick(random, LETTERS)).join(" ");
      await this.#command(`UID STORE ${pick(random, uids)} FLAGS (${flags})`);
    } else {
      const uid = pick(random, uids);
      const { untagged } = await client.command(
        `UID FETCH ${uid} BODY.PEEK[HEADER.FIELDS (SUBJECT)]`,
      );
      const label = /Subject: (\S+)/.exec(untagged.join("\n"))?.[1];
      if (label === undefined) return;
      others.deleted.add(label);
      await this.#command(`UID STORE ${uid} +FLAGS (\\Deleted)`);
      await this.#command(`UID EXPUNGE ${uid}`);
    }
  }

  async #uids(): Promise<number[]> {
    const lines = await this.#command("UID SEARCH UNDELETED");
    const found = lines.find((line) => line.startsWith("SEARCH")) ?? "";
    return found.split(" ").slice(1).map(Number);
  }

  async #command(text: string): Promise<readonly string[]> {
    const { tagged, untagged } = await this.client.command(text);
    if (!tagged.startsWith("OK")) throw new Error(`${text}: ${tagged}`);
    return untagged;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.command("LOGOUT").catch(() => {});
    await this.client[Symbol.asyncDispose]();
  }
}

function byteString(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

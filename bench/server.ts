/** The Dovecot of a benchmark: one user for each product and kind of mailbox. */
import { join } from "node:path";
import { type Background, startBackground } from "./background.ts";
import { type Dovecot, startDovecot } from "../tests/support/dovecot.ts";
import {
  countMessages,
  fillTree,
  linkTree,
  mailboxPath,
  type MailboxPlan,
} from "./mail.ts";
import type { Address, Product } from "./product.ts";

const PASSWORD = "secret";

/** How far away the server seems to be. */
export type Distance = "loopback" | "50 ms";

/** Delay in each direction, so that a round trip takes 50 ms. */
const ONE_WAY_MS = 25;

/** A server with all mailboxes, and a proxy that moves it far away. */
export class BenchServer implements AsyncDisposable {
  readonly #filled = new Map<string, string>();

  private constructor(
    readonly dovecot: Dovecot,
    readonly proxy: Background,
  ) {}

  /** Starts both. @param kinds Of mailboxes, see {@link fill}. */
  static async start(
    products: readonly Product[],
    kinds: readonly string[],
  ): Promise<BenchServer> {
    const names = products.flatMap(({ id }) =>
      kinds.map((kind) => userOf(kind, id))
    );
    const dovecot = await startDovecot({
      users: Object.fromEntries(names.map((name) => [name, PASSWORD])),
    });
    const options = { target: dovecot.port, delay: ONE_WAY_MS };
    const proxy = await startBackground(
      "../tests/support/delay_proxy.ts",
      Object.entries(options).flatMap(([k, v]) => [`--${k}`, `${v}`]),
    );
    return new BenchServer(dovecot, proxy);
  }

  /** Where a product finds its user of a kind. */
  address(kind: string, { id }: Product, distance: Distance): Address {
    const port = distance === "loopback" ? this.dovecot.port : this.proxy.port;
    return { port, user: userOf(kind, id), password: PASSWORD };
  }

  /** Fills a user's mailboxes; the second one of a kind gets links. */
  fill(kind: string, { id }: Product, plans: readonly MailboxPlan[]): void {
    const root = this.dovecot.mailRootOf(userOf(kind, id));
    const template = this.#filled.get(kind);
    if (template === undefined) {
      fillTree(root, plans);
      this.#filled.set(kind, root);
    } else linkTree(template, root);
    this.#own(root);
  }

  /** Messages that a product's user has. */
  count(kind: string, { id }: Product): number {
    return countMessages(this.dovecot.mailRootOf(userOf(kind, id)));
  }

  /** The Maildir of a mailbox. */
  mailbox(kind: string, { id }: Product, name: string): string {
    return mailboxPath(this.dovecot.mailRootOf(userOf(kind, id)), name);
  }

  /** Runs `doveadm COMMAND -u USER ARGS…`. */
  async doveadm(
    command: readonly string[],
    kind: string,
    { id }: Product,
    ...args: string[]
  ): Promise<string> {
    const user = userOf(kind, id);
    return await this.dovecot.doveadm(...command, "-u", user, ...args);
  }

  /** Gives the tree to whom the root belongs. */
  #own(root: string): void {
    const { uid, gid } = Deno.statSync(root);
    if (uid === null || gid === null || Deno.uid() !== 0) return;
    const visit = (path: string): void => {
      for (const { name, isDirectory } of Deno.readDirSync(path)) {
        const inner = join(path, name);
        Deno.chownSync(inner, uid, gid);
        if (isDirectory) visit(inner);
      }
    };
    visit(root);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy[Symbol.asyncDispose]();
    await this.dovecot[Symbol.asyncDispose]();
  }
}

function userOf(kind: string, id: string): string {
  return `${kind}-${id}`;
}

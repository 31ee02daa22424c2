/** Takes turns between products and gathers what their runs take. */
import { join } from "node:path";
import { measure, type Sample } from "./measure.ts";
import type { MailboxPlan } from "./mail.ts";
import type { Client, Product } from "./product.ts";
import type { BenchServer, Distance } from "./server.ts";

/** How much of everything, and how often. */
export interface Sizes {
  /** Multiplies numbers of messages and folders; 1 is what the tables show. */
  readonly scale: number;
  /** Rounds of each comparison. */
  readonly rounds: number;
  /** Rounds in which the slow ones take part. */
  readonly slowRounds: number;
}

/** One comparison: what each product took, round by round. */
export interface Comparison {
  readonly title: string;
  readonly samples: ReadonlyMap<Product, readonly Sample[]>;
}

/** A kind of benchmark, with comparisons of its own. */
export interface Scenario {
  /** For `--only`. */
  readonly name: string;
  run(bench: Bench): Promise<void>;
}

/** How {@link Bench.compare} goes about it. */
export interface Trial {
  readonly title: string;
  /** Rounds, if not those of {@link Sizes}. */
  readonly rounds?: number;
  /** Variants take part: it is the start that counts. @default false */
  readonly short?: boolean;
  /** The id of the only product that takes part. @default all */
  readonly only?: string;
  /** The id of a product that does not take part. @default none */
  readonly except?: string;
  /** Makes all ready and says whom to run; not measured. */
  prepare(product: Product, round: number): Promise<Client> | Client;
  /** Throws when the run has not done what it should. */
  check?(product: Product, client: Client, round: number): void;
}

/** The time that a Maildir's modification times need to be old enough. */
const SETTLE_MS = 2_500;

/** Everything that a scenario works with. */
export class Bench {
  readonly comparisons: Comparison[] = [];
  readonly #homes = new Map<string, Client>();
  #homesMade = 0;

  constructor(
    readonly server: BenchServer,
    readonly products: readonly Product[],
    readonly sizes: Sizes,
    readonly folder: string,
    readonly log: (text: string) => void,
  ) {}

  /** A number of the tables, scaled. */
  scaled(count: number): number {
    return Math.max(1, Math.round(count * this.sizes.scale));
  }

  /** Runs the products one after the other, round after round. */
  async compare(trial: Trial): Promise<void> {
    const samples = new Map<Product, Sample[]>();
    const { rounds = this.sizes.rounds } = trial;
    for (let round = 0; round < rounds; round++) {
      for (const product of this.products) {
        if (trial.only !== undefined && trial.only !== product.id) continue;
        if (trial.except === product.id) continue;
        if (product.variant && !trial.short) continue;
        if (product.slow && round >= this.sizes.slowRounds) continue;
        const client = await trial.prepare(product, round);
        await writeBack();
        const sample = await measure(client.command());
        trial.check?.(product, client, round);
        this.log(
          `  ${trial.title}: ${product.title}: ` +
            `${Math.round(sample.wallMs)} ms`,
        );
        const list = samples.get(product) ?? [];
        samples.set(product, [...list, sample]);
      }
    }
    this.comparisons.push({ title: trial.title, samples });
  }

  /**
   * A home in which nothing has been synchronised. It stays until the end: on
   * ext4 without a journal making a file is ten times slower for minutes after
   * as many files were removed, and the next one would pay for that.
   */
  fresh(
    product: Product,
    kind: string,
    { distance, fsync }: { distance: Distance; fsync: boolean },
  ): Client {
    const home = join(this.folder, `fresh-${this.#homesMade++}`);
    return this.#client(product, home, kind, { distance, fsync });
  }

  /**
   * A home in which everything of a kind has been synchronised and a further
   * run has nothing to do. Made once, then used by all that ask for it.
   */
  async settled(
    product: Product,
    kind: string,
    plans: readonly MailboxPlan[],
    distance: Distance = "loopback",
  ): Promise<Client> {
    const key = `${kind}-${product.id}`;
    const known = this.#homes.get(key);
    const options = { distance, fsync: false };
    if (known !== undefined) {
      const address = this.server.address(kind, product, distance);
      known.configure({ address, fsync: false });
      return known;
    }
    this.log(`  filling ${key}`);
    this.server.fill(kind, product, plans);
    const home = join(this.folder, key);
    const near = { ...options, distance: "loopback" as const };
    const client = this.#client(product, home, kind, near);
    await measure(client.command());
    await this.settle(client, 2);
    this.#homes.set(key, client);
    return await this.settled(product, kind, plans, distance);
  }

  /** Runs until the next run can have nothing to do. */
  async settle(client: Client, runs = 1): Promise<void> {
    for (let run = 0; run < runs; run++) {
      await this.rest();
      await measure(client.command());
    }
  }

  /**
   * Waits until a Maildir that was changed just now has a time that is old
   * enough: mbsync sleeps for a second otherwise.
   */
  async rest(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }

  #client(
    product: Product,
    home: string,
    kind: string,
    { distance, fsync }: { distance: Distance; fsync: boolean },
  ): Client {
    Deno.mkdirSync(home, { recursive: true });
    const client = product.client(home);
    const address = this.server.address(kind, product, distance);
    client.configure({ address, fsync });
    return client;
  }
}

/** Nobody shall pay for what the one before left to be written. */
async function writeBack(): Promise<void> {
  if (Deno.build.os === "windows") return;
  await new Deno.Command("sync").output();
}

/** Notices that the machine slept, or that its network is another one. */
import type { Clock } from "../../clock.ts";

/** What a {@link LinkWatch} works by. */
export interface LinkWatchOptions {
  readonly clock: Clock;
  /** The machine's own addresses as one text; empty where that is not known. */
  readonly addresses: () => string;
  /** The machine, or this process, stood still for about so long. */
  readonly onWake: (ms: number) => void;
  /** The addresses are others. */
  readonly onNetwork: () => void;
}

/** How often is looked. */
const STEP_MS = 5_000;
/**
 * So much more than a step may pass on a busy machine. Servers and routers do not
 * forget a connection in that time.
 */
const TOLERANCE_MS = 15_000;

/**
 * Looks at two clocks: in suspend the monotonic one may stand while the one on
 * the wall goes on; after SIGSTOP both went on, and the timer comes late. A clock
 * that was set back or forth is taken for a suspend as well: that costs new
 * connections, nothing more.
 */
export class LinkWatch implements Disposable {
  readonly #options: LinkWatchOptions;
  #now: number;
  #wall: number;
  #addresses: string;
  #cancel: () => void;

  constructor(options: LinkWatchOptions) {
    this.#options = options;
    const { clock, addresses } = options;
    this.#now = clock.now();
    this.#wall = clock.wall();
    this.#addresses = addresses();
    this.#cancel = clock.after(STEP_MS, () => this.#look());
  }

  /** Looks now: somebody is about to rely on connections. */
  check(): void {
    this.#cancel();
    this.#look();
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }

  #look(): void {
    const { clock, addresses, onWake, onNetwork } = this.#options;
    const passed = clock.now() - this.#now;
    const wallPassed = clock.wall() - this.#wall;
    this.#now += passed;
    this.#wall += wallPassed;
    const before = this.#addresses;
    this.#addresses = addresses();
    this.#cancel = clock.after(STEP_MS, () => this.#look());
    const gap = Math.max(passed - STEP_MS, Math.abs(wallPassed - passed));
    if (gap > TOLERANCE_MS) onWake(gap);
    else if (this.#addresses !== before) onNetwork();
  }
}

/** The addresses of this machine; empty where the program may not ask. */
export function machineAddresses(): string {
  try {
    return Deno.networkInterfaces()
      .map(({ name, address }) => `${name} ${address}`)
      .sort().join("\n");
  } catch {
    return "";
  }
}

/** Cuts the power at many moments of a run. */
import type { ImapServer, MailImage } from "../support/imap_server/mod.ts";
import type { PowerDisk } from "./disk.ts";

/** What was left at one moment. */
export interface Cut {
  /** For messages: when, and what the server was doing. */
  readonly when: string;
  /** What the disk held, see `PowerDisk.show`. */
  readonly disk: string;
  /** What the server held. */
  readonly mail: MailImage;
}

/** How a run is watched. */
export interface Watch {
  readonly disk: PowerDisk;
  readonly server: ImapServer;
  readonly random: () => number;
}

/** Milliseconds between two cuts at random at most. */
const GAP_MS = 60;
/** The share of commands before and after which the power is cut as well. */
const COMMANDS = 0.2;

/**
 * Runs `run` and cuts the power while it does, from its first command on, and
 * once more when it has ended. The run itself does not notice.
 */
export async function cutDuring(
  { disk, server, random }: Watch,
  run: () => Promise<void>,
): Promise<Cut[]> {
  const cuts: Cut[] = [];
  const start = performance.now();
  const cut = (what: string): void => {
    const ms = Math.round(performance.now() - start);
    // The server is in this process: it stands still until both are taken.
    cuts.push({
      when: `${ms} ms, ${what}`,
      disk: disk.cut(),
      mail: server.image(),
    });
  };
  const offs = [
    server.onCommand(({ name }) => {
      if (random() < COMMANDS) cut(`before ${name}`);
    }),
    server.onReply(({ name }) => {
      if (random() < COMMANDS) cut(`after ${name}`);
    }),
  ];
  let ended = false;
  const running = run().finally(() => ended = true);
  await Promise.race([server.untilCommand(/./), running]);
  while (!ended) {
    cut("in between");
    const pause = new Promise((resolve) =>
      setTimeout(resolve, random() * GAP_MS)
    );
    await Promise.race([pause, running]);
  }
  await running;
  for (const off of offs) off();
  cut("at the end");
  return cuts;
}

/** `count` of the cuts, each once, spread over the whole run, with the last. */
export function sample(
  cuts: readonly Cut[],
  count: number,
  random: () => number,
): Cut[] {
  if (count >= cuts.length) return [...cuts];
  const last = cuts.length - 1;
  const chosen = new Set<number>([last]);
  for (let index = 0; index < count - 1; index++) {
    const from = Math.floor(index * last / (count - 1));
    const to = Math.floor((index + 1) * last / (count - 1));
    chosen.add(Math.min(from + Math.floor(random() * (to - from)), last - 1));
  }
  return cuts.filter((_, index) => chosen.has(index));
}

/** The parts of a run whose accounts work in workers of their own. */
import type { GeneralConfig } from "../../config/config.ts";
import type { Confinement } from "../../sandbox/confined.ts";
import type { RunParts } from "../run.ts";

/** The parts, and what became of the workers. */
export interface Confined {
  readonly parts: RunParts;
  /** Whether a worker may still run, which only the end of the process ends. */
  readonly lost: () => boolean;
}

/**
 * The parts with everything that talks to a server, or reads mail, in workers;
 * unless `sandbox = no`, or there is nothing that could confine them.
 */
export function confined(
  parts: RunParts,
  { sandbox }: GeneralConfig,
): Confined {
  const { confine: open, ...here } = parts;
  if (!sandbox || open === undefined) return { parts: here, lost: () => false };
  let opening: Promise<Confinement> | undefined;
  let opened: Confinement | undefined;
  const confine = () => opening ??= open().then((one) => opened = one);
  return {
    parts: {
      ...here,
      confine,
      info: async (run, io) => await (await confine()).info(run, io),
      deleteFolder: async (run, io, deletion) =>
        await (await confine()).deleteFolder(run, io, deletion),
      migrateMarks: async (run, io) =>
        await (await confine()).migrateMarks(run, io),
    },
    lost: () => opened?.lost === true,
  };
}

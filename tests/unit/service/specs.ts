/** A service with everything that needs quoting somewhere. */
import type { ServiceSpec } from "../../../src/service/service.ts";

const ODD = `a b"c'd$e%f\\g&<h>;é`;

/** Every few minutes. */
export const ODD_SPEC: ServiceSpec = {
  command: [`/opt/${ODD}/offlineimap`, "-c", `/home/${ODD}/rc`, "", "x\\"],
  everyMinutes: 7,
  writable: [`/home/${ODD}/Mail`, "/home/x/.offlineimap"],
  searchPath: `/usr/bin:/opt/${ODD}/bin`,
  logFile: `/home/${ODD}/log`,
};

/** One run that goes on for ever. */
export const ENDLESS_SPEC: ServiceSpec = {
  ...ODD_SPEC,
  everyMinutes: undefined,
};

/** The user whose service it is. */
export const USER = { home: "/home/x", uid: 501, configHome: undefined };

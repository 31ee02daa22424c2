/** The manager of the system that this runs on. */
import { MailError } from "../errors.ts";
import { launchd } from "./launchd.ts";
import type { ServiceManager, ServiceUser } from "./service.ts";
import { systemd } from "./systemd.ts";
import { taskScheduler } from "./task_scheduler.ts";

/** Where things are of the user whose service it is. */
export interface ServicePlace extends ServiceUser {
  /** As `Deno.build.os` names it. */
  readonly platform: string;
  /** Where Windows wants programs to keep what is theirs: `LOCALAPPDATA`. */
  readonly localData: string | undefined;
}

/**
 * @throws {MailError} `service.platform`: for this system there is none.
 */
export function managerOf(place: ServicePlace): ServiceManager {
  switch (place.platform) {
    case "linux":
      return systemd(place);
    case "darwin":
      return launchd(place);
    case "windows":
      return taskScheduler(dataFolder(place));
    default:
      throw new MailError(`There is no service for ${place.platform}`, {
        code: "service.platform",
        scope: "run",
        hint: 'Run "offlineimap" from what starts programs there, such as cron',
      });
  }
}

/** Where the service's log goes on systems that keep none of their own. */
export function logFileOf(place: ServicePlace): string {
  return place.platform === "windows"
    ? `${dataFolder(place)}\\offlineimap.log`
    : `${place.home}/Library/Logs/offlineimap.log`;
}

function dataFolder({ home, localData }: ServicePlace): string {
  return `${localData ?? `${home}\\AppData\\Local`}\\offlineimap`;
}

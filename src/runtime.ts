/** Which Deno this program may run on. */
import { MailError } from "./errors.ts";

/**
 * The lowest version of Deno. Before 2.7 its `node:net` corrupted incoming data
 * under load: of 20,000 listed messages between 16,580 and 21,013 arrived.
 * 2.9 is the oldest that the tests run on.
 */
export const OLDEST_DENO = "2.9.0";

/** What the program runs on. */
export interface Runtime {
  /** Such as `2.9.6` or `2.10.0-rc.1`. @default this one's */
  readonly version?: string;
  /** Whether it is part of the program. @default whether this one is */
  readonly standalone?: boolean;
}

/**
 * Refuses to run on a Deno that is too old to be trusted with mail. One that is
 * part of a compiled program was checked when that was made.
 *
 * @throws {MailError} `runtime.version`
 */
export function checkRuntime({
  version = Deno.version.deno,
  standalone = Deno.build.standalone,
}: Runtime = {}): void {
  if (standalone || compareVersions(version, OLDEST_DENO) >= 0) return;
  throw new MailError(
    `Deno ${version} is too old: OfflineIMAP needs ${OLDEST_DENO} or newer, ` +
      "since older ones corrupt what a fast server sends",
    {
      code: "runtime.version",
      scope: "run",
      retry: "never",
      hint: 'Run "deno upgrade", or start it with "npx -y deno@2.9.6"',
    },
  );
}

/** Compares the three leading numbers; what is not a number counts as 0. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? "").split(".").map(Number);
}

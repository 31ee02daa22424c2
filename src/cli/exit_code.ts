/** What the process tells its caller. Documented in docs/command-line.md. */

/** The exit codes, OfflineIMAP's numbers with one meaning each. */
export const EXIT = {
  /** Nothing failed. */
  ok: 0,
  /** Something failed and was reported; the rest was done. */
  failed: 1,
  /** Only a folder waits for a decision about its UIDVALIDITY. */
  validity: 2,
  /** The command line was not understood; nothing was done. */
  usage: 2,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What {@link exitCodeOf} judges. */
export interface Verdict {
  /** At least one error was reported. */
  readonly failed: boolean;
  /** At least one folder was left out because of its UIDVALIDITY. */
  readonly validityProblem: boolean;
}

/** The exit code of a run; an error outweighs a question of UIDVALIDITY. */
export function exitCodeOf({ failed, validityProblem }: Verdict): ExitCode {
  if (failed) return EXIT.failed;
  return validityProblem ? EXIT.validity : EXIT.ok;
}

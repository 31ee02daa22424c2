/** Errors of the operating system, by the names it has for them. */

/** The system's name of an error (`ENOENT`), undefined for other errors. */
export function osCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Whether something was looked for and is not there. */
export function isAbsent(error: unknown): boolean {
  const code = osCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** The expressions of an account. */
import type { AccountConfig, PythonSource } from "../config/config.ts";

/** All expressions that are evaluated for an account. */
export function expressionsOf(
  { local, remote }: AccountConfig,
): PythonSource[] {
  return [local, remote].flatMap((repository) =>
    Object.values(repository).filter(isPython)
  );
}

function isPython(value: unknown): value is PythonSource {
  return typeof value === "object" && value !== null && "text" in value &&
    "option" in value && "section" in value;
}

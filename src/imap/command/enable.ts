/** ENABLE. */
import type { Command } from "./command.ts";

/**
 * Switches extensions on (RFC 5161, RFC 9051 §6.3.1): `CONDSTORE`, `QRESYNC`,
 * `UTF8=ACCEPT`. The connection's `enabled` grows by what is answered.
 * @returns What the server really enabled, upper case.
 */
export function enable(
  capabilities: readonly string[],
): Command<ReadonlySet<string>> {
  const found = new Set<string>();
  return {
    name: "ENABLE",
    alone: true,
    encode: (to) => to.text(`ENABLE ${capabilities.join(" ")}`),
    untagged(response) {
      if (response.kind !== "enabled") return false;
      for (const name of response.capabilities) found.add(name);
      return true;
    },
    finish: () => found,
  };
}

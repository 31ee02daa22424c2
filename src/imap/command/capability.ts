/** CAPABILITY. */
import type { Command } from "./command.ts";

/** Asks for the server's capabilities (RFC 9051 §6.1.1), upper case. */
export function capability(): Command<ReadonlySet<string>> {
  const found = new Set<string>();
  return {
    name: "CAPABILITY",
    lane: "capability",
    encode: (to) => to.text("CAPABILITY"),
    untagged(response) {
      if (response.kind !== "capability") return false;
      for (const name of response.capabilities) found.add(name);
      return true;
    },
    finish: () => found,
  };
}

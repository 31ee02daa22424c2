/** LOGOUT. */
import type { Command } from "./command.ts";

/** Ends the session in order (RFC 9051 §6.1.3); the BYE is taken. */
export function logout(): Command<void> {
  return {
    name: "LOGOUT",
    alone: true,
    encode: (to) => to.text("LOGOUT"),
    untagged: (response) =>
      response.kind === "status" && response.status === "BYE",
    finish: () => {},
  };
}

/** NAMESPACE. */
import type { NamespaceResponse } from "../wire/response.ts";
import type { Command } from "./command.ts";

/** Asks where one's own mailboxes are, and others' (RFC 2342, RFC 9051 §6.3.10). */
export function namespace(): Command<NamespaceResponse> {
  let found: NamespaceResponse = {
    kind: "namespace",
    personal: [],
    others: [],
    shared: [],
  };
  return {
    name: "NAMESPACE",
    lane: "namespace",
    encode: (to) => to.text("NAMESPACE"),
    untagged(response) {
      if (response.kind !== "namespace") return false;
      found = response;
      return true;
    },
    finish: () => found,
  };
}

/** ID. */
import type { Command } from "./command.ts";

/** What a program says of itself: `name`, `version`, `vendor` ... */
export type IdFields = ReadonlyMap<string, string | undefined>;

/**
 * Tells the server who we are and asks the same (RFC 2971 §3.1). Some servers
 * (163.com) let nobody in without it.
 */
export function id(
  fields: Readonly<Record<string, string>> = {},
): Command<IdFields> {
  let found: IdFields = new Map();
  return {
    name: "ID",
    lane: "id",
    encode(to) {
      const entries = Object.entries(fields);
      if (entries.length === 0) {
        to.text("ID NIL");
        return;
      }
      to.text("ID (");
      entries.forEach(([name, value], at) => {
        to.text(at === 0 ? "" : " ").string(name).text(" ").string(value);
      });
      to.text(")");
    },
    untagged(response) {
      if (response.kind !== "id") return false;
      found = response.fields;
      return true;
    },
    finish: () => found,
  };
}

/** What the log shows of a command's arguments. */
import type { CommandPart } from "./command_reader.ts";

/** Arguments on one line, literals by length, credentials hidden. */
export function loggedText(
  name: string,
  parts: readonly CommandPart[],
): string {
  const line = parts.map((part) =>
    part.kind === "text" ? part.text : `{${part.bytes.length}}`
  ).join("");
  const words = name.split(" ").length + 1;
  let at = 0;
  for (let word = 0; word < words; word++) {
    const blank = line.indexOf(" ", at);
    if (blank < 0) return "";
    at = blank + 1;
  }
  const text = line.slice(at);
  if (name === "LOGIN") return "***";
  if (name === "AUTHENTICATE") return text.replace(/ .*$/, " ***");
  return text;
}

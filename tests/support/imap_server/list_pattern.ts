/** Patterns of LIST: `*` is anything, `%` anything within one level. */

/** Whether a name matches (RFC 3501 §6.3.8); INBOX in any case. */
export function listPattern(
  pattern: string,
  separator: string,
): (name: string) => boolean {
  const level = `[^${escape(separator)}]*`;
  const source = [...pattern].map((char) =>
    char === "*" ? ".*" : char === "%" ? level : escape(char)
  ).join("");
  const exact = new RegExp(`^${source}$`, "su");
  const folded = new RegExp(`^${source}$`, "siu");
  return (name) => exact.test(name) || (name === "INBOX" && folded.test(name));
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** Messages of a power-cut test: told apart by their subjects, whole or not by their bytes. */
import type { MessageSeed } from "../support/imap_server/mod.ts";

const FLAG_SETS = [["\\Seen"], [], ["\\Seen", "\\Answered"], ["\\Flagged"]];

/** The bytes of the message `label`, LF line ends; always the same. */
export function textOf(label: string): string {
  const number = [...label].reduce(
    (sum, char) => (sum * 31 + char.charCodeAt(0)) % 65_521,
    7,
  );
  // Most are small, some have many blocks.
  const lines = number % 9 === 0 ? 40 + number % 700 : 1 + number % 30;
  const body = Array.from(
    { length: lines },
    (_, line) => `${label} line ${line}: ${(number * (line + 1)).toString(36)}`,
  );
  return [
    "From: Ada <ada@example.org>",
    "To: you@example.org",
    `Subject: ${label}`,
    `Message-ID: <${label}@example.org>`,
    "Date: Sun, 1 Nov 2026 12:00:00 +0000",
    "",
    ...body,
    `End of ${label}`,
    "",
  ].join("\n");
}

/** `count` messages for a server, `PREFIX-0` and so on. */
export function seeds(prefix: string, count: number): MessageSeed[] {
  return labels(prefix, count).map((label, index) => ({
    source: textOf(label).replaceAll("\n", "\r\n"),
    flags: FLAG_SETS[index % FLAG_SETS.length] ?? [],
    internalDate: new Date(Date.UTC(2025, 0, 1) + index * 3_600_000),
  }));
}

/** `PREFIX-0` to `PREFIX-(count-1)`. */
export function labels(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

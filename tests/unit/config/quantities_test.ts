import assert from "node:assert/strict";
import { BadValue } from "../../../src/config/bad_value.ts";
import {
  parseDate,
  parseDateOrDays,
  parseShare,
  parseSize,
} from "../../../src/config/quantities.ts";
import { parseProxy } from "../../../src/config/proxy.ts";

const NOW = new Date(2026, 5, 15, 12);

/** Each row is a test; undefined as a result means that the text is refused. */
function rows<T>(
  name: string,
  parse: (text: string) => T,
  table: readonly (readonly [string, T | "refused"])[],
): void {
  for (const [text, expected] of table) {
    Deno.test(`${name}() reads ${JSON.stringify(text)} as ${JSON.stringify(expected)}`, () => {
      if (expected === "refused") assert.throws(() => parse(text), BadValue);
      else assert.deepEqual(parse(text), expected);
    });
  }
}

rows("parseDate", (text) => parseDate(text, NOW), [
  ["2024-01-31", "2024-01-31"],
  ["2024-1-5", "2024-01-05"],
  ["1900-01-01", "1900-01-01"],
  ["2024-02-29", "2024-02-29"],
  ["2026-06-15", "2026-06-15"],
  ["2026-06-16", "refused"],
  ["2023-02-29", "refused"],
  ["2024-13-01", "refused"],
  ["2024-00-10", "refused"],
  ["1899-12-31", "refused"],
  ["24-01-01", "refused"],
  ["2024/01/01", "refused"],
  ["2024-01-01T00", "refused"],
  ["30", "refused"],
  ["", "refused"],
]);

rows("parseDateOrDays", (text) => parseDateOrDays(text, NOW), [
  ["1", { kind: "days", days: 1 }],
  ["365", { kind: "days", days: 365 }],
  ["1_000", { kind: "days", days: 1000 }],
  ["2024-01-31", { kind: "date", date: "2024-01-31" }],
  ["0", "refused"],
  ["-3", "refused"],
  ["2099-01-01", "refused"],
  ["1.5", "refused"],
  ["a year", "refused"],
  ["", "refused"],
]);

rows("parseSize", parseSize, [
  ["0", 0],
  ["2000000", 2000000],
  ["1k", 1024],
  ["20 M", 20 * 1024 * 1024],
  ["1G", 1024 ** 3],
  ["-1", "refused"],
  ["1.5M", "refused"],
  ["M", "refused"],
  ["1T", "refused"],
  ["9007199254740991G", "refused"],
  ["", "refused"],
]);

rows("parseShare", parseShare, [
  ["50%", 0.5],
  ["50%%", 0.5],
  ["50 %", 0.5],
  ["12.5", 0.125],
  ["0", 0],
  ["100%", 1],
  ["no", undefined],
  ["Off", undefined],
  ["yes", "refused"],
  ["101%", "refused"],
  ["-1", "refused"],
  ["half", "refused"],
  ["%", "refused"],
  ["no%", "refused"],
  ["", "refused"],
]);

const ANYBODY = { user: undefined, password: undefined };
rows("parseProxy", parseProxy, [
  ["SOCKS5:localhost:9050", {
    ...{ type: "SOCKS5", host: "localhost", port: 9050 },
    ...ANYBODY,
  }],
  ["http:proxy.example.org:3128", {
    ...{ type: "HTTP", host: "proxy.example.org", port: 3128 },
    ...ANYBODY,
  }],
  ["SOCKS4:[::1]:1080", {
    ...{ type: "SOCKS4", host: "::1", port: 1080 },
    ...ANYBODY,
  }],
  ["HTTP:jane:p:w@d@h:1", {
    ...{ type: "HTTP", host: "h", port: 1 },
    ...{ user: "jane", password: "p:w@d" },
  }],
  ["SOCKS5:jane@[::1]:1", {
    ...{ type: "SOCKS5", host: "::1", port: 1 },
    ...{ user: "jane", password: undefined },
  }],
  ["SOCKS4:jane:pw@h:1", "refused"],
  ["SOCKS6:h:1", "refused"],
  ["SOCKS5:h", "refused"],
  ["SOCKS5:h:0", "refused"],
  ["SOCKS5:h:65536", "refused"],
  ["SOCKS5:a b:1", "refused"],
  ["SOCKS5://h:1", "refused"],
]);

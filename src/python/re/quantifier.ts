/** Reads how often an item of a pattern repeats. */
import type { Greed } from "./nodes.ts";
import type { Reader } from "./reader.ts";

/** `*`, `+`, `?` or `{m,n}`; undefined for anything else, such as a lone brace. */
export function readQuantity(
  reader: Reader,
): { min: number; max: number } | undefined {
  if (reader.take("*")) return { min: 0, max: Infinity };
  if (reader.take("+")) return { min: 1, max: Infinity };
  if (reader.take("?")) return { min: 0, max: 1 };
  const start = reader.position;
  if (!reader.take("{")) return undefined;
  const low = reader.takeWhile(/^[0-9]$/);
  const comma = reader.take(",");
  const high = comma ? reader.takeWhile(/^[0-9]$/) : low;
  if (!reader.take("}") || (low === "" && !comma)) {
    reader.position = start;
    return undefined;
  }
  const min = low === "" ? 0 : Number(low);
  const max = high === "" ? Infinity : Number(high);
  if (max < min) {
    throw reader.fail("min repeat greater than max repeat", start);
  }
  return { min, max };
}

/** What follows a quantity: nothing, `?` for lazy, `+` for possessive. */
export function readGreed(reader: Reader): Greed {
  if (reader.take("?")) return "lazy";
  return reader.take("+") ? "possessive" : "greedy";
}

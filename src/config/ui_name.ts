/** The names of user interfaces, with the old spellings that files still hold. */
import { BadValue } from "./bad_value.ts";
import { splitList } from "./option_builders.ts";
import { didYouMean } from "./nearest.ts";

/** Every interface, by OfflineIMAP's names. */
export const UI_NAMES = [
  "ttyui",
  "basic",
  "quiet",
  "syslog",
  "machineui",
  "blinkenlights",
] as const;

/** The name of an interface. */
export type UiName = (typeof UI_NAMES)[number];

/**
 * The interface that a text names.
 *
 * Case does not count. Of a name with dots the part after the last one counts
 * (`Noninteractive.Basic`), of a list, which OfflineIMAP 6 allowed, the first
 * item that is known. Both are reported to `warn`.
 *
 * @throws {BadValue} When nothing in it is known.
 */
export function parseUi(text: string, warn: (text: string) => void): UiName {
  const items = splitList(text);
  const bare = items.map((item) => item.split(".").at(-1)?.toLowerCase() ?? "");
  const known = bare.flatMap((item) => UI_NAMES.find((n) => n === item) ?? []);
  const [found] = known;
  if (found === undefined) {
    throw new BadValue(
      `allowed are ${UI_NAMES.join(", ")}${
        didYouMean(bare[0] ?? text, UI_NAMES)
      }`,
    );
  }
  if (items.length > 1) warn(`a list of interfaces; "${found}" is used`);
  else if (bare[0] !== items[0]?.toLowerCase()) {
    warn(`an old name; write "${found}"`);
  }
  return found;
}

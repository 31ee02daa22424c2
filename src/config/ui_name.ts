/** The names of user interfaces, with the old spellings that files still hold. */
import { BadValue } from "./bad_value.ts";
import { splitList } from "./option_builders.ts";
import { didYouMean } from "./nearest.ts";

/** The interfaces that there are, each with what stands in until it is built. */
const STAND_INS = {
  ttyui: "ttyui",
  basic: "basic",
  quiet: "quiet",
  syslog: "basic",
  machineui: "basic",
  blinkenlights: "ttyui",
} as const;

/** An interface that this version can show. */
export type UiName = (typeof STAND_INS)[keyof typeof STAND_INS];

/** Every interface name that is understood. */
export const UI_NAMES = Object.keys(STAND_INS) as (keyof typeof STAND_INS)[];

/**
 * The interface that a text names.
 *
 * Case does not count. Of a name with dots the part after the last one counts
 * (`Noninteractive.Basic`), of a list, which OfflineIMAP 6 allowed, the first
 * item that can be shown. Both are reported to `warn`, and so is an interface that
 * is not built yet and the one that stands in for it.
 *
 * @throws {BadValue} When nothing in it is known.
 */
export function parseUi(text: string, warn: (text: string) => void): UiName {
  const items = splitList(text);
  const bare = items.map((item) => item.split(".").at(-1)?.toLowerCase() ?? "");
  const known = bare.flatMap((item) => UI_NAMES.find((n) => n === item) ?? []);
  const found = known.find((name) => STAND_INS[name] === name) ?? known[0];
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
  const shown = STAND_INS[found];
  if (shown !== found) {
    warn(`"${found}" is not supported yet; "${shown}" is used`);
  }
  return shown;
}

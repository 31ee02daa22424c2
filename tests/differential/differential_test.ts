/** The same configuration and the same mail, by the real OfflineIMAP and by ours. */
import { scenarioTest } from "./scenario.ts";
import { ACCOUNTS } from "./scenarios/accounts.ts";
import { CHANGES } from "./scenarios/changes.ts";
import { FAULTS } from "./scenarios/faults.ts";
import { FIRST_COPIES } from "./scenarios/first_copy.ts";
import { LIMITS } from "./scenarios/limits.ts";
import { NAMES } from "./scenarios/names.ts";

for (
  const scenario of [
    ...FIRST_COPIES,
    ...CHANGES,
    ...LIMITS,
    ...NAMES,
    ...ACCOUNTS,
    ...FAULTS,
  ]
) {
  scenarioTest(scenario);
}

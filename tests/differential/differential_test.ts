/** The same configuration and the same mail, by the real OfflineIMAP and by ours. */
import { scenarioTest } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/mod.ts";

for (const scenario of SCENARIOS) scenarioTest(scenario);

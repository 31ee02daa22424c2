/** All scenarios. */
import type { Scenario } from "../scenario.ts";
import { ACCOUNTS } from "./accounts.ts";
import { CHANGES } from "./changes.ts";
import { FAULTS } from "./faults.ts";
import { FOLDER_OPTIONS } from "./folder_options.ts";
import { FOLDERS } from "./folders.ts";
import { FIRST_COPIES } from "./first_copy.ts";
import { LIMITS } from "./limits.ts";
import { NAMES } from "./names.ts";
import { RUN_OPTIONS } from "./options.ts";
import { OTHER_FAULTS } from "./other_faults.ts";

export const SCENARIOS: readonly Scenario[] = [
  ...FIRST_COPIES,
  ...CHANGES,
  ...FOLDERS,
  ...FOLDER_OPTIONS,
  ...LIMITS,
  ...NAMES,
  ...RUN_OPTIONS,
  ...ACCOUNTS,
  ...FAULTS,
  ...OTHER_FAULTS,
];

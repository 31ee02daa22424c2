import assert from "node:assert/strict";
import { pauseAfter } from "../../../src/account/back_off.ts";

const MINUTE = 60_000;

Deno.test.each([
  { minutes: 5, failures: 0, random: 0.9, pause: 5 },
  { minutes: 5, failures: 1, random: 0, pause: 5 },
  { minutes: 5, failures: 1, random: 0.5, pause: 3.75 },
  { minutes: 5, failures: 2, random: 0, pause: 10 },
  { minutes: 5, failures: 9, random: 0, pause: 30 },
  { minutes: 5, failures: 9, random: 0.75, pause: 18.75 },
  { minutes: 5, failures: 5_000, random: 0, pause: 30 },
  { minutes: 90, failures: 3, random: 0, pause: 90 },
])(
  "pauseAfter() of $failures failures and $minutes min is $pause min",
  ({ minutes, failures, random, pause }) => {
    assert.equal(
      pauseAfter(minutes * MINUTE, failures, random) / MINUTE,
      pause,
    );
  },
);

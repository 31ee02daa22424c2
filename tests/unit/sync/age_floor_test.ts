/** Which old messages come since they were moved into a folder lately. */
import assert from "node:assert/strict";
import { copiesFromFloor } from "../../../src/sync/age_floor.ts";
import { NO_FLAGS } from "../../../src/sync/flags.ts";
import { type Arrival, noChanges } from "../../../src/sync/types.ts";

const OLDEST = Date.UTC(2026, 0, 10);
const DAY = 86_400_000;

function arrival(ref: number | string, days: number, sizeBytes = 1): Arrival {
  const internalDate = OLDEST + days * DAY;
  return { ref, flags: NO_FLAGS, internalDate, sizeBytes };
}

/** Young enough, and not too large. */
function copies(_: unknown, { internalDate, sizeBytes = 0 }: Arrival): boolean {
  return (internalDate ?? OLDEST) >= OLDEST && sizeBytes < 10;
}

/** What is copied from the server, and how often that was asked about dates. */
async function copied(
  arrived: readonly Arrival[],
  { young, first }: { young?: number; first?: number },
): Promise<{ refs: unknown[]; asked: number }> {
  let asked = 0;
  const remote = {
    firstSince(dateMs: number) {
      asked++;
      assert.equal(dateMs, OLDEST);
      return Promise.resolve(young);
    },
  };
  const none = noChanges(0, undefined);
  const accepts = await copiesFromFloor(
    { remote, local: {} },
    {
      oldest: OLDEST,
      ...(first === undefined ? {} : { first: { remote: first } }),
    },
    { remote: { ...none, arrived }, local: none },
    copies,
  );
  const refs = arrived.filter((one) => accepts("remote", one))
    .map(({ ref }) => ref);
  return { refs, asked };
}

Deno.test("copiesFromFloor() asks nothing where all is young", async () => {
  assert.deepEqual(await copied([arrival(1, 0), arrival(2, 5)], { young: 1 }), {
    refs: [1, 2],
    asked: 0,
  });
});

Deno.test("copiesFromFloor() lets come what is old and has a later UID than a young one", async () => {
  const arrived = [arrival(3, -9), arrival(5, 1), arrival(6, -400)];
  assert.deepEqual(await copied(arrived, { young: 5 }), {
    refs: [5, 6],
    asked: 1,
  });
});

Deno.test("copiesFromFloor() goes by OfflineIMAP's StartUID where nothing is young", async () => {
  const arrived = [arrival(3, -9), arrival(6, -400)];
  assert.deepEqual((await copied(arrived, {})).refs, []);
  assert.deepEqual((await copied(arrived, { first: 4 })).refs, [6]);
  assert.deepEqual((await copied(arrived, { first: 4, young: 7 })).refs, []);
});

Deno.test("copiesFromFloor() lets nothing come that is too large", async () => {
  const arrived = [arrival(5, -9, 50), arrival(6, 1, 50), arrival(7, -1)];
  assert.deepEqual((await copied(arrived, { young: 5 })).refs, [7]);
});

Deno.test("copiesFromFloor() goes by dates where refs have no order", async () => {
  const accepts = await copiesFromFloor(
    { remote: {}, local: {} },
    { oldest: OLDEST },
    {
      remote: noChanges(0, undefined),
      local: { ...noChanges(0, undefined), arrived: [arrival("a", -1)] },
    },
    copies,
  );
  assert.equal(accepts("local", arrival("a", -1)), false);
  assert.equal(accepts("local", arrival("b", 1)), true);
});

/** The age limit by UIDs: what came after a message within it counts, however old. */
import type { Accepts, BothChanges } from "./limited.ts";
import type { Mailbox } from "./ports.ts";
import type { Arrival, Arrivals, Side } from "./types.ts";

/** maxage or startdate. */
export interface AgeLimit {
  /** The start of the first day that counts, milliseconds since the epoch. */
  readonly oldest: number;
  /** From this UID on messages count where none is young enough (StartUID). */
  readonly first?: Readonly<Partial<Record<Side, number>>>;
}

type Sides = Readonly<Record<Side, Pick<Mailbox, "firstSince">>>;

/**
 * Lets old messages be copied that were put into a folder after a young one had
 * come there, such as those that somebody has moved there today: OfflineIMAP
 * synchronises all from the UID of the first young message on.
 *
 * This is about copying alone. What is older than the limit is never deleted
 * because the other side has lost it, whatever its UID.
 *
 * @throws {MailError} The server does not tell.
 */
export async function copiesFromFloor(
  sides: Sides,
  age: AgeLimit,
  changes: BothChanges,
  copies: Accepts,
): Promise<Accepts> {
  const of = (side: Side) =>
    fromFloor(
      sides[side],
      age,
      { side, arrived: changes[side].arrived },
      (arrival) => copies(side, arrival),
    );
  const from = { remote: await of("remote"), local: await of("local") };
  return (side, arrival) => from[side](arrival);
}

/** The same for one side. */
export async function fromFloor(
  mailbox: Pick<Mailbox, "firstSince">,
  { oldest, first }: AgeLimit,
  { side, arrived }: { side: Side; arrived: Arrivals },
  copies: (arrival: Arrival) => boolean,
): Promise<(arrival: Arrival) => boolean> {
  const isOld = ({ internalDate }: Arrival) =>
    internalDate !== undefined && internalDate < oldest;
  // Mostly there is nothing to ask for.
  if (mailbox.firstSince === undefined || !arrived.some(isOld)) return copies;
  const floor = await mailbox.firstSince(oldest) ?? first?.[side];
  return (arrival) =>
    copies(isFrom(floor, arrival) ? ageless(arrival) : arrival);
}

function isFrom(floor: number | undefined, { ref }: Arrival): boolean {
  return floor !== undefined && typeof ref === "number" && ref >= floor;
}

function ageless({ internalDate: _, ...arrival }: Arrival): Arrival {
  return arrival;
}

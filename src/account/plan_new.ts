/** Folders that a dry run would create. */
import { NO_COUNTS } from "../events.ts";
import { NOTHING_KNOWN } from "../sync/status.ts";
import { fromFloor } from "../sync/age_floor.ts";
import { type Arrival, otherSide, type Side } from "../sync/types.ts";
import { ageLimit, isCopied, limitsOf } from "./limits.ts";
import type { NamedPair } from "./naming.ts";
import type { OpenAccount } from "./open_account.ts";
import { startUid } from "./start_uid.ts";
import { titleOf } from "./task_of.ts";

/** Tells what the folder that is missing on a side would get. */
export async function planNew(
  account: OpenAccount,
  pair: NamedPair,
  missing: Side,
): Promise<void> {
  const { run, io } = account;
  const source = otherSide(missing);
  const limits = limitsOf(run.account, Date.now());
  await using mailbox = await account[source].open(pair[source], {
    readOnly: true,
    signal: io.signal,
  });
  const { arrived } = await mailbox.observe(
    NOTHING_KNOWN,
    undefined,
    io.signal,
  );
  const age = ageLimit(limits, startUid(account, pair));
  const byDate = (arrival: Arrival) => isCopied(limits, source, arrival);
  const isWanted = age === undefined
    ? byDate
    : await fromFloor(mailbox, age, { side: source, arrived }, byDate);
  const copies = arrived.filter(isWanted);
  const about = { account: run.account.name, mailbox: titleOf(pair) };
  io.emit({
    type: "mailbox.started",
    ...about,
    names: account.names.of(pair),
    from: account.remote.typeName,
    to: account.local.typeName,
  });
  io.emit({
    type: "mailbox.planned",
    ...about,
    counts: {
      ...NO_COUNTS,
      [missing === "local" ? "toLocal" : "toRemote"]: copies.length,
    },
    dryRun: true,
  });
  io.emit({ type: "mailbox.finished", ...about, ms: 0 });
}

/** A sync that is told of only when it does something. */
import {
  type Emit,
  NO_COUNTS,
  type PlanCounts,
  type SyncEvent,
} from "../../events.ts";

const COUNTS = Object.keys(NO_COUNTS) as (keyof PlanCounts)[];

/**
 * Holds back what every sync tells, until something comes that is worth it; then
 * all of it is told, in order. An echo of our own changes thus leaves no trace.
 */
export function hushed(emit: Emit): Emit {
  let held: SyncEvent[] | undefined = [];
  return (event) => {
    if (held === undefined) return emit(event);
    held.push(event);
    if (isRoutine(event)) return;
    for (const one of held) emit(one);
    held = undefined;
  };
}

function isRoutine(event: SyncEvent): boolean {
  switch (event.type) {
    case "mailbox.planned":
      return COUNTS.every((name) => event.counts[name] === 0);
    case "account.started":
    case "account.finished":
    case "mailbox.started":
    case "mailbox.unchanged":
    case "mailbox.finished":
    case "debug":
      return true;
    default:
      return false;
  }
}

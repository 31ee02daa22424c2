/** What is planned for folders: all that a dry run tells. */
import type { EventSide } from "../events.ts";
import { escapeText } from "./escape.ts";
import { type About, keyOf } from "./folders.ts";
import { DRY_RUN, type EventOf, type Say } from "./words.ts";

/** What things are called, harmless for a terminal. */
export interface Called {
  /** The name of an account's repository. */
  readonly repository: (account: string, side: EventSide) => string;
  /** The name of a folder on one side. */
  readonly folder: (about: About, side: EventSide) => string;
  /** The same with its type, such as `Maildir[INBOX]`. */
  readonly place: (about: About, side: EventSide) => string;
}

/** Tells plans. Remembers the deletions of a dry run until somebody tells them. */
export class Plans {
  /** Deletions that no event has told the UIDs of. */
  readonly #doomed = new Map<string, Record<EventSide, number>>();

  constructor(readonly called: Called) {}

  /** Tells a plan: in numbers with `-d`, in OfflineIMAP's words in a dry run. */
  tell(event: EventOf<"mailbox.planned">, say: Say): void {
    const { account, mailbox, counts, dryRun } = event;
    if (!dryRun) {
      const parts = Object.entries(counts)
        .filter(([, count]) => count > 0)
        .map(([kind, count]) => `${kind} ${count}`);
      const plan = parts.join(", ") || "nothing";
      return say("debug", `Plan for ${escapeText(mailbox)}: ${plan}`);
    }
    const remote = this.called.repository(account, "remote");
    const local = this.called.repository(account, "local");
    const there = this.called.folder(event, "remote");
    const here = this.called.folder(event, "local");
    const plan = (count: number, text: string) => {
      if (count > 0) say("info", DRY_RUN + text);
    };
    const { toLocal, toRemote, flagLocal, flagRemote, moved } = counts;
    plan(
      toLocal,
      `Copy ${toLocal} messages from ${there}[${remote}] to ${local}`,
    );
    plan(
      toRemote,
      `Copy ${toRemote} messages from ${here}[${local}] to ${remote}`,
    );
    plan(
      flagLocal,
      `Change flags of ${flagLocal} messages on ${here}[${local}]`,
    );
    plan(
      flagRemote,
      `Change flags of ${flagRemote} messages on ${there}[${remote}]`,
    );
    plan(moved, `Move ${moved} messages out of ${there}`);
    this.#doomed.set(keyOf(event), {
      local: counts.deleteLocal,
      remote: counts.deleteRemote,
    });
  }

  /** Deletions of a dry run are told by an event of their own. */
  told({ on, ...about }: EventOf<"messages.deleted">): void {
    const doomed = this.#doomed.get(keyOf(about));
    if (about.dryRun && doomed !== undefined) doomed[on] = 0;
  }

  /** Tells planned deletions of which no event has told the UIDs. */
  finish(event: EventOf<"mailbox.finished">, say: Say): void {
    const doomed = this.#doomed.get(keyOf(event));
    if (doomed === undefined) return;
    this.#doomed.delete(keyOf(event));
    for (const side of ["local", "remote"] as const) {
      if (doomed[side] === 0) continue;
      const place = this.called.place(event, side);
      say("info", `${DRY_RUN}Deleting ${doomed[side]} messages in ${place}`);
    }
  }
}

/** What one connection does to hear of changes: IDLE, or NOTIFY. */
import type { Clock } from "../../clock.ts";
import { IdleCommand } from "../command/idle.ts";
import { notify, type NotifyEvent } from "../command/notify.ts";
import { select } from "../command/select.ts";
import type { ImapConnection } from "../connection.ts";
import { ResponseError } from "../connection_error.ts";
import type { UntaggedResponse } from "../wire/response.ts";

/** How a connection listens. */
export interface ListenOptions {
  readonly clock: Clock;
  /** A sign of life is asked for this often, ms. */
  readonly renewMs: number;
  /** Something changed in a mailbox: its wire name; undefined: in any. */
  readonly onChange: (wireName: string | undefined) => void;
  /** From now on nothing is missed. */
  readonly onReady: () => void;
}

/** A connection that listens until it ends. */
export interface Listener {
  /** Rejects when the connection ends or the server refuses to go on. */
  readonly ended: Promise<never>;
  /**
   * Asks for a sign of life now: after a change of the network nobody tells a
   * connection that it is dead. Rejects when none comes in `limitMs`.
   */
  prove(limitMs: number): Promise<void>;
}

/** The server does not know how to tell. The text is about the server. */
export class CannotListen extends Error {}

const MESSAGE_EVENTS: readonly NotifyEvent[] = [
  "MessageNew",
  "MessageExpunge",
  "FlagChange",
];

/**
 * Listens to one mailbox by IDLE (RFC 2177), which ends and begins again every
 * `renewMs`: servers end a longer silence, and routers forget it without a word.
 * The mailbox is opened by EXAMINE, so that nothing loses its \Recent.
 *
 * @throws {MailError} When the mailbox cannot be opened.
 * @throws {CannotListen}
 */
export async function listenByIdle(
  connection: ImapConnection,
  wireName: string,
  options: ListenOptions,
): Promise<Listener> {
  if (!connection.capabilities.has("IDLE")) {
    throw new CannotListen("it has no IDLE");
  }
  connection.onUntagged = (response) => {
    if (isChange(response)) options.onChange(wireName);
  };
  await connection.execute(select(wireName, { readOnly: true }));
  return idling(connection, options);
}

/**
 * Listens to all mailboxes of the user by NOTIFY (RFC 5465), on one connection.
 *
 * `wireName` is opened, and IDLE runs meanwhile: Dovecot 2.3 sends news of the
 * selected mailbox without IDLE only now and then, and hears in no other way of
 * files that something else puts into its folders.
 *
 * @throws {MailError} When that mailbox cannot be opened.
 * @throws {CannotListen}
 */
export async function listenByNotify(
  connection: ImapConnection,
  wireName: string,
  options: ListenOptions,
): Promise<Listener> {
  for (const needed of ["NOTIFY", "IDLE"]) {
    if (connection.capabilities.has(needed)) continue;
    throw new CannotListen(`it has no ${needed}`);
  }
  let overflow: (error: CannotListen) => void = () => {};
  const lost = new Promise<never>((_, reject) => overflow = reject);
  lost.catch(() => {});
  connection.onUntagged = (response) => {
    if (isChange(response)) options.onChange(wireName);
    else if (response.kind === "mailbox-status") {
      options.onChange(response.name);
    } else if (response.kind === "list") options.onChange(undefined);
    else if (hasOverflown(response)) {
      // RFC 5465 §5.8: from now on the server tells nothing.
      overflow(new CannotListen("it cannot keep up with telling changes"));
    }
  };
  await connection.execute(select(wireName, { readOnly: true }));
  try {
    await connection.execute(notify([
      { filter: "selected", events: MESSAGE_EVENTS },
      { filter: "personal", events: [...MESSAGE_EVENTS, "MailboxName"] },
    ]));
  } catch (error) {
    throw refusalOf(error);
  }
  const { ended, prove } = idling(connection, options);
  return { ended: Promise.race([ended, lost]), prove };
}

/** IDLE, again and again, until the connection ends. */
function idling(
  connection: ImapConnection,
  { clock, renewMs, onReady }: ListenOptions,
): Listener {
  let current: IdleCommand | undefined;
  let proven = Promise.withResolvers<void>();
  const idle = async (): Promise<never> => {
    for (let round = 0;; round++) {
      const command = current = new IdleCommand();
      const over = connection.execute(command);
      if (round === 0) void command.started.then(onReady);
      const cancel = clock.after(renewMs, () => command.done());
      try {
        await over;
      } catch (error) {
        throw refusalOf(error);
      } finally {
        cancel();
      }
      proven.resolve();
      proven = Promise.withResolvers();
    }
  };
  return {
    ended: idle(),
    prove: (limitMs) => {
      current?.done();
      return within(limitMs, proven.promise, connection, clock);
    },
  };
}

/** News of the selected mailbox; not what servers say to keep a line alive. */
function isChange({ kind }: UntaggedResponse): boolean {
  return kind === "exists" || kind === "expunge" || kind === "vanished" ||
    kind === "fetch";
}

function hasOverflown(response: UntaggedResponse): boolean {
  if (response.kind !== "status" || response.code === undefined) return false;
  const { code } = response;
  const name = code.name === "OTHER" ? code.atom : code.name;
  return name.toUpperCase() === "NOTIFICATIONOVERFLOW";
}

/** A server that refuses to listen; what ends a connection stays what it is. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return error;
  return new CannotListen(error.message);
}

/** Ends a connection that gives no sign in time. */
async function within(
  limitMs: number,
  sign: Promise<void>,
  connection: ImapConnection,
  clock: Clock,
): Promise<void> {
  const cancel = clock.after(limitMs, () => connection.destroy());
  try {
    await Promise.race([
      sign,
      connection.closed.then((reason) => Promise.reject(reason)),
    ]);
  } finally {
    cancel();
  }
}

/** Accounts in workers of their own, each with nothing but its own rights. */
import type { LoopParts, ScheduledAccount } from "../account/account_loop.ts";
import type { AccountLock } from "../account/lock.ts";
import type { ScheduleOutcome } from "../account/schedule.ts";
import type { TurnSource } from "../account/turns.ts";
import { MailError } from "../errors.ts";
import { reportOf } from "../events.ts";
import {
  type FromWorker,
  plainError,
  type Request,
  type ToWorker,
} from "./messages.ts";

/** What the command gives its accounts. */
export type Command =
  & Pick<
    LoopParts,
    "emit" | "askPassword" | "foldersDone" | "lock" | "control"
  >
  & {
    /** The rights of an account. Called once, before it starts. */
    readonly permissionsOf: (
      account: ScheduledAccount,
    ) => Deno.PermissionOptionsObject;
  };

const WORKER = new URL("./worker.ts", import.meta.url);

/**
 * As `runSchedule`, with a worker for each account. A worker that ends by itself
 * is an error of its account; the others go on.
 *
 * Never rejects.
 */
export async function runConfined(
  accounts: readonly ScheduledAccount[],
  turns: TurnSource,
  command: Command,
): Promise<ScheduleOutcome> {
  const outcomes = await Promise.all(accounts.map(async (account) => {
    await using confined = new ConfinedAccount(account, turns, command);
    return await confined.run();
  }));
  return {
    failedAccounts: outcomes.reduce((n, one) => n + one.failedAccounts, 0),
    validityProblem: outcomes.some((one) => one.validityProblem),
  };
}

/** One account and its worker. Disposing of it ends both. */
class ConfinedAccount implements AsyncDisposable {
  readonly #account: ScheduledAccount;
  readonly #turns: TurnSource;
  readonly #command: Command;
  readonly #held = new Map<number, Disposable>();
  readonly #locks = new Map<number, AccountLock>();
  readonly #done = Promise.withResolvers<ScheduleOutcome>();
  #worker: Worker | undefined;
  #numbers = 0;
  #over = false;

  constructor(account: ScheduledAccount, turns: TurnSource, command: Command) {
    this.#account = account;
    this.#turns = turns;
    this.#command = command;
  }

  async run(): Promise<ScheduleOutcome> {
    const { control, permissionsOf } = this.#command;
    try {
      this.#worker = new Worker(WORKER, {
        type: "module",
        name: this.#account.run.account.name,
        deno: { permissions: permissionsOf(this.#account) },
      });
    } catch (error) {
      return this.#crashed(error);
    }
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) =>
      this.#take(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#done.resolve(this.#crashed(event.message));
    };
    this.#post({ type: "start", account: this.#account });
    let wakes = control.wakes;
    const tell = () => {
      if (control.wakes > wakes) this.#post({ type: "wake" });
      wakes = control.wakes;
      if (control.signal.aborted) this.#post({ type: "abort" });
      else if (control.ending) this.#post({ type: "finish" });
    };
    const stop = control.onChange(tell);
    tell();
    try {
      return await this.#done.promise;
    } finally {
      stop();
    }
  }

  #take(message: FromWorker): void {
    switch (message.type) {
      case "events":
        for (const event of message.events) this.#command.emit(event);
        break;
      case "request":
        void this.#answer(message.id, message.request);
        break;
      case "done":
        this.#done.resolve(message.outcome);
    }
  }

  async #answer(id: number, request: Request): Promise<void> {
    try {
      const value = await this.#grant(request);
      this.#post({ type: "answer", id, value });
    } catch (error) {
      this.#post({ type: "refusal", id, error: plainError(error) });
    }
  }

  async #grant(request: Request): Promise<unknown> {
    const { askPassword, foldersDone, lock } = this.#command;
    const number = ++this.#numbers;
    switch (request.kind) {
      case "turn":
        return this.#keep(this.#held, number, await this.#turns.next());
      case "turn.end":
        this.#held.get(request.turn)?.[Symbol.dispose]();
        this.#held.delete(request.turn);
        return;
      case "lock":
        return this.#keep(this.#locks, number, await lock(this.#account.run));
      case "lock.verify":
        return await this.#locks.get(request.lock)?.verify() ?? false;
      case "lock.end":
        await this.#locks.get(request.lock)?.[Symbol.asyncDispose]();
        this.#locks.delete(request.lock);
        return;
      case "password": {
        const { repository, user, refusal } = request;
        return await askPassword({ repository, user, refusal });
      }
      case "folders":
        return await foldersDone?.(request.done);
    }
  }

  #keep<T>(held: Map<number, T>, number: number, value: T): number {
    held.set(number, value);
    return number;
  }

  #post(message: ToWorker): void {
    if (!this.#over) this.#worker?.postMessage(message);
  }

  #crashed(cause: unknown): ScheduleOutcome {
    const { name } = this.#account.run.account;
    const why = cause instanceof Error ? cause.message : String(cause);
    const error = new MailError(
      `The work on account ${name} broke off: ${why}`,
      {
        code: "account.crashed",
        scope: "account",
      },
    );
    this.#command.emit({
      type: "error",
      account: name,
      error: reportOf(error),
    });
    return { failedAccounts: 1, validityProblem: false };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    this.#worker?.terminate();
    for (const turn of this.#held.values()) turn[Symbol.dispose]();
    for (const lock of this.#locks.values()) {
      await lock[Symbol.asyncDispose]();
    }
  }
}

/// <reference lib="deno.worker" />
/**
 * The work on one account, in a worker that may do only what the account needs.
 * Here and nowhere else bytes of a server are looked at.
 */
import type { AccountIo, AccountRun } from "../account/api.ts";
import { RunControl } from "../account/run_control.ts";
import type { AccountLock } from "../account/lock.ts";
import { runSchedule } from "../account/schedule.ts";
import type { Clock } from "../clock.ts";
import { noStep } from "../effects.ts";
import type { SyncEvent } from "../events.ts";
import {
  type FromWorker,
  mailError,
  type Request,
  type ToWorker,
} from "./messages.ts";

/** Events are sent in batches: one message for each would cost more than it. */
const BATCH_EVENTS = 256;
const BATCH_MS = 20;

const CLOCK: Clock = {
  now: () => performance.now(),
  wall: Date.now,
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

/** The only way out. */
class Border {
  readonly control = new RunControl();
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #asked = 0;
  #events: SyncEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly emit = (event: SyncEvent): void => {
    this.#events.push(event);
    if (this.#events.length >= BATCH_EVENTS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  };

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#events.length === 0) return;
    this.post({ type: "events", events: this.#events });
    this.#events = [];
  }

  /** What was told before is told before. */
  ask(request: Request): Promise<unknown> {
    this.flush();
    const id = ++this.#asked;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.post({ type: "request", id, request });
    return waiting.promise;
  }

  post(message: FromWorker): void {
    self.postMessage(message);
  }

  take(message: ToWorker): void {
    switch (message.type) {
      case "start":
        void this.#run(message.account);
        break;
      case "answer":
        this.#settle(message.id)?.resolve(message.value);
        break;
      case "refusal":
        this.#settle(message.id)?.reject(mailError(message.error));
        break;
      default:
        this.control[message.type]();
    }
  }

  #settle(id: number): PromiseWithResolvers<unknown> | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  async #run(
    account: Extract<ToWorker, { type: "start" }>["account"],
  ): Promise<void> {
    const outcome = await runSchedule([account], {
      next: () => this.#turn(),
    }, {
      emit: this.emit,
      askPassword: async (question) => {
        const answer = await this.ask({ kind: "password", ...question });
        return typeof answer === "string" ? answer : undefined;
      },
      foldersDone: async (done) => {
        await this.ask({ kind: "folders", done });
      },
      step: noStep,
      sync,
      lock: () => this.#lock(),
      watch,
      clock: CLOCK,
      control: this.control,
    });
    this.flush();
    this.post({ type: "done", outcome });
  }

  async #turn(): Promise<Disposable> {
    const turn = Number(await this.ask({ kind: "turn" }));
    return {
      [Symbol.dispose]: () => void this.ask({ kind: "turn.end", turn }),
    };
  }

  async #lock(): Promise<AccountLock> {
    const lock = Number(await this.ask({ kind: "lock" }));
    return {
      verify: async () =>
        await this.ask({ kind: "lock.verify", lock }) === true,
      [Symbol.asyncDispose]: async () => {
        await this.ask({ kind: "lock.end", lock });
      },
    };
  }
}

async function sync(run: AccountRun, io: AccountIo) {
  const { syncAccount } = await import("../account/sync_account.ts");
  return await syncAccount(run, io);
}

async function watch(run: AccountRun, io: AccountIo) {
  const { watchAccount } = await import("../account/watch/watch_account.ts");
  return await watchAccount(run, io, { clock: CLOCK, random: Math.random });
}

const border = new Border();
self.onmessage = ({ data }: MessageEvent<ToWorker>) => border.take(data);

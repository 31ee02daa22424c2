/// <reference lib="deno.worker" />
/** The worker's side of the border: the only way out. */
import { RunControl } from "../account/run_control.ts";
import type { SyncEvent } from "../events.ts";
import {
  BATCH_EVENTS,
  type FromWorker,
  type Job,
  mailError,
  type Request,
  type ToWorker,
} from "./messages.ts";

const BATCH_MS = 20;

/** Tells and asks the command. */
export class Border {
  readonly control = new RunControl();
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #start: (job: Job) => void;
  #asked = 0;
  #events: SyncEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(start: (job: Job) => void) {
    this.#start = start;
  }

  readonly emit = (event: SyncEvent): void => {
    this.#events.push(event);
    if (this.#events.length >= BATCH_EVENTS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  };

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#events.length === 0) return;
    this.#post({ type: "events", events: this.#events });
    this.#events = [];
  }

  /**
   * Asks. What was told before is told before.
   * @param signal Aborted: whoever works on it is told to end.
   * @throws {MailError} What the command refuses, or what went wrong there.
   */
  async ask(request: Request, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted();
    this.flush();
    const id = ++this.#asked;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#post({ type: "request", id, request });
    // The one who does it decides what that means: it still answers.
    const cancel = () => this.#post({ type: "cancel", id });
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await waiting.promise;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** The job is done, or why it was not. */
  end(message: Extract<FromWorker, { type: "done" | "failed" }>): void {
    this.flush();
    this.#post(message);
  }

  take(message: ToWorker): void {
    switch (message.type) {
      case "start":
        this.#start(message.job);
        break;
      case "ping":
        this.#post({ type: "pong" });
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

  #post(message: FromWorker): void {
    self.postMessage(message);
  }
}

/** One account and its worker. */
import type { AccountRun } from "../account/api.ts";
import type { RunControl } from "../account/run_control.ts";
import { MailError } from "../errors.ts";
import { Answers, type Services } from "./answers.ts";
import { Flood } from "./flood.ts";
import {
  type FromWorker,
  type Job,
  mailError,
  plainError,
  type Request,
  type ToWorker,
} from "./messages.ts";
import { isFromWorker } from "./shapes.ts";

/** What a worker is run by. */
export interface ConfinedOptions {
  /** With the server's name, not to be evaluated. */
  readonly run: AccountRun;
  readonly job: Job;
  readonly permissions: Deno.PermissionOptionsObject;
  readonly services: Services;
  readonly control: Pick<
    RunControl,
    "wakes" | "ending" | "signal" | "onChange"
  >;
  /** What the worker runs. @default the work on an account */
  readonly worker?: URL;
  readonly limits?: Partial<ConfinedLimits>;
}

/** How long a worker is waited for. */
export interface ConfinedLimits {
  /** After the run was told to stop. */
  readonly endMs: number;
  /** Between two signs of life that it is asked for. */
  readonly pulseMs: number;
}

/** A message in hand may be a large one on a slow line. */
const LIMITS: ConfinedLimits = { endMs: 20_000, pulseMs: 30_000 };

/** Signs of life that may fail to come: a slow disk blocks a worker for long. */
const MISSED_PULSES = 10;

/** Requests that wait for an answer at the same time. */
const MOST_REQUESTS = 1000;

const WORKER = new URL("./worker.ts", import.meta.url);

/**
 * Runs a worker to its end and trusts nothing that it says. Whatever it does is a
 * matter of its account alone.
 */
export class ConfinedAccount {
  /**
   * The worker was given up while it may still run: nothing ends a thread that
   * runs in circles but the end of the process.
   */
  lost = false;
  readonly #options: ConfinedOptions;
  readonly #name: string;
  readonly #answers: Answers;
  readonly #done = Promise.withResolvers<unknown>();
  readonly #requests = new Map<number, AbortController>();
  readonly #flood = new Flood();
  #worker: Worker | undefined;
  #missed = 0;
  #over = false;

  constructor(options: ConfinedOptions) {
    const { run, services } = options;
    this.#options = options;
    this.#name = run.account.name;
    this.#answers = new Answers(run, services);
  }

  /**
   * @returns What the worker says came of its job: to be checked.
   * @throws {MailError} What went wrong in it, or with it (`account.crashed`).
   */
  async run(): Promise<unknown> {
    const { permissions, job, worker = WORKER } = this.#options;
    try {
      this.#worker = new Worker(worker, {
        type: "module",
        name: this.#name,
        deno: { permissions },
      });
      this.#worker.onmessage = ({ data }: MessageEvent) => this.#take(data);
      this.#worker.onmessageerror = () =>
        this.#give("sent what cannot be read");
      this.#worker.onerror = (event) => {
        event.preventDefault();
        this.#done.reject(this.#crashed(event.message));
      };
      this.#post({ type: "start", job });
      if (job.kind === "schedule") this.#answers.takeAhead();
      using _wishes = this.#passWishes();
      using _pulse = this.#feelPulse();
      return await this.#done.promise;
    } catch (error) {
      throw error instanceof MailError ? error : this.#crashed(error);
    } finally {
      this.#over = true;
      this.#worker?.terminate();
      for (const request of this.#requests.values()) request.abort();
      await this.#answers.end({ keepLocks: this.lost });
    }
  }

  /** Tells the worker what the user wants, and waits no longer than that. */
  #passWishes(): Disposable {
    const { control } = this.#options;
    let wakes = control.wakes;
    let limit: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      if (control.wakes > wakes) this.#post({ type: "wake" });
      wakes = control.wakes;
      if (control.signal.aborted) {
        this.#post({ type: "abort" });
        limit ??= setTimeout(
          () => this.#give("did not end in time"),
          this.#limits.endMs,
        );
      } else if (control.ending) this.#post({ type: "finish" });
    };
    const stop = control.onChange(tell);
    tell();
    return {
      [Symbol.dispose]: () => {
        stop();
        clearTimeout(limit);
      },
    };
  }

  /** Counted, not timed: in suspend nobody counts. */
  #feelPulse(): Disposable {
    const timer = setInterval(() => {
      if (this.#missed >= MISSED_PULSES) return this.#give("does not answer");
      this.#missed++;
      this.#post({ type: "ping" });
    }, this.#limits.pulseMs);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }

  get #limits(): ConfinedLimits {
    return { ...LIMITS, ...this.#options.limits };
  }

  #take(data: unknown): void {
    if (this.#over) return;
    if (this.#flood.rises()) return this.#give("sends without end");
    if (!isFromWorker(data)) return this.#give("sent what means nothing");
    switch (data.type) {
      case "pong":
        this.#missed = 0;
        break;
      case "events":
        this.#tell(data.events);
        break;
      case "request":
        void this.#answer(data.id, data.request);
        break;
      case "cancel":
        this.#requests.get(data.id)?.abort();
        break;
      case "done":
        this.#done.resolve(data.result);
        break;
      case "failed":
        this.#done.reject(mailError(data.error));
    }
  }

  #tell(events: Extract<FromWorker, { type: "events" }>["events"]): void {
    const { emit } = this.#options.services;
    for (const event of events) {
      if ("account" in event && event.account !== undefined) {
        if (event.account !== this.#name) {
          return this.#give("speaks for another account");
        }
      }
      emit(event);
    }
  }

  async #answer(id: number, request: Request): Promise<void> {
    if (this.#requests.size >= MOST_REQUESTS || this.#requests.has(id)) {
      return this.#give("asks without end");
    }
    const cancelled = new AbortController();
    this.#requests.set(id, cancelled);
    try {
      const { value, transfer } = await this.#answers.to(
        request,
        cancelled.signal,
      );
      this.#post({ type: "answer", id, value }, transfer);
    } catch (error) {
      this.#post({ type: "refusal", id, error: plainError(error) });
    } finally {
      this.#requests.delete(id);
    }
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    if (!this.#over) this.#worker?.postMessage(message, transfer);
  }

  /** The worker is not to be reasoned with. */
  #give(what: string): void {
    this.lost = true;
    this.#over = true;
    this.#done.reject(this.#crashed(`its worker ${what}`));
  }

  #crashed(cause: unknown): MailError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new MailError(
      `The work on account ${this.#name} broke off: ${why}`,
      { code: "account.crashed", scope: "account" },
    );
  }
}

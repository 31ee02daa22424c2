/** One account, synchronised again and again, with pauses that news cut short. */
import type { DebugLog, Emit } from "../events.ts";
import type { AccountIo, AccountRun, AccountWatch } from "./api.ts";
import { type AccountSyncParts, AccountSyncs } from "./account_syncs.ts";
import { pauseAfter } from "./back_off.ts";
import { debugLog } from "./debug_log.ts";
import type { TurnSource } from "./turns.ts";
import { hushed } from "./watch/hushed.ts";

/** An account and when it is to be synchronised. */
export interface ScheduledAccount {
  /** `options.quick` is decided anew for every sync. */
  readonly run: AccountRun;
  /** Pause between two syncs, ms; 0: one sync. */
  readonly autorefreshMs: number;
  /** `quick`: 0 never, below 0 always, n: after a full sync n quick ones. */
  readonly quick: number;
}

/** What a loop works by. */
export interface LoopParts extends AccountSyncParts {
  /** Watches an account between its syncs. @default nothing is watched */
  readonly watch?: (
    run: AccountRun,
    io: AccountIo,
  ) => Promise<AccountWatch | undefined>;
  /** A number from 0 up to 1, for the back-off. @default Math.random */
  readonly random?: () => number;
}

/** Pauses are slept in steps: after a suspend the next one shows the time. */
const STEP_MS = 10_000;

/** Whether the sync with this number since the start is a quick one. */
export function isQuick(quick: number, round: number): boolean {
  if (quick <= 0) return quick < 0;
  return round % (quick + 1) !== 0;
}

/** The syncs of one account and the pauses between them. */
export class AccountLoop {
  /** How the syncs went so far. */
  readonly syncs: AccountSyncs;
  readonly #account: ScheduledAccount;
  readonly #parts: LoopParts;
  /** `-d thread`. */
  readonly #trace: DebugLog;
  #watch: AccountWatch | undefined;

  constructor(account: ScheduledAccount, parts: LoopParts) {
    this.#account = account;
    this.#parts = parts;
    this.#trace = traceOf(account.run, parts.emit);
    this.syncs = new AccountSyncs(account.run, parts, this.#trace);
  }

  /** Synchronises until there is no next time. */
  async run(turns: TurnSource): Promise<void> {
    const { autorefreshMs, quick } = this.#account;
    const { control, random = Math.random } = this.#parts;
    if (autorefreshMs > 0) this.#watch = await this.#openWatch();
    await using _watch = this.#watch;
    this.syncs.kept = this.#watch?.kept;
    let round = 0;
    let failures = 0;
    let wakes = control.wakes;
    while (true) {
      {
        this.#trace("asks for a turn");
        using _turn = await turns.next();
        if (control.ending) return;
        // All of it is looked at now.
        this.#watch?.news.clear();
        this.#watch?.news.begin();
        const { reached, changed } = await this.syncs.sync({
          quick: isQuick(quick, round),
        });
        this.#watch?.news.end(changed ? "changed" : "idle");
        failures = reached ? 0 : failures + 1;
      }
      if (autorefreshMs <= 0) return;
      // Where the server refused, a watch would only ask it again.
      if (failures === 0) this.#watch?.start();
      await this.#pause(
        pauseAfter(autorefreshMs, failures, random()),
        wakes,
        turns,
      );
      if (control.ending) return;
      // Who wakes an account wants to see everything; and a full sync that was
      // not done does not count.
      if (control.wakes > wakes) round = 0;
      else if (failures === 0) round++;
      wakes = control.wakes;
    }
  }

  async #openWatch(): Promise<AccountWatch | undefined> {
    return await this.#parts.watch?.(this.#account.run, {
      ...this.syncs.io(),
      signal: this.#parts.control.signal,
    });
  }

  /** Looks after what was heard of during a pause. */
  async #attend(turns: TurnSource): Promise<void> {
    const { control } = this.#parts;
    this.#trace("has heard of something and asks for a turn");
    using _turn = await turns.next();
    const desk = this.#watch?.news;
    const news = desk?.take();
    if (control.ending || desk === undefined || news === undefined) return;
    desk.begin();
    const focus = news.focus === undefined ? {} : { focus: news.focus };
    const hushes = news.doubtful && !this.#hasHooks();
    if (news.doubtful && !hushes && !await this.syncs.isWorthwhile(focus)) {
      this.#trace("has found nothing to do");
      return desk.end("idle");
    }
    const { clean, changed } = await this.syncs.sync(
      { heard: true, ...focus },
      hushes ? hushed(this.#parts.emit) : undefined,
    );
    desk.end(!clean ? "failed" : changed ? "changed" : "idle");
    if (!clean) desk.again(news);
  }

  /** Whether a sync that does nothing would still be noticed. */
  #hasHooks(): boolean {
    const { presyncHook = "", postsyncHook = "" } = this.#account.run.account;
    return presyncHook !== "" || postsyncHook !== "";
  }

  /** Waits until it is time, or someone wakes the account or ends the run. */
  async #pause(ms: number, wakes: number, turns: TurnSource): Promise<void> {
    const { clock, control, emit } = this.#parts;
    const account = this.#account.run.account.name;
    this.#trace(`pauses for ${Math.round(ms / 1_000)} seconds`);
    const due = clock.now() + ms;
    const wallDue = clock.wall() + ms;
    while (!control.ending && control.wakes === wakes) {
      if (this.#watch?.news.ready) {
        await this.#attend(turns);
        continue;
      }
      // The one clock stands in suspend, the other may be set back.
      const remainingMs = Math.min(due - clock.now(), wallDue - clock.wall());
      if (remainingMs <= 0) break;
      emit({ type: "account.sleeping", account, remainingMs });
      await this.#sleep(Math.min(remainingMs, STEP_MS));
    }
    emit({ type: "account.sleeping", account, remainingMs: 0 });
    this.#trace(
      control.ending
        ? "ends"
        : control.wakes === wakes
        ? "has had its pause"
        : "is woken by a signal",
    );
  }

  /** Waits for a time, for a wish of the user, or for news. */
  #sleep(ms: number): Promise<void> {
    const { clock, control } = this.#parts;
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        stop();
        deaf();
        resolve();
      };
      const stop = control.onChange(wake);
      const deaf = this.#watch?.news.onReady(wake) ?? (() => {});
      const cancel = clock.after(ms, wake);
    });
  }
}

/** Tells what an account does about turns, locks and pauses. */
function traceOf(run: AccountRun, emit: Emit): DebugLog {
  const trace = debugLog(run, emit, "thread");
  return (text) => trace?.(`Account ${run.account.name} ${text}`);
}

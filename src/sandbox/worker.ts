/// <reference lib="deno.worker" />
/**
 * The work on one account, in a worker that may do only what the account needs.
 * Here and nowhere else bytes of a server are looked at.
 */
import type { AccountIo, AccountRun } from "../account/api.ts";
import type { ScheduledAccount } from "../account/account_loop.ts";
import type { AccountLock } from "../account/lock.ts";
import { runSchedule } from "../account/schedule.ts";
import type { Clock } from "../clock.ts";
import { noStep } from "../effects.ts";
import { Border } from "./border.ts";
import { type Job, plainError, type ToWorker } from "./messages.ts";
import { brokerOver } from "./worker_broker.ts";

const CLOCK: Clock = {
  now: () => performance.now(),
  wall: Date.now,
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

const border = new Border((job) => void carryOut(job));
self.onmessage = ({ data }: MessageEvent<ToWorker>) => border.take(data);

// What every sync needs, while the command still prepares it.
const core = import("../account/sync_account.ts");
// While the account's turn and lock are waited for.
core.then(({ loadImapflow }) => loadImapflow()).catch(() => {});

async function carryOut(job: Job): Promise<void> {
  try {
    border.end({ type: "done", result: await resultOf(job) });
  } catch (error) {
    border.end({ type: "failed", error: plainError(error) });
  }
}

async function resultOf(job: Job): Promise<unknown> {
  switch (job.kind) {
    case "schedule":
      return await schedule(job.account);
    case "info": {
      const { accountInfo } = await import("../account/account_info.ts");
      return await accountInfo(job.run, ioOf(job.run));
    }
    case "migrate": {
      const { migrateMarks } = await import("../account/migrate_marks.ts");
      return await migrateMarks(job.run, ioOf(job.run));
    }
    case "delete": {
      const { deleteFolder } = await import("../account/delete_folder.ts");
      return await deleteFolder(job.run, ioOf(job.run), {
        folder: job.folder,
        confirm: async (about) =>
          await border.ask({ kind: "confirm", about }) === true,
      });
    }
  }
}

function ioOf(run: AccountRun): AccountIo {
  return {
    emit: border.emit,
    askPassword: async (question) => {
      const answer = await border.ask({ kind: "password", ...question });
      return typeof answer === "string" ? answer : undefined;
    },
    foldersDone: async (done) => {
      await border.ask({ kind: "folders", done });
    },
    signal: border.control.signal,
    step: noStep,
    broker: brokerOver(border, run),
  };
}

function schedule(account: ScheduledAccount) {
  const { signal: _, ...io } = ioOf(account.run);
  return runSchedule([account], { next: takeTurn }, {
    ...io,
    sync: async (run, io) => await (await core).syncAccount(run, io),
    lock: takeLock,
    watch,
    clock: CLOCK,
    control: border.control,
  });
}

async function takeTurn(): Promise<Disposable> {
  const turn = Number(await border.ask({ kind: "turn" }));
  return {
    [Symbol.dispose]: () => void border.ask({ kind: "turn.end", turn }),
  };
}

async function takeLock(): Promise<AccountLock> {
  const lock = Number(await border.ask({ kind: "lock" }));
  return {
    verify: async () =>
      await border.ask({ kind: "lock.verify", lock }) === true,
    [Symbol.asyncDispose]: async () => {
      await border.ask({ kind: "lock.end", lock });
    },
  };
}

async function watch(run: AccountRun, io: AccountIo) {
  const { watchAccount } = await import("../account/watch/watch_account.ts");
  return await watchAccount(run, io, { clock: CLOCK, random: Math.random });
}

/** What the command answers to the requests of one account's worker. */
import type { AccountRun } from "../account/api.ts";
import type { HookFacts } from "../account/hook_facts.ts";
import type { LoopParts } from "../account/account_loop.ts";
import type { AccountLock } from "../account/lock.ts";
import type { TurnSource } from "../account/turns.ts";
import { type ImapRepository, isImap } from "../config/config.ts";
import { NO_WORK } from "../account/sync_counts.ts";
import type { Emit } from "../events.ts";
import type { ExpressionsOutside } from "./expressions_outside.ts";
import { makeFolders } from "./grant.ts";
import type { Request } from "./messages.ts";
import type { Programs } from "./programs.ts";
import { type Refuse, refuseFor } from "./refused.ts";
import { plainTunnel } from "./tunnel_port.ts";

/** What an account is given beside what its configuration names. */
export interface Services extends
  Pick<
    LoopParts,
    "askPassword" | "foldersDone"
  > {
  readonly emit: Emit;
  /** Where turns are had. Absent: there are none. */
  readonly turns?: TurnSource;
  /** Takes the account's lock. Absent: it is held already. */
  readonly lock?: LoopParts["lock"];
  /** Asks whether something shall be deleted. */
  readonly confirm?: (about: string) => Promise<boolean>;
}

/** An answer, and what of it changes hands. */
export interface Answer {
  readonly value: unknown;
  readonly transfer?: Transferable[];
}

/** Longest name that a user is asked the password of. */
const LONGEST_USER = 1000;

/**
 * Answers one account. Every request is checked against its configuration: what is
 * not its own is refused. Disposing of it takes back all that it holds.
 */
export class Answers implements AsyncDisposable {
  readonly #run: AccountRun;
  readonly #services: Services;
  readonly #refuse: Refuse;
  /** Loaded when it is needed: most accounts start nothing. */
  #programs: Promise<Programs> | undefined;
  /** As the programs. */
  #expressions: Promise<ExpressionsOutside> | undefined;
  readonly #turns = new Map<number, Disposable>();
  readonly #locks = new Map<number, AccountLock>();
  readonly #over = new AbortController();
  /** Of {@link takeAhead}, until they are asked for. */
  readonly #ahead = new Map<"turn" | "lock", Promise<number>>();
  #locking = false;
  #numbers = 0;

  /** @param run With the server's name, not to be evaluated. */
  constructor(run: AccountRun, services: Services) {
    this.#run = run;
    this.#services = services;
    this.#refuse = refuseFor(run.account.name);
  }

  /** Takes what a schedule asks for first, while its worker still starts. */
  takeAhead(): void {
    const turn = this.#takeTurn();
    const lock = turn.then(() => this.#takeLock());
    // It is told when it is asked for.
    lock.catch(() => {});
    this.#ahead.set("turn", turn).set("lock", lock);
  }

  /** @throws {MailError} It is refused, or it failed. */
  async to(request: Request, cancelled: AbortSignal): Promise<Answer> {
    if (request.kind !== "tunnel") {
      return { value: await this.#valueOf(request, cancelled) };
    }
    const programs = await this.#openPrograms();
    const process = programs.startTunnel(request.repository);
    const { tunnel, transfer } = plainTunnel(process, this.#over.signal);
    return { value: tunnel, transfer };
  }

  async #valueOf(
    request: Exclude<Request, { kind: "tunnel" }>,
    cancelled: AbortSignal,
  ): Promise<unknown> {
    const signal = AbortSignal.any([cancelled, this.#over.signal]);
    const programs = () => this.#openPrograms();
    switch (request.kind) {
      case "turn":
        return await (this.#aheadOf("turn") ?? this.#takeTurn());
      case "turn.end":
        return this.#endTurn(request.turn);
      case "lock":
        return await (this.#aheadOf("lock") ?? this.#takeLock());
      case "lock.verify":
        return await this.#locks.get(request.lock)?.verify() ?? false;
      case "lock.end":
        return await this.#endLock(request.lock);
      case "password":
        return await this.#askPassword(request);
      case "folders":
        return await this.#foldersDone(request.done);
      case "confirm":
        return await this.#services.confirm?.(request.about) ?? false;
      case "hook":
        return await (await programs()).hook(factsOf(request.facts), signal);
      case "command":
        return await (await programs())
          .passwordCommand(request.repository, signal);
      case "password.file":
        return await (await programs()).passwordLine(request.repository);
      case "netrc":
        return await (await programs())
          .netrcEntry(request.repository, request.path);
      case "keyring.find":
        return await (await programs())
          .findInKeyring(request.repository, signal);
      case "keyring.keep": {
        const { repository, password } = request;
        return await (await programs())
          .keepInKeyring(repository, password, signal);
      }
      case "root":
        return this.#makeRoot();
      case "python.names":
        return await (await this.#openExpressions()).names();
      case "python.ask":
        return await (await this.#openExpressions()).ask(
          request,
          request.request,
        );
      case "python.variables":
        return await (await this.#openExpressions()).setVariables(
          request.variables,
        );
      case "python.end":
        return await (await this.#openExpressions()).end();
    }
  }

  /** Which the worker may not, as it may not write to what is above it. */
  #makeRoot(): void {
    const { account: { local }, options } = this.#run;
    if (isImap(local) || options.dryRun) throw this.#refuse("root");
    makeFolders([local.localFolders], options.fsync);
  }

  #openPrograms(): Promise<Programs> {
    return this.#programs ??= import("./programs.ts").then(({ Programs }) =>
      new Programs({
        run: this.#run,
        refuse: this.#refuse,
        userOf: (repository) => this.#userOf(repository),
      })
    );
  }

  #openExpressions(): Promise<ExpressionsOutside> {
    const { account, pythonFile } = this.#run;
    return this.#expressions ??= import("./expressions_outside.ts").then(
      ({ ExpressionsOutside }) =>
        new ExpressionsOutside({
          account,
          pythonFile,
          onOutput: (text) =>
            this.#services.emit({
              type: "notice",
              account: account.name,
              text,
            }),
          refuse: this.#refuse,
        }),
    );
  }

  #aheadOf(kind: "turn" | "lock"): Promise<number> | undefined {
    const taken = this.#ahead.get(kind);
    this.#ahead.delete(kind);
    return taken;
  }

  async #takeTurn(): Promise<number> {
    const { turns } = this.#services;
    // Whoever has two could keep all others waiting.
    if (turns === undefined || this.#turns.size > 0) throw this.#refuse("turn");
    const number = ++this.#numbers;
    this.#turns.set(number, { [Symbol.dispose]: () => {} });
    const turn = await turns.next();
    if (this.#over.signal.aborted) turn[Symbol.dispose]();
    else this.#turns.set(number, turn);
    return number;
  }

  #endTurn(number: number): void {
    this.#turns.get(number)?.[Symbol.dispose]();
    this.#turns.delete(number);
  }

  async #takeLock(): Promise<number> {
    const { lock } = this.#services;
    const over = this.#over.signal.aborted;
    if (lock === undefined || over || this.#locking || this.#locks.size > 0) {
      throw this.#refuse("lock");
    }
    this.#locking = true;
    try {
      const held = await lock(this.#run);
      const number = ++this.#numbers;
      if (this.#over.signal.aborted) await held[Symbol.asyncDispose]();
      else this.#locks.set(number, held);
      return number;
    } finally {
      this.#locking = false;
    }
  }

  async #endLock(number: number): Promise<void> {
    const lock = this.#locks.get(number);
    this.#locks.delete(number);
    await lock?.[Symbol.asyncDispose]();
  }

  async #askPassword(
    { repository, user, refusal }: Extract<Request, { kind: "password" }>,
  ): Promise<string | undefined> {
    const { local, remote } = this.#run.account;
    const own = [local, remote].some(({ name }) => name === repository);
    if (!own || user.length > LONGEST_USER) {
      throw this.#refuse(`password of repository ${repository}`);
    }
    return await this.#services.askPassword({ repository, user, refusal });
  }

  async #foldersDone(
    { account, root, folders }: Extract<Request, { kind: "folders" }>["done"],
  ): Promise<void> {
    const { local, name } = this.#run.account;
    const ownRoot = isImap(local) ? "" : local.localFolders;
    if (account !== name || root !== ownRoot) {
      throw this.#refuse(`folders of account ${account}`);
    }
    await this.#services.foldersDone?.({ account, root, folders });
  }

  /** Evaluated anew each time: its answer may have changed. */
  async #userOf(repository: ImapRepository): Promise<string | undefined> {
    const { remoteUser, remoteUserEval } = repository;
    if (remoteUserEval === undefined) return remoteUser;
    const { compile, asString, denoHost } = await import("../python/mod.ts");
    const { module } = await this.#openExpressions();
    return await asString(
      await compile(remoteUserEval, { re: false, host: denoHost(), module }),
    );
  }

  /** @param keepLocks The worker may still write: nobody else shall. */
  async end({ keepLocks = false } = {}): Promise<void> {
    this.#over.abort();
    for (const turn of this.#turns.values()) turn[Symbol.dispose]();
    this.#turns.clear();
    if (!keepLocks) {
      for (const number of [...this.#locks.keys()]) await this.#endLock(number);
    }
    await (await this.#expressions)?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}

/** Of the facts those that hooks are told, and nothing else. */
function factsOf(facts: HookFacts): HookFacts {
  const { hook, account, mode, failures, folders } = facts;
  const counts = Object.fromEntries(
    Object.entries(facts).filter(([name, value]) =>
      Object.hasOwn(NO_WORK, name) && typeof value === "number"
    ),
  );
  return {
    ...{ hook, account, mode, ...counts },
    ...(failures === undefined ? {} : { failures }),
    ...(folders === undefined ? {} : { folders }),
  };
}

/**
 * `machineui`: one event a line on standard output, for programs. Passwords are
 * asked for by an event and read as a line from standard input.
 */
import type { EventSide, SyncEvent } from "../events.ts";
import { keyOf, letterOf, shownUid } from "./folders.ts";
import type { Level, Line } from "./line.ts";
import { formatMachineLine, MACHINE_PROTOCOL } from "./machine_line.ts";
import { Narrator } from "./narrate.ts";
import { type Stage, Stages } from "./stages.ts";
import { bannerOf } from "./words.ts";
import type { CreateUi, PasswordQuestion, Ui, UiOptions } from "./ui.ts";

/** Makes the user interface `machineui`. */
export const createMachineUi: CreateUi = (options) => new MachineUi(options);

type EventOf<Type extends SyncEvent["type"]> = Extract<
  SyncEvent,
  { type: Type }
>;

/** The commands of what is told in words; all else has none. */
const WORDS: Partial<Record<SyncEvent["type"], string>> = {
  hook: "callhook",
  "hook.started": "callhook",
  "status.created": "_display",
};

/** Python's name of the thread that is none of ours. */
const MAIN = "MainThread";

class MachineUi implements Ui {
  readonly #options: UiOptions;
  readonly #narrator: Narrator;
  readonly #stages = new Map<string, Stages>();
  /** Accounts of the run; true once the folders of the sync were announced. */
  readonly #accounts = new Map<string, boolean>();
  /** The end of the queue of questions. */
  #asked: Promise<unknown> = Promise.resolve();

  constructor(options: UiOptions) {
    this.#options = options;
    this.#narrator = new Narrator({
      ...options,
      lowest: options.debug ? "debug" : "info",
    });
  }

  readonly emit = (event: SyncEvent): void => {
    const lines = this.#narrator.narrate(event);
    if (!this.#tell(event)) {
      for (const line of lines) {
        this.#free(event, line);
      }
    }
    if (event.type === "run.started") this.#tellDebugging(event);
  };

  askPassword(question: PasswordQuestion): Promise<string | undefined> {
    const answer = this.#asked.then(() => this.#ask(question));
    this.#asked = answer.catch(() => {});
    return answer;
  }

  [Symbol.dispose](): void {}

  /** @returns Whether that was all; else what people would read is told. */
  #tell(event: SyncEvent): boolean {
    switch (event.type) {
      case "run.started":
        this.#tellBanner(event);
        return true;
      case "run.finished":
        this.#tellEnd(event);
        return true;
      case "account.started":
        return this.#tellAccount(event);
      case "account.finished":
        this.#say("acctdone", event, event.account);
        return true;
      case "account.sleeping": {
        const seconds = Math.ceil(event.remainingMs / 1000);
        this.#say("sleeping", event, `${seconds > 0 ? 10 : 0}\n${seconds}`);
        return true;
      }
      case "connection.opening": {
        const { host, port, repository } = event;
        // OfflineIMAP names the command of a tunnel, which may hold a password.
        const [name, place] = port === undefined
          ? ["tunnel", host]
          : [host, port];
        this.#say("connecting", event, `${name}\n${place}\n${repository}`);
        return true;
      }
      case "mailbox.unchanged":
        this.#tellStart(event);
        return false;
      case "mailbox.started":
        this.#tellStart(event);
        this.#tellLoading(event, "local");
        return true;
      case "mailbox.listed":
        this.#tellLists(event);
        return true;
      case "mailbox.planned":
        this.#stages.set(
          keyOf(event),
          new Stages(event.counts, (to) => this.#tellDirection(event, to)),
        );
        return !event.dryRun;
      case "mailbox.finished":
        this.#stages.get(keyOf(event))?.finish();
        this.#stages.delete(keyOf(event));
        this.#exit(this.#threadOf(event));
        return true;
      case "mailbox.renumbered": {
        const { account, saved, got } = event;
        const { remote = "" } = this.#options.repositoriesOf(account) ?? {};
        const folder = this.#narrator.folders.nameOf(event, "remote");
        const payload = [folder, remote, saved, got].join("\n");
        this.#say("validityproblem", event, payload, "warning");
        return true;
      }
      case "message.copied":
        this.#inOrder(event, event.to, "copy", 1, () => this.#tellCopy(event));
        return true;
      case "message.ignored":
        this.#tellIgnored(event);
        return true;
      case "messages.flagged": {
        // OfflineIMAP's has no words for labels: it writes lines about them.
        if (event.of === "label") return false;
        const { on, count } = event;
        this.#inOrder(event, on, "flag", count, () => this.#tellFlags(event));
        return true;
      }
      case "messages.deleted": {
        const { on, uids } = event;
        const place = `${this.#narrator.folders.typeOf(event, on)}\t${
          this.#narrator.folders.nameOf(event, on)
        }`;
        const payload = `${uids.join("\f")}\n${place}`;
        const tell = () => this.#say("deletingmessages", event, payload);
        this.#inOrder(event, on, "delete", uids.length, tell);
        return true;
      }
      default:
        return false;
    }
  }

  #tellBanner({ version }: EventOf<"run.started">): void {
    const banner = bannerOf(version);
    this.#options.terminal.out.write(`${banner}\n`);
    this.#line("info", "protocol", MAIN, MACHINE_PROTOCOL);
    this.#line("info", "initbanner", MAIN, banner);
    this.#line("info", "", MAIN, this.#options.environment);
  }

  #tellDebugging({ debug }: EventOf<"run.started">): void {
    if (debug === undefined) return;
    if (debug.sequential) {
      const text = "Debug mode: Forcing to singlethreaded.";
      this.#line("info", "_display", MAIN, text);
    }
    for (const topic of [...debug.topics, ""]) {
      this.#line("debug", "debugging", MAIN, topic);
    }
  }

  #tellEnd({ exitCode }: EventOf<"run.finished">): void {
    for (const account of this.#accounts.keys()) {
      this.#exit(`Account sync ${account}`);
    }
    this.#line("info", "terminate", this.#main(), `${exitCode}\n\n`);
  }

  #tellAccount(event: EventOf<"account.started">): boolean {
    const { account } = event;
    if (!this.#accounts.has(account)) {
      this.#say("registerthread", event, account);
    }
    this.#accounts.set(account, false);
    this.#say("acct", event, account);
    return true;
  }

  #tellStart(event: EventOf<"mailbox.started" | "mailbox.unchanged">): void {
    const { account, names, from, to } = event;
    if (this.#accounts.get(account) === false) {
      this.#accounts.set(account, true);
      const thread = `Account sync ${account}`;
      this.#line("info", "syncfolders", thread, `${from}\n${to}`);
    }
    this.#say("registerthread", event, account);
    const payload = `${from}\n${names.remote}\n${to}\n${names.local}\n`;
    this.#say("syncingfolder", event, payload);
  }

  #tellLoading(
    event: { account: string; mailbox: string } & SyncEvent,
    side: EventSide,
  ): void {
    const { folders } = this.#narrator;
    const names = folders.namesOf(event);
    const name = side === "local" ? names?.localVisible : names?.remoteVisible;
    const payload = `${folders.typeOf(event, side)}\n${name ?? event.mailbox}`;
    this.#say("loadmessagelist", event, payload);
  }

  #tellLists(event: EventOf<"mailbox.listed">): void {
    const { folders } = this.#narrator;
    const loaded = (side: EventSide) => {
      const type = folders.typeOf(event, side);
      // OfflineIMAP does not list a mailbox that SELECT says is empty.
      if (side === "remote" && event.remote === 0) return;
      const payload = `${type}\n${folders.nameOf(event, side)}\n${event[side]}`;
      this.#say("messagelistloaded", event, payload);
    };
    loaded("local");
    this.#tellLoading(event, "remote");
    loaded("remote");
  }

  #tellDirection(event: EventOf<"mailbox.planned">, to: EventSide): void {
    const { folders } = this.#narrator;
    const sides: EventSide[] = to === "local"
      ? ["remote", "local"]
      : ["local", "remote"];
    const fields = sides.flatMap((side) => [
      folders.typeOf(event, side),
      folders.nameOf(event, side),
    ]);
    this.#say("syncingmessages", event, `${fields.join("\n")}\n`);
  }

  #tellCopy(event: EventOf<"message.copied">): void {
    const { account, to } = event;
    const { folders } = this.#narrator;
    const from = to === "local" ? "remote" : "local";
    const source = folders.nameOf(event, from);
    const target = `${folders.typeOf(event, to)}[${folders.nameOf(event, to)}]`;
    const payload = [
      shownUid(event),
      folders.typeOf(event, from),
      source,
      target,
    ].join("\n");
    this.#say("copyingmessage", event, payload);
    // A download has a thread of its own.
    if (to === "remote" || this.#options.sequential) return;
    const { remote = "" } = this.#options.repositoriesOf(account) ?? {};
    const thread = `Copy message from ${remote}:${source}`;
    this.#line("info", "registerthread", thread, account);
    this.#exit(thread);
  }

  #tellIgnored(event: EventOf<"message.ignored">): void {
    const { folders } = this.#narrator;
    const { from, uid } = event;
    const to = from === "local" ? "remote" : "local";
    const payload = [
      uid ?? 0,
      folders.typeOf(event, from),
      folders.nameOf(event, from),
      `${folders.typeOf(event, to)}[${folders.nameOf(event, to)}]`,
    ].join("\n");
    this.#say("ignorecopyingmessage", event, payload);
  }

  #tellFlags(event: EventOf<"messages.flagged">): void {
    const { on, add, remove, uids } = event;
    const folder = this.#narrator.folders.nameOf(event, on);
    const tell = (command: string, flags: readonly string[]) => {
      if (flags.length === 0) return;
      const letters = flags.map(letterOf).join("\f");
      const payload = `${uids.join("\f")}\n${letters}\n${folder}`;
      this.#say(command, event, payload);
    };
    tell("addingflags", add);
    tell("deletingflags", remove);
  }

  #inOrder(
    event: { account: string; mailbox: string },
    side: EventSide,
    stage: Stage,
    count: number,
    tell: () => void,
  ): void {
    const stages = this.#stages.get(keyOf(event));
    if (stages === undefined) tell();
    else stages.add(side, stage, count, tell);
  }

  /** What has no fields in the protocol, in words. */
  #free(event: SyncEvent, line: Line): void {
    const thread = this.#threadOf(event);
    const command = WORDS[event.type] ?? "";
    const text = line.level === "error" ? `ERROR: ${line.text}` : line.text;
    this.#line(line.level, command, thread, text);
    if (event.type === "mailbox.unchanged") this.#exit(thread);
  }

  #exit(thread: string): void {
    if (this.#options.sequential) return;
    this.#line("info", "threadExited", MAIN, thread);
    this.#line("info", "unregisterthread", MAIN, thread);
  }

  /** With `-1` OfflineIMAP has one thread, called after the account. */
  #threadOf(event: SyncEvent): string {
    if (!this.#options.sequential) {
      return this.#narrator.folders.threadOf(event) ?? MAIN;
    }
    return "account" in event && event.account !== undefined
      ? `Account sync ${event.account}`
      : this.#main();
  }

  #main(): string {
    const last = [...this.#accounts.keys()].at(-1);
    return this.#options.sequential && last !== undefined
      ? `Account sync ${last}`
      : MAIN;
  }

  #say(
    command: string,
    event: SyncEvent,
    payload: string,
    level: Level = "info",
  ): void {
    this.#line(level, command, this.#threadOf(event), payload);
  }

  #line(level: Level, command: string, thread: string, payload: string): void {
    const line = formatMachineLine({ level, command, thread, payload });
    this.#options.terminal.out.write(line);
  }

  async #ask(
    { repository, user, refusal }: PasswordQuestion,
  ): Promise<string | undefined> {
    const { terminal, signal, repositoriesOf } = this.#options;
    if (signal.aborted) return undefined;
    const account = [...this.#accounts.keys()].find((name) => {
      const names = repositoriesOf(name);
      return names?.remote === repository || names?.local === repository;
    });
    const thread = account === undefined ? MAIN : `Account sync ${account}`;
    if (refusal !== undefined) {
      const payload = `${user}\n${refusal}`;
      this.#line("warning", "getpasserror", thread, payload);
    }
    this.#line("info", "getpass", thread, user);
    return await terminal.readLine?.(signal);
  }
}

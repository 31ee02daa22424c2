/** Watches both sides of an account between its syncs. */
import type { Clock } from "../../clock.ts";
import {
  type ImapRepository,
  isImap,
  type MaildirRepository,
} from "../../config/config.ts";
import { reportOf } from "../../events.ts";
import { ImapConnection } from "../../imap/connection.ts";
import { decodeMailboxName, isInbox } from "../../imap/mailbox_name.ts";
import { ServerWatch } from "../../imap/watch/server_watch.ts";
import { TreeWatch } from "../../maildir/watch/tree_watch.ts";
import type { Side } from "../../sync/types.ts";
import type { AccountIo, AccountRun, AccountWatch } from "../api.ts";
import { backOff } from "../back_off.ts";
import { debugLog } from "../debug_log.ts";
import { Expressions } from "../expressions.ts";
import { Kept } from "../kept.ts";
import { Sessions } from "../sessions.ts";
import { LinkWatch, machineAddresses } from "./link_watch.ts";
import { NewsDesk } from "./news.ts";

/** What a watch works by. */
export interface WatchParts {
  readonly clock: Clock;
  /** A number from 0 up to 1, for back-offs. */
  readonly random: () => number;
  /** @default machineAddresses */
  readonly addresses?: () => string;
}

/**
 * How often a sign of life is asked for when the user does not say. RFC 2177
 * wants it every 29 minutes; many a router forgets a silent connection in ten.
 */
const RENEW_MS = 9 * 60_000;
/** RFC 2177 §3, and what OfflineIMAP does. */
const LONGEST_RENEW_MS = 29 * 60_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5 * 60_000;
/** On another network a connection has so long to show that it works. */
const PROOF_MS = 10_000;

/** Whether there is anything to keep between the syncs of an account. */
function keepsWatch({ account, options }: AccountRun): boolean {
  if (account.autorefreshMinutes <= 0 || options.dryRun) return false;
  return [account.local, account.remote].some((side) =>
    isImap(side) &&
    (side.idleFolders !== undefined || side.holdConnectionOpen)
  );
}

/**
 * Makes the watch of an account, undefined where none is wanted; nothing is watched before its first sync.
 *
 * With `holdconnectionopen` connections stay open between syncs and show signs
 * of life every `keepalive` seconds. With `idlefolders`, which implies that, the
 * server is watched, and the Maildir as well: a change on either side leads to a
 * sync of that folder at once.
 */
export function watchAccount(
  run: AccountRun,
  io: AccountIo,
  parts: WatchParts,
): AccountWatch | undefined {
  if (!keepsWatch(run)) return undefined;
  return new Watch(run, io, parts);
}

class Watch implements AccountWatch {
  readonly kept = new Kept();
  readonly news: NewsDesk;
  readonly #run: AccountRun;
  readonly #io: AccountIo;
  readonly #parts: WatchParts;
  readonly #servers = new Map<Side, ServerWatch>();
  #tree: TreeWatch | undefined;
  #link: LinkWatch | undefined;
  #cancelRefresh = () => {};
  #stopped = false;
  #starting: Promise<void> | undefined;

  constructor(run: AccountRun, io: AccountIo, parts: WatchParts) {
    this.#run = run;
    this.#io = io;
    this.#parts = parts;
    this.news = new NewsDesk(parts.clock, parts.random);
  }

  start(): void {
    if (this.#starting === undefined) {
      const { clock, addresses = machineAddresses } = this.#parts;
      this.#link = new LinkWatch({
        clock,
        addresses,
        onWake: (ms) => this.#wake(ms),
        onNetwork: () => this.#prove(),
      });
      this.#refreshLater();
    }
    this.#starting = (this.#starting ?? Promise.resolve())
      .then(() => this.#startWatching())
      .catch((error) => this.#warn(`cannot be watched: ${error.message}`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#link?.[Symbol.dispose]();
    this.#tree?.[Symbol.dispose]();
    this.#cancelRefresh();
    this.news.clear();
    await this.#starting;
    await Promise.all([
      this.kept[Symbol.asyncDispose](),
      ...[...this.#servers.values()].map((s) => s[Symbol.asyncDispose]()),
    ]);
  }

  /** Begins what is not yet watched, or gave up. */
  async #startWatching(): Promise<void> {
    const { local, remote } = this.#run.account;
    let watched = false;
    for (
      const [side, repository] of [["remote", remote], [
        "local",
        local,
      ]] as const
    ) {
      if (!isImap(repository)) continue;
      if (await this.#startServer(side, repository)) watched = true;
    }
    if (watched && !isImap(local)) this.#startTree(local);
  }

  /** @returns Whether the server is to be watched. */
  async #startServer(
    side: Side,
    repository: ImapRepository,
  ): Promise<boolean> {
    const before = this.#servers.get(side);
    if (before !== undefined && !before.isOver) return true;
    const folders = await this.#idleFolders(repository);
    if (folders.length === 0 || this.#stopped) return false;
    await before?.[Symbol.asyncDispose]();
    const { clock, random } = this.#parts;
    this.#servers.set(
      side,
      new ServerWatch({
        clock,
        folders,
        connect: () => this.#connect(repository),
        room: repository.maxConnections,
        renewMs: this.#renewMs(repository),
        backOff: (failures) =>
          backOff(FIRST_RETRY_MS, failures, random(), {
            longestMs: LONGEST_RETRY_MS,
          }),
        onChange: (name, doubtful) => this.#heard(side, name, doubtful),
        tell: (kind, text, error) => {
          const about = `Repository ${repository.name}: ${text}`;
          if (kind === "notice") this.#notice(about);
          else if (error === undefined) this.#warn(about);
          else this.#warn(`${about}: ${error.message}`, reportOf(error).hint);
        },
      }),
    );
    return true;
  }

  #startTree(local: MaildirRepository): void {
    if (this.#tree !== undefined || this.#stopped) return;
    this.#tree = new TreeWatch({
      root: local.localFolders,
      separator: local.separator,
      platform: Deno.build.os,
      clock: this.#parts.clock,
      mailboxes: () => this.kept.seen?.pairs.map((pair) => pair.local) ?? [],
      onChange: (name, doubtful) => {
        // A folder that is left out by filters.
        if (name !== undefined && !this.#isPaired("local", name)) return;
        this.news.note("local", name, doubtful);
      },
      warn: (text) => this.#warn(text),
    });
    // What changed between the sync and now was told by nobody.
    this.news.note("local", undefined, true);
  }

  async #idleFolders(repository: ImapRepository): Promise<readonly string[]> {
    if (repository.idleFolders === undefined) return [];
    await using expressions = this.#expressions();
    return [...new Set(await expressions.strings(repository.idleFolders))];
  }

  /** Expressions are evaluated anew: a password or token may have changed. */
  async #connect(repository: ImapRepository): Promise<ImapConnection> {
    await using expressions = this.#expressions();
    const sessions = new Sessions(
      repository,
      this.#run,
      this.#io,
      expressions,
    );
    const session = await sessions.open();
    const log = debugLog(this.#run, this.#io.emit, "imap");
    return new ImapConnection(session, {
      step: this.#io.step,
      ...(log === undefined ? {} : { log }),
      timeoutMs: sessions.timeoutMs,
    });
  }

  #expressions(): Expressions {
    const { account, pythonFile } = this.#run;
    return new Expressions({
      pythonFile,
      onOutput: (text) =>
        this.#io.emit({ type: "notice", account: account.name, text }),
      outside: this.#io.broker?.python(),
    });
  }

  /** The server speaks of `decoded`; the account may call it otherwise. */
  #heard(side: Side, decoded: string | undefined, doubtful: boolean): void {
    if (decoded === undefined) return this.news.note(side, undefined, doubtful);
    const name = this.#nameOf(side, decoded);
    if (name !== undefined) this.news.note(side, name, doubtful);
  }

  #nameOf(side: Side, decoded: string): string | undefined {
    const plain = plainName(decoded);
    return this.kept.seen?.pairs.find((pair) => plainName(pair[side]) === plain)
      ?.[side];
  }

  #isPaired(side: Side, name: string): boolean {
    return this.kept.seen?.pairs.some((pair) => pair[side] === name) ?? true;
  }

  #renewMs({ keepAliveSeconds }: ImapRepository): number {
    if (keepAliveSeconds === 0) return RENEW_MS;
    return Math.min(keepAliveSeconds * 1_000, LONGEST_RENEW_MS);
  }

  #refreshLater(): void {
    const { local, remote } = this.#run.account;
    const every = [local, remote].flatMap((side) =>
      isImap(side) ? [this.#renewMs(side)] : []
    );
    this.#cancelRefresh = this.#parts.clock.after(Math.min(...every), () => {
      void this.kept.refresh();
      if (!this.#stopped) this.#refreshLater();
    });
  }

  #wake(ms: number): void {
    const seconds = Math.round(ms / 1_000);
    this.#notice(
      `This machine stood still for ${seconds} seconds; all connections are ` +
        "opened again",
    );
    this.kept.drop();
    for (const server of this.#servers.values()) server.reset();
    if (this.#servers.size > 0) this.news.note("remote", undefined, true);
  }

  #prove(): void {
    this.kept.drop();
    for (const server of this.#servers.values()) server.prove(PROOF_MS);
  }

  #notice(text: string): void {
    const account = this.#run.account.name;
    this.#io.emit({ type: "notice", account, text });
  }

  #warn(text: string, hint?: string): void {
    this.#io.emit({
      type: "warning",
      account: this.#run.account.name,
      code: "watch",
      text,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** In one spelling, whatever `utf8foldernames` says. */
function plainName(name: string): string {
  return isInbox(name) ? "INBOX" : decodeMailboxName(name);
}

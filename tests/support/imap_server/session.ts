/** One connection: its state, its loop, and where the vices get in. */
import { ArgumentReader } from "./argument_reader.ts";
import { ByteReader, StreamEnd } from "./byte_reader.ts";
import { ByteWriter } from "./byte_writer.ts";
import { Call } from "./call.ts";
import type { LoggedCommand } from "./command_log.ts";
import { type CommandPart, readCommand } from "./command_reader.ts";
import { CommandRefusal, formatCompletion } from "./completion.ts";
import { mayExpunge, perform } from "./perform.ts";
import { writeEndlessLine, writeStrayBytes } from "./stray_bytes.ts";
import { refusalBefore } from "./intercept.ts";
import { loggedText, namedMailbox } from "./logged_text.ts";
import { decodeMailboxName, encodeMailboxName } from "./utf7.ts";
import type { Notifier } from "./notifier.ts";
import { capabilityNames, type Profile } from "./profile.ts";
import { refusesLiteral } from "./refuse_literal.ts";
import type { Account, SessionHost } from "./session_host.ts";
import { finish, type Transport } from "./transport.ts";
import { writeUpdates } from "./updates.ts";
import type { View } from "./view.ts";

/** What ENABLE (or a command that implies it) switched on. */
export type Enabled = "CONDSTORE" | "QRESYNC" | "UTF8=ACCEPT" | "IMAP4REV2";

/** A connection from greeting to end. */
export class Session {
  readonly writer: ByteWriter;
  readonly reader: ByteReader;
  readonly enabled = new Set<Enabled>();
  profile: Profile;
  account: Account | undefined;
  view: View | undefined;
  secure: boolean;
  compressed = false;
  /** Set while IDLE wants to hear of changes at once. */
  idling = false;
  /** What NOTIFY set. */
  notifier: Notifier | undefined;
  /** How often the server had answered and then waited for the client. */
  roundTrips = 0;
  /** Commands since the greeting. */
  commandCount = 0;
  /** Lines that go out with the next command: replies that come late. */
  readonly lateLines: string[] = [];
  #transport: Transport;
  #answeredUpTo = 0;
  #closing = false;
  #abrupt = false;
  #byeReason: string | undefined;
  #afterReply: (() => void | Promise<void>) | undefined;

  constructor(
    readonly host: SessionHost,
    /** The connection's number, from 1. */
    readonly id: number,
    transport: Transport,
    secure: boolean,
  ) {
    this.#transport = transport;
    this.profile = host.profile;
    this.secure = secure;
    this.writer = new ByteWriter(transport);
    this.reader = new ByteReader(transport, () => this.#beforeWait());
  }

  /** Serves the connection to its end; never rejects. */
  async run(): Promise<void> {
    try {
      for (const vice of this.host.vices.ofConnection("cutStream", this.id)) {
        this.writer.addFault({
          atByte: vice.atByte,
          action: vice.action ?? "cut",
        });
      }
      this.writer.text(
        `* OK [${this.capabilities()}] ${this.profile.name} ready.\r\n`,
      );
      while (!this.#closing) await this.#next();
      await this.writer.flush();
    } catch (error) {
      if (!(error instanceof StreamEnd)) this.host.failed(error);
    } finally {
      this.leaveMailbox();
      this.notifier?.stop();
      if (this.#abrupt) this.#transport.close();
      else await finish(this.#transport);
    }
  }

  /** The CAPABILITY response without `* `. */
  capabilities(): string {
    const names = capabilityNames(this.profile, {
      authenticated: this.account !== undefined,
      secure: this.secure,
      startTls: this.host.tls !== undefined,
      compressed: this.compressed,
    });
    return `CAPABILITY ${this.host.advertised(names).join(" ")}`;
  }

  /** Writes `* text`. */
  untagged(text: string): void {
    this.writer.text(`* ${text}\r\n`);
  }

  /** Writes `+ text`, which goes out even if the reply will be lost. */
  prompt(text: string): void {
    const { muted } = this.writer;
    this.writer.muted = false;
    this.writer.text(`+ ${text}\r\n`);
    this.writer.muted = muted;
  }

  /** Leaves the selected mailbox, if there is one. */
  leaveMailbox(): void {
    this.view?.close();
    this.view = undefined;
  }

  /** Switches something on; QRESYNC brings CONDSTORE with it. */
  enable(what: Enabled): void {
    this.enabled.add(what);
    if (what === "QRESYNC") this.enabled.add("CONDSTORE");
  }

  /** Whether names and strings are UTF-8 on this connection. */
  get utf8(): boolean {
    return this.enabled.has("UTF8=ACCEPT") || this.enabled.has("IMAP4REV2");
  }

  /** The mailbox name that a client means. @throws {CommandRefusal} */
  decodeName(wire: string): string {
    for (const mailbox of this.account?.store.mailboxes.values() ?? []) {
      if (mailbox.wireName === wire) return mailbox.name;
    }
    const name = this.utf8 ? wire : decodeMailboxName(wire);
    if (name === undefined) {
      throw new CommandRefusal("Mailbox name is not valid mUTF-7", "CANNOT");
    }
    return name;
  }

  /** A mailbox name as this connection spells it, not quoted. */
  wireName(name: string): string {
    return this.account?.store.find(name)?.wireName ??
      (this.utf8 ? name : encodeMailboxName(name));
  }

  /** A mailbox name as an atom or quoted string of this connection. */
  encodeName(name: string): string {
    const wire = this.wireName(name);
    // NIL as an atom would be no name but nothing.
    const atom = !this.profile.quoteNames && wire.toUpperCase() !== "NIL" &&
      /^[A-Za-z0-9&+,./:;=@_-]+$/.test(wire);
    return atom ? wire : `"${wire.replaceAll(/["\\]/g, "\\$&")}"`;
  }

  /** Announces what changed in the selected mailbox. */
  announce(expunge: boolean): void {
    if (this.view !== undefined) writeUpdates(this, this.view, expunge);
  }

  /** Called by the view: announces at once while idling. */
  readonly wake = (): void => {
    if (!this.idling && this.notifier?.selected === undefined) return;
    // Several edits in one go become one announcement.
    queueMicrotask(() => {
      const selected = this.notifier?.selected;
      if (!this.idling && selected === undefined) return;
      this.announce(this.idling || selected === "now");
      this.writer.flush().catch(() => {});
    });
  };

  /** Called by the view: the selected mailbox is no longer what it was. */
  readonly thrownOut = (reason: string): void => {
    this.view = undefined;
    this.#byeReason = `${reason}, have to disconnect`;
    if (this.idling) this.close(this.#byeReason);
  };

  /** Says BYE (if there is a reason) and ends the connection gently. */
  close(bye?: string): void {
    if (bye !== undefined) this.untagged(`BYE ${bye}`);
    this.#closing = true;
    this.writer.flush().then(() => this.#transport.closeWrite())
      .catch(() => {});
  }

  /** Runs `step` once the reply of the running command is sent. */
  afterReply(step: () => void | Promise<void>): void {
    this.#afterReply = step;
  }

  /** The running command's reply is the last. */
  endAfterReply(): void {
    this.#closing = true;
  }

  /** Ends the connection at once; what is unsent is lost. */
  cut(): void {
    this.#closing = true;
    this.#abrupt = true;
    this.#transport.close();
  }

  /** Reads on and on and never answers again. */
  async hang(): Promise<never> {
    await this.writer.flush();
    this.writer.stall();
    for (;;) await this.reader.line(1 << 20);
  }

  /** Goes on over another transport (TLS, COMPRESS); all output is out. */
  switchTo(transport: Transport): void {
    this.#transport = transport;
    this.reader.switchTo(transport);
    this.writer.switchTo(transport);
  }

  /** The transport below, to put another one on top. */
  get transport(): Transport {
    return this.#transport;
  }

  async #beforeWait(): Promise<void> {
    await this.writer.flush();
    if (this.writer.bytesOut > this.#answeredUpTo) {
      this.#answeredUpTo = this.writer.bytesOut;
      this.roundTrips++;
    }
  }

  async #next(): Promise<void> {
    const raw = await readCommand(this.reader, {
      literals: this.profile.literals,
      maxLineBytes: this.profile.maxLineBytes,
      invite: (parts, length) => this.#invite(parts, length),
    });
    switch (raw.kind) {
      case "overlong":
        this.untagged("BAD Error in IMAP command: Too long argument.");
        return;
      case "bad-literal":
        this.writer.text(`${tagOf(raw.parts)} BAD Literal not allowed.\r\n`);
        return this.close("Literal not allowed");
      case "refused":
        return;
      case "command":
        return await this.#execute(raw.parts);
    }
  }

  async #invite(
    parts: readonly CommandPart[],
    length: number,
  ): Promise<boolean> {
    const refusal = refusesLiteral(this, parts, length);
    if (refusal !== undefined) {
      this.writer.text(`${tagOf(parts)} ${formatCompletion(refusal)}\r\n`);
      return false;
    }
    this.prompt("OK");
    await this.writer.flush();
    return true;
  }

  async #execute(parts: readonly CommandPart[]): Promise<void> {
    const args = new ArgumentReader(parts);
    let tag = "*";
    let name = "";
    try {
      tag = args.atom();
      args.space();
      name = args.word();
      if (name === "UID") {
        args.space();
        name = `UID ${args.word()}`;
      }
    } catch {
      this.writer.text(`${tag} BAD Error in IMAP command.\r\n`);
      return;
    }
    this.commandCount++;
    const mailbox = namedMailbox(this, name, parts) ??
      this.view?.mailbox.name;
    const entry = this.host.log.add({
      connection: this.id,
      tag,
      name,
      text: loggedText(name, parts),
      mailbox,
      at: performance.now(),
    });
    const vices = this.host.vices.decide({
      command: name,
      connection: this.id,
      mailbox,
    });
    const call = new Call(this, tag, name, args, vices);
    try {
      await this.#carryOut(call, entry);
    } catch (error) {
      if (error instanceof StreamEnd && entry.outcome === "running") {
        entry.outcome = "cut";
      }
      throw error;
    }
  }

  async #carryOut(call: Call, entry: LoggedCommand): Promise<void> {
    const { vices, tag } = call;
    if (this.#byeReason !== undefined) {
      entry.outcome = "BYE";
      return this.close(this.#byeReason);
    }
    const refusal = await this.host.beforeCommand(this, entry) ??
      await refusalBefore(call);
    if (vices.get("cutBefore") !== undefined) {
      await this.writer.flush();
      entry.outcome = "cut";
      return this.cut();
    }
    if (refusal === "BYE") {
      entry.outcome = "BYE";
      return;
    }
    writeStrayBytes(this, vices, "before");
    const lost = vices.get("lostReply");
    const silent = vices.get("stall")?.at === "executed";
    if (lost !== undefined || silent) await this.writer.flush();
    this.writer.muted = silent ||
      lost !== undefined && lost.untaggedSent !== true;
    const late = this.lateLines.splice(0);
    const done = refusal ?? await perform(call);
    if (done.status !== "BAD") {
      this.announce(mayExpunge(call));
    }
    if (lost !== undefined) {
      entry.outcome = "lost";
      await this.writer.flush();
      return this.cut();
    }
    if (silent) {
      entry.outcome = "lost";
      this.writer.muted = false;
      await this.hang();
    }
    writeStrayBytes(this, vices, "after");
    for (const line of late) this.untagged(line);
    entry.outcome = done.status;
    this.writer.text(`${tag} ${formatCompletion(done)}\r\n`);
    await this.#afterwards(call, entry);
  }

  async #afterwards(call: Call, entry: LoggedCommand): Promise<void> {
    const { vices } = call;
    await this.host.afterCommand(entry);
    if (this.writer.full) await this.writer.flush();
    const step = this.#afterReply;
    if (step !== undefined) {
      this.#afterReply = undefined;
      await this.writer.flush();
      await step();
    }
    if (vices.get("cutAfter") !== undefined) this.close();
    if (vices.get("stall")?.at === "after") await this.hang();
    if (vices.get("endlessLine") !== undefined) await writeEndlessLine(this);
  }
}

function tagOf(parts: readonly CommandPart[]): string {
  const [first] = parts;
  const match = first?.kind === "text"
    ? /^[^\s(){%*"\\]+/.exec(first.text)
    : null;
  return match?.[0] ?? "*";
}

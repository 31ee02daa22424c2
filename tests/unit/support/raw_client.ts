/** A bare IMAP client for tests of the scripted server: text in, lines out. */

/** What came back for one command. */
export interface RawReply {
  /** Untagged responses without CRLF; literals are put in place of `{n}`. */
  readonly untagged: readonly string[];
  /** The tagged line without its tag: `OK [READ-WRITE] …`. */
  readonly tagged: string;
}

/** One connection; bytes are shown as one character each (U+0000 to U+00FF). */
export class RawClient implements AsyncDisposable {
  /** Everything that came in. */
  seen = "";
  #buffer = "";
  #ended = false;
  #lastTag = 0;

  private constructor(readonly conn: Deno.TcpConn | Deno.TlsConn) {}

  /** Connects and reads the greeting. */
  static async connect(
    port: number,
    tls?: { caCerts: string[] },
  ): Promise<RawClient> {
    const where = { hostname: "127.0.0.1", port };
    const conn = tls === undefined
      ? await Deno.connect(where)
      : await Deno.connectTls({ ...where, hostname: "localhost", ...tls });
    return new RawClient(conn);
  }

  /** Connects, reads the greeting and logs in. */
  static async login(
    port: number,
    user = "user",
    password = "secret",
  ): Promise<RawClient> {
    const client = await RawClient.connect(port);
    await client.response();
    await client.command(`LOGIN ${user} ${password}`);
    return client;
  }

  /** The client after TLS; this one is of no use then. */
  async startTls(tls: { caCerts: string[] }): Promise<RawClient> {
    const { conn } = this;
    if (!("setNoDelay" in conn)) throw new Error("TLS was started before");
    return new RawClient(
      await Deno.startTls(conn, { hostname: "localhost", ...tls }),
    );
  }

  /** Sends text as bytes. */
  async send(text: string): Promise<void> {
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    for (let at = 0; at < bytes.length;) {
      at += await this.conn.write(bytes.subarray(at));
    }
  }

  /** A fresh tag. */
  nextTag(): string {
    return `a${++this.#lastTag}`;
  }

  /** Sends a command (literals non-synchronising in place), awaits its end. */
  async command(text: string): Promise<RawReply> {
    const tag = this.nextTag();
    await this.send(`${tag} ${text}\r\n`);
    return await this.reply(tag);
  }

  /** Reads up to the tagged reply. */
  async reply(tag: string): Promise<RawReply> {
    const untagged: string[] = [];
    for (;;) {
      const line = await this.response();
      if (line.startsWith(`${tag} `)) {
        return { untagged, tagged: line.slice(tag.length + 1) };
      }
      untagged.push(line.replace(/^\* /, ""));
    }
  }

  /** One response, literals included. @throws {Error} At the end of stream. */
  async response(): Promise<string> {
    let response = "";
    for (;;) {
      const at = await this.#find("\r\n");
      const line = this.#take(at);
      this.#take(2);
      const match = /^(.*)\{(\d+)\}$/s.exec(line);
      if (match === null) return response + line;
      const length = Number(match[2]);
      while (this.#buffer.length < length) await this.#fill();
      response += match[1] + this.#take(length);
    }
  }

  /** Everything up to the end of the stream. */
  async rest(): Promise<string> {
    try {
      for (;;) await this.#fill();
    } catch {
      return this.#take(this.#buffer.length);
    }
  }

  /** Whether nothing arrives within some milliseconds. */
  async silentFor(ms: number): Promise<boolean> {
    if (this.#buffer !== "") return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(true), ms);
    this.#fill().then(() => resolve(false), () => resolve(false));
    const silent = await promise;
    clearTimeout(timer);
    return silent;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.conn.close();
    } catch {
      // Closed before.
    }
    await Promise.resolve();
  }

  async #find(text: string): Promise<number> {
    for (;;) {
      const at = this.#buffer.indexOf(text);
      if (at >= 0) return at;
      await this.#fill();
    }
  }

  #take(length: number): string {
    const text = this.#buffer.slice(0, length);
    this.#buffer = this.#buffer.slice(length);
    return text;
  }

  async #fill(): Promise<void> {
    if (this.#ended) throw new Error("End of stream");
    const chunk = new Uint8Array(65_536);
    const count = await this.conn.read(chunk).catch(() => null);
    if (count === null) {
      this.#ended = true;
      throw new Error(`End of stream after "${this.#buffer.slice(0, 80)}"`);
    }
    let text = "";
    for (let at = 0; at < count; at += 8192) {
      text += String.fromCharCode(
        ...chunk.subarray(at, Math.min(count, at + 8192)),
      );
    }
    this.#buffer += text;
    this.seen += text;
  }
}

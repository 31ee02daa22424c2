/**
 * An IMAP server with one mailbox of made-up messages that are only ever listed:
 * `deno run --allow-net bench/listing_server.ts MESSAGES`. It has no CONDSTORE,
 * so that every look at it is a listing of all flags. Prints its port as JSON.
 */

const CAPABILITIES =
  "IMAP4rev1 LITERAL+ UIDPLUS LIST-EXTENDED LIST-STATUS NAMESPACE ID";
const FLAGS = ["\\Seen", "", "\\Seen \\Answered", "\\Seen \\Flagged"];
const ROWS_AT_ONCE = 1_000;

/** The flags of a made-up message. */
export function flagsOfUid(uid: number): string {
  return FLAGS[uid % FLAGS.length] ?? "";
}

const encoder = new TextEncoder();

/** One client until it leaves. */
class Session {
  constructor(readonly socket: Deno.Conn, readonly messages: number) {}

  async serve(): Promise<void> {
    await this.#send(`* OK [CAPABILITY ${CAPABILITIES}] ready\r\n`);
    const lines = this.socket.readable
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(splitLines());
    for await (const line of lines) {
      const [tag = "", ...words] = line.split(" ");
      await this.#answer(words.join(" "));
      await this.#send(`${tag} OK [CAPABILITY ${CAPABILITIES}] done\r\n`);
    }
  }

  async #answer(command: string): Promise<void> {
    const counts = `MESSAGES ${this.messages} UIDNEXT ${this.messages + 1}`;
    if (/^ID/.test(command)) await this.#send("* ID NIL\r\n");
    else if (/^NAMESPACE/.test(command)) {
      await this.#send('* NAMESPACE (("" "/")) NIL NIL\r\n');
    } else if (/^LIST/.test(command)) {
      await this.#send(
        `* LIST () "/" INBOX\r\n* STATUS INBOX (${counts} UIDVALIDITY 1)\r\n`,
      );
    } else if (/^(SELECT|EXAMINE)/.test(command)) {
      await this.#send(
        `* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)\r\n` +
          `* ${this.messages} EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n` +
          `* OK [UIDNEXT ${this.messages + 1}] x\r\n`,
      );
    } else if (/^UID FETCH/.test(command)) await this.#list();
    else if (/^LOGOUT/.test(command)) await this.#send("* BYE\r\n");
  }

  async #list(): Promise<void> {
    for (let from = 1; from <= this.messages; from += ROWS_AT_ONCE) {
      let rows = "";
      const end = Math.min(this.messages, from + ROWS_AT_ONCE - 1);
      for (let uid = from; uid <= end; uid++) {
        rows += `* ${uid} FETCH (UID ${uid} FLAGS (${flagsOfUid(uid)}))\r\n`;
      }
      await this.#send(rows);
    }
  }

  async #send(text: string): Promise<void> {
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length;) {
      at += await this.socket.write(bytes.subarray(at));
    }
  }
}

function splitLines(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(text, controller) {
      const lines = (rest + text).split("\r\n");
      rest = lines.pop() ?? "";
      lines.forEach((line) => controller.enqueue(line));
    },
  });
}

if (import.meta.main) {
  const messages = Number(Deno.args[0]);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await Deno.stdout.write(
    encoder.encode(`${JSON.stringify({ port: listener.addr.port })}\n`),
  );
  for await (const socket of listener) {
    // A client that hangs up is none of our business.
    new Session(socket, messages).serve().catch(() => {});
  }
}

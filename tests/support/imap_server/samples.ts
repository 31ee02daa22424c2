/** A few hundred sample messages in nested mailboxes, the same every time. */
import { concatBytes, encodeUtf8, fromByteString } from "./bytes.ts";
import type { MailboxSeed, MessageSeed } from "./options.ts";
import { pick, seededRandom } from "./random.ts";
import { PEOPLE, type Person, SENTENCES, TOPICS } from "./sample_texts.ts";

/** How many, where, and which. */
export interface SampleOptions {
  /** The same seed gives the same mail. @default 1 */
  readonly seed?: number;
  /** Messages in all; odd ones included. @default 300 */
  readonly messages?: number;
  /** @default "/" */
  readonly separator?: string;
  /** Before every name but INBOX: `INBOX.` on some servers. @default "" */
  readonly prefix?: string;
  /** The newest message is from this moment. @default 1 November 2026 */
  readonly newest?: Date;
}

/** Mailboxes as levels, with their share of the mail. */
const LAYOUT: readonly {
  readonly path: readonly string[];
  readonly share: number;
  readonly use?: string;
}[] = [
  { path: ["INBOX"], share: 30 },
  { path: ["Archive"], share: 0, use: "\\Archive" },
  { path: ["Archive", "2024"], share: 12 },
  { path: ["Archive", "2025"], share: 12 },
  { path: ["Drafts"], share: 2, use: "\\Drafts" },
  { path: ["Lists"], share: 4 },
  { path: ["Lists", "deno"], share: 10 },
  { path: ["Lists", "mutt-users"], share: 10 },
  { path: ["Projects", "Garden", "Plans & Costs"], share: 5 },
  { path: ["Reisen", "Zürich – Übernachtung"], share: 4 },
  { path: ["Sent"], share: 8, use: "\\Sent" },
  { path: ["Trash"], share: 2, use: "\\Trash" },
  { path: ["日本語"], share: 1 },
];

const FLAG_SETS: readonly (readonly string[])[] = [
  ["\\Seen"],
  ["\\Seen"],
  ["\\Seen"],
  [],
  ["\\Seen", "\\Answered"],
  ["\\Seen", "\\Flagged"],
  ["\\Seen", "$Forwarded"],
  ["\\Seen", "\\Flagged", "todo"],
];

const MINUTE_MS = 60_000;

/** Mailboxes with messages for `startImapServer` (and for files). */
export function sampleMailboxes(options: SampleOptions = {}): MailboxSeed[] {
  const { messages = 300, separator = "/", prefix = "" } = options;
  const newest = options.newest ?? new Date("2026-11-01T12:00:00Z");
  const random = seededRandom(options.seed ?? 1);
  const shares = LAYOUT.reduce((sum, { share }) => sum + share, 0);
  let left = messages;
  return LAYOUT.map(({ path, share, use }, index) => {
    const last = index === LAYOUT.length - 1;
    const count = last ? left : Math.floor(messages * share / shares);
    left -= count;
    const name = path.join(separator);
    return {
      name: name === "INBOX" ? name : prefix + name,
      ...(use === undefined ? {} : { specialUse: [use] }),
      messages: conversation(random, count, newest, use === "\\Drafts"),
    };
  });
}

/** One message of the usual kind; `odd` ones are in {@link oddMessages}. */
export function sampleMessage(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const date = new Date(Date.UTC(2026, 0, 1) + Math.floor(random() * 2e10));
  return compose(random, { date, subject: pick(random, TOPICS) }).source;
}

function conversation(
  random: () => number,
  count: number,
  newest: Date,
  drafts: boolean,
): MessageSeed[] {
  const odd = oddMessages();
  const seeds: MessageSeed[] = [];
  let thread: Letter[] = [];
  let at = newest.getTime() - count * 700 * MINUTE_MS;
  for (let n = 0; n < count; n++) {
    at += Math.floor(random() * 1300 * MINUTE_MS);
    const date = new Date(Math.min(at, newest.getTime()));
    const flags = drafts ? ["\\Draft"] : pick(random, FLAG_SETS);
    // Every ninth one is odd in some way; mail of years has all of these.
    if (n % 9 === 8) {
      const source = pick(random, odd);
      seeds.push({ source, flags, internalDate: date });
      continue;
    }
    if (thread.length === 0 || random() < 0.4) thread = [];
    const parent = thread.at(-1);
    const letter = compose(random, {
      date,
      subject: parent?.subject ?? pick(random, TOPICS),
      ...(parent === undefined ? {} : { parent }),
    });
    thread.push(letter);
    seeds.push({ source: letter.source, flags, internalDate: date });
  }
  return seeds;
}

interface Letter {
  readonly subject: string;
  readonly messageId: string;
  readonly references: readonly string[];
  readonly source: Uint8Array;
}

interface LetterPlan {
  readonly date: Date;
  readonly subject: string;
  readonly parent?: Letter;
}

function compose(random: () => number, plan: LetterPlan): Letter {
  const { parent } = plan;
  const from = pick(random, PEOPLE);
  const id = Math.floor(random() * 1e12).toString(36);
  const messageId = `<${id}@${from.address.split("@")[1]}>`;
  const references = parent === undefined
    ? []
    : [...parent.references, parent.messageId];
  const subject = parent === undefined ? plan.subject : `Re: ${plan.subject}`;
  const header = [
    `Return-Path: <${from.address}>`,
    `Received: from mail.example.org by mx.example.net with ESMTPS id ${id};`,
    `\t${headerDate(plan.date)}`,
    `Date: ${headerDate(plan.date)}`,
    `From: ${mailbox(from)}`,
    `To: ${mailbox(pick(random, PEOPLE))}`,
    `Subject: ${encodedWord(subject)}`,
    `Message-ID: ${messageId}`,
    ...(parent === undefined ? [] : [
      `In-Reply-To: ${parent.messageId}`,
      `References: ${references.join("\r\n ")}`,
    ]),
    "MIME-Version: 1.0",
  ];
  const source = random() < 0.2 ? withAttachment(random, header, id) : [
    ...header,
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    paragraphs(random),
    "",
  ].join("\r\n");
  return {
    subject: plan.subject,
    messageId,
    references,
    source: encodeUtf8(source),
  };
}

function withAttachment(
  random: () => number,
  header: readonly string[],
  boundary: string,
): string {
  const size = 500 + Math.floor(random() * 8000);
  const bytes = Array.from(
    { length: size },
    () => String.fromCharCode(random() * 256),
  ).join("");
  const lines = btoa(bytes).replaceAll(/.{76}/g, "$&\r\n");
  return [
    ...header,
    `Content-Type: multipart/mixed; boundary="=_${boundary}"`,
    "",
    `--=_${boundary}`,
    "Content-Type: text/plain; charset=utf-8",
    "",
    paragraphs(random),
    `--=_${boundary}`,
    'Content-Type: application/pdf; name="plan.pdf"',
    "Content-Transfer-Encoding: base64",
    'Content-Disposition: attachment; filename="plan.pdf"',
    "",
    lines,
    `--=_${boundary}--`,
    "",
  ].join("\r\n");
}

/** Messages as no standard wants them and every mailbox has them. */
export function oddMessages(): Uint8Array[] {
  const plain =
    "Date: Mon, 2 Feb 2026 10:00:00 +0100\r\nFrom: a@example.org\r\n";
  return [
    // Without a Message-ID.
    encodeUtf8(`${plain}Subject: no id\r\n\r\nHello\r\n`),
    // The same Message-ID more than once, with other contents.
    encodeUtf8(`${plain}Message-ID: <twin@example.org>\r\n\r\nFirst\r\n`),
    encodeUtf8(`${plain}Message-ID: <twin@example.org>\r\n\r\nSecond\r\n`),
    // An empty body, with and without the blank line.
    encodeUtf8(`${plain}Message-ID: <empty@example.org>\r\n\r\n`),
    encodeUtf8(`${plain}Message-ID: <headonly@example.org>\r\n`),
    // Nothing but a body.
    encodeUtf8("\r\nA body without a header\r\n"),
    // UTF-8 in the header, not encoded.
    encodeUtf8(`${plain}Subject: Grüße – 你好\r\n\r\nHallo\r\n`),
    // Latin-1 in header and body.
    concatBytes([
      encodeUtf8(`${plain}Message-ID: <latin1@example.org>\r\n`),
      fromByteString("Subject: caf\xe9\r\n\r\nna\xefve caf\xe9\r\n"),
    ]),
    // A line of ten thousand characters.
    encodeUtf8(`${plain}Subject: long line\r\n\r\n${"x".repeat(10_000)}\r\n`),
    // No line end at the end; a dot, a From and a boundary that is not one.
    encodeUtf8(`${plain}Subject: ends\r\n\r\n.\r\nFrom here\r\n--no\r\nlast`),
    // A header folded with a tab, an unknown charset, an impossible date.
    encodeUtf8(
      "Date: yesterday\r\nFrom: =?x-unknown?Q?A=FF?= <a@example.org>\r\n" +
        "Subject: folded\r\n\tsubject\r\nContent-Type: text/plain;\r\n" +
        " charset=x-unknown\r\n\r\nText\r\n",
    ),
  ];
}

function paragraphs(random: () => number): string {
  const count = 1 + Math.floor(random() * 6);
  return Array.from({ length: count }, () => {
    const sentences = 1 + Math.floor(random() * 5);
    return Array.from({ length: sentences }, () => pick(random, SENTENCES))
      .join("\r\n");
  }).join("\r\n\r\n");
}

function mailbox({ name, address }: Person): string {
  return `${encodedWord(name)} <${address}>`;
}

/** RFC 2047 where it is needed. */
function encodedWord(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const bytes = encodeUtf8(text);
  return `=?utf-8?B?${btoa(String.fromCharCode(...bytes))}?=`;
}

/** `Sun, 01 Nov 2026 12:00:00 +0000`. */
function headerDate(date: Date): string {
  return date.toUTCString().replace("GMT", "+0000");
}

/** SEARCH keys as a predicate over messages (RFC 3501 §6.4.4). */
import { type ArgumentReader, CommandSyntax } from "./argument_reader.ts";
import { decodeUtf8 } from "./bytes.ts";
import { hasFlag } from "./flags.ts";
import type { Gmail } from "./gmail.ts";
import { splitMessage } from "./header.ts";
import { dayOf, dayOfHeaderDate, parseSearchDay } from "./internal_date.ts";
import type { Message } from "./message.ts";
import { inRanges, parseNumberSet } from "./numset.ts";
import type { View } from "./view.ts";

/** Whether a message matches; `sequence` is its number in the view. */
export type Predicate = (message: Message, sequence: number) => boolean;

/** A search that was read. */
export interface SearchProgram {
  readonly matches: Predicate;
  /** MODSEQ was used: the reply names the highest one (RFC 7162 §3.1.5). */
  readonly usesModSeq: boolean;
}

/** Reads keys up to the end of the command. @throws {CommandSyntax} */
export function readSearch(
  args: ArgumentReader,
  view: View,
  gmail?: Gmail,
): SearchProgram {
  const reader = new KeyReader(args, view, gmail);
  const keys = [reader.key()];
  while (!args.atEnd) {
    args.space();
    keys.push(reader.key());
  }
  return { matches: every(keys), usesModSeq: reader.usesModSeq };
}

const FLAG_KEYS: { readonly [key: string]: string } = {
  ANSWERED: "\\Answered",
  DELETED: "\\Deleted",
  DRAFT: "\\Draft",
  FLAGGED: "\\Flagged",
  SEEN: "\\Seen",
};

const HEADER_KEYS = ["BCC", "CC", "FROM", "SUBJECT", "TO"];

class KeyReader {
  usesModSeq = false;

  constructor(
    readonly args: ArgumentReader,
    readonly view: View,
    readonly gmail: Gmail | undefined,
  ) {}

  key(): Predicate {
    const { args, view } = this;
    const next = args.peek();
    if (next === "(") return every(args.list(() => this.key()));
    if (/[\d*]/.test(next)) {
      const set = this.#set(view.messages.length);
      return (_, sequence) => inRanges(set, sequence);
    }
    const word = args.word();
    const flag = FLAG_KEYS[word];
    if (flag !== undefined) return (m) => hasFlag(m.flags, flag);
    const unset = word.startsWith("UN") ? FLAG_KEYS[word.slice(2)] : undefined;
    if (unset !== undefined) return (m) => !hasFlag(m.flags, unset);
    if (HEADER_KEYS.includes(word)) {
      args.space();
      return headerHolds(word, args.text());
    }
    return this.#other(word);
  }

  #other(word: string): Predicate {
    const { args, view } = this;
    switch (word) {
      case "ALL":
        return () => true;
      case "RECENT":
        return (m) => view.recent.has(m.uid);
      case "OLD":
        return (m) => !view.recent.has(m.uid);
      case "NEW":
        return (m) => view.recent.has(m.uid) && !hasFlag(m.flags, "\\Seen");
      case "NOT": {
        args.space();
        const key = this.key();
        return (m, s) => !key(m, s);
      }
      case "OR": {
        args.space();
        const one = this.key();
        args.space();
        const two = this.key();
        return (m, s) => one(m, s) || two(m, s);
      }
      case "UID": {
        args.space();
        const set = this.#set(view.largestUid);
        return (m) => inRanges(set, m.uid);
      }
      case "KEYWORD":
      case "UNKEYWORD": {
        args.space();
        const keyword = args.flag();
        return (m) => hasFlag(m.flags, keyword) === (word === "KEYWORD");
      }
      case "LARGER":
      case "SMALLER": {
        args.space();
        const size = args.number();
        return word === "LARGER"
          ? (m) => m.source.length > size
          : (m) => m.source.length < size;
      }
      case "HEADER": {
        args.space();
        const name = args.text();
        args.space();
        return headerHolds(name, args.text());
      }
      case "BODY":
      case "TEXT": {
        args.space();
        return contains(word, args.text());
      }
      case "MODSEQ":
        return this.#modSeq();
      case "EMAILID": {
        args.space();
        const id = args.text();
        return (m) => m.emailId === id;
      }
      case "X-GM-MSGID":
      case "X-GM-THRID": {
        args.space();
        const id = args.text();
        return (m) => m.emailId === id;
      }
      case "X-GM-LABELS": {
        args.space();
        const label = args.text();
        const { gmail } = this;
        return (m) => gmail?.labelsOf(m).includes(label) ?? false;
      }
      default:
        return this.#date(word);
    }
  }

  #date(word: string): Predicate {
    const match = /^(SENT)?(SINCE|BEFORE|ON)$/.exec(word);
    if (match === null) throw new CommandSyntax(`Unknown key ${word}`);
    this.args.space();
    const day = parseSearchDay(this.args.text());
    if (day === undefined) throw new CommandSyntax("Invalid date");
    const of = match[1] === undefined
      ? (m: Message) => dayOf(m.internalDate)
      : (m: Message) => dayOfHeaderDate(m.headerValue("date") ?? "");
    // Without a date a message counts as old, as Dovecot has it.
    const holds = (actual = 0) => {
      if (match[2] === "SINCE") return actual >= day;
      return match[2] === "BEFORE" ? actual < day : actual === day;
    };
    return (m) => holds(of(m));
  }

  #modSeq(): Predicate {
    const { args } = this;
    args.space();
    // An entry name and type may come first; we keep one MODSEQ for all flags.
    if (args.peek() === '"') {
      args.string();
      args.space();
      args.atom();
      args.space();
    }
    const modSeq = args.bigNumber();
    this.usesModSeq = true;
    return (m) => m.modSeq >= modSeq;
  }

  #set(largest: number) {
    const set = parseNumberSet(this.args.setText(), largest);
    if (set === undefined) throw new CommandSyntax("Invalid message set");
    return set;
  }
}

function every(keys: readonly Predicate[]): Predicate {
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) return only;
  return (m, s) => keys.every((key) => key(m, s));
}

function headerHolds(name: string, text: string): Predicate {
  const key = name.toLowerCase();
  const needle = text.toLowerCase();
  return (m) =>
    m.header.some((field) =>
      field.key === key && field.value.toLowerCase().includes(needle)
    );
}

function contains(where: "BODY" | "TEXT", text: string): Predicate {
  const needle = text.toLowerCase();
  return (m) => {
    const bytes = where === "TEXT" ? m.source : splitMessage(m.source).body;
    return decodeUtf8(bytes).toLowerCase().includes(needle);
  };
}

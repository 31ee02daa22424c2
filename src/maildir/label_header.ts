/** Labels in a header of the local messages, spelled as OfflineIMAP spells them. */
import { Buffer } from "node:buffer";
import { decodeWords } from "./encoded_words.ts";
import { headerText } from "../sync/message_header.ts";

/** Headers whose labels are separated by blanks, exactly so spelled. */
const BLANK_SEPARATED: ReadonlySet<string> = new Set(["X-Label", "Keywords"]);

/** How labels are written beyond what the header itself can hold. */
export interface LabelSpelling {
  /** A label as the server has it: modified UTF-7 (RFC 3501 §5.1.3). */
  readonly encode: (label: string) => string;
  /** The label that such a text stands for, in any spelling; else the text. */
  readonly decode: (text: string) => string;
}

/** What {@link LabelHeader} is made of. */
export interface LabelHeaderOptions {
  /** `labelsheader`. */
  readonly name: string;
  /** `ignorelabels`, as a user writes them. */
  readonly ignored: readonly string[];
  readonly spelling: LabelSpelling;
}

/**
 * The header that holds a message's labels: `X-Keywords: \Inbox,Work`.
 *
 * ASCII labels are written as OfflineIMAP does, others as UTF-8 (it left them in
 * modified UTF-7, which is read too). A label that holds the separator, or reads
 * as another one, is written in modified UTF-7 with that character encoded. The
 * field is one line, however long: OfflineIMAP folds it within labels, or writes
 * encoded words, which are read as well.
 */
export class LabelHeader {
  readonly name: string;
  readonly #separator: string;
  readonly #spelling: LabelSpelling;
  readonly #ignored: ReadonlySet<string>;
  /** The field's name in lower case, in a set. */
  readonly names: ReadonlySet<string>;

  constructor({ name, ignored, spelling }: LabelHeaderOptions) {
    this.name = name;
    this.names = new Set([name.toLowerCase()]);
    this.#separator = BLANK_SEPARATED.has(name) ? " " : ",";
    this.#spelling = spelling;
    this.#ignored = new Set(
      ignored.flatMap((label) => [label, spelling.decode(label)]),
    );
  }

  /** Whether a label is left alone on both sides. */
  isIgnored(label: string): boolean {
    return this.#ignored.has(label);
  }

  /** The field for labels that are sorted, without line end; also for none. */
  format(labels: readonly string[]): string {
    const value = labels.map((label) => this.#spell(label))
      .join(this.#separator);
    return value === "" ? `${this.name}:` : `${this.name}: ${value}`;
  }

  /**
   * All labels in a message, ignored ones too.
   * @param bytes The message, or as much of its start as holds the header.
   * @param agreed What the status says of it. OfflineIMAP wrote labels that
   *   cannot be read back; a field that it wrote for these labels means them.
   */
  read(bytes: Uint8Array, agreed: readonly string[] = []): string[] {
    const texts = new Set(
      this.#values(bytes).flatMap((value) =>
        value.split(this.#separator).map((text) => text.trim())
          .filter((text) => text !== "")
      ),
    );
    const labels = [
      ...new Set(
        Array.from(texts, (text) => this.#spelling.decode(text)),
      ),
    ];
    const ignored = labels.filter((label) => this.isIgnored(label));
    const rest = [...texts].filter((text) =>
      !this.isIgnored(this.#spelling.decode(text))
    );
    return this.#isLegacy(rest, agreed) ? [...ignored, ...agreed] : labels;
  }

  #isLegacy(texts: readonly string[], agreed: readonly string[]): boolean {
    const pieces = new Set(
      agreed.flatMap((label) =>
        this.#spelling.encode(label).split(this.#separator)
          .map((text) => text.trim()).filter((text) => text !== "")
      ),
    );
    return pieces.size === texts.length && texts.every((t) => pieces.has(t));
  }

  /** The values of the fields of that name, unfolded. */
  #values(bytes: Uint8Array): string[] {
    const values: string[] = [];
    const wanted = this.name.toLowerCase();
    const text = headerText(bytes).replaceAll(/\n(?=[ \t])/g, "");
    for (const line of text.split("\n")) {
      const colon = line.indexOf(":");
      if (line.slice(0, colon).trimEnd().toLowerCase() !== wanted) continue;
      values.push(decodeWords(decodeValue(line.slice(colon + 1))));
    }
    return values;
  }

  #spell(label: string): string {
    const { encode, decode } = this.#spelling;
    const plain = label.isWellFormed() && !/[\x00-\x1f\x7f]/.test(label) &&
      !label.includes(this.#separator) && label === label.trim() &&
      !label.includes("=?") && decode(label) === label;
    if (plain) return label;
    const separator = this.#separator === " "
      ? / |=(?=\?)/g
      : /^ +| +$|,|=(?=\?)/g;
    return encode(label)
      // The comma of its base64 is the slash of everybody else's.
      .replaceAll(/&[A-Za-z0-9+,]+-/g, (run) => run.replaceAll(",", "/"))
      .replaceAll(separator, encodeAscii);
  }
}

/** Characters that modified UTF-7 has no need to encode, encoded: `,` is `&ACw-`. */
function encodeAscii(text: string): string {
  const bytes = Buffer.from(text, "utf16le").swap16();
  const base64 = bytes.toString("base64").replaceAll("=", "");
  return `&${base64}-`;
}

/** UTF-8, else a byte a character. */
function decodeValue(latin1: string): string {
  const bytes = Buffer.from(latin1, "latin1");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return latin1;
  }
}

/** `open(path)`: files to read, such as those that hold a password. */
import { decode } from "./codecs.ts";
import { asking } from "./environment.ts";
import { methodTable } from "./native.ts";
import { clampIndex } from "./numbers.ts";
import { Unsupported } from "./raised.ts";
import type { Arguments } from "./signature.ts";
import { Iter, type Runtime, type Value } from "./values.ts";

/** Largest file that is read. */
const LARGEST_FILE = 1 << 20;

/** A file that was read in full; iterating it gives its lines. */
export class TextFile extends Iter {
  #rest: string;

  constructor(text: string) {
    super("_io.TextIOWrapper", { next: () => this.#nextLine() });
    this.#rest = text;
  }

  /** Up to `size` characters, all that are left without. */
  read(size: number | undefined): string {
    const characters = Array.from(this.#rest);
    const count = size ?? characters.length;
    this.#rest = characters.slice(count).join("");
    return characters.slice(0, count).join("");
  }

  /** The next line with its end, empty at the end of the file. */
  readLine(): string {
    const end = this.#rest.indexOf("\n") + 1 || this.#rest.length;
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    return line;
  }

  #nextLine(): IteratorResult<Value, undefined> {
    const line = this.readLine();
    return line === ""
      ? { done: true, value: undefined }
      : { done: false, value: line };
  }
}

/** The methods of files. */
export const FILE_METHODS = methodTable<TextFile>(
  "_io.TextIOWrapper",
  (value) => value instanceof TextFile ? value : undefined,
  {
    close: ["", () => null],
    read: ["size?, /", (file, args) => {
      const size = args.at(0) === null ? -1 : clampIndex(args.integer(0));
      return file.read(size < 0 ? undefined : size);
    }],
    readline: ["", (file) => file.readLine()],
    readlines: ["", (file) => {
      const lines: Value[] = [];
      for (let line = file.readLine(); line !== ""; line = file.readLine()) {
        lines.push(line);
      }
      return lines;
    }],
  },
);

/** `open(file, mode, buffering, encoding, errors)`, for reading text. */
export function openFile(args: Arguments, { host, meter }: Runtime): TextFile {
  const mode = args.textOr(1, "r");
  if (host === undefined) throw new Unsupported("open() is not permitted here");
  if (!/^(r|rt|tr)$/.test(mode)) {
    throw new Unsupported(`open() in mode '${mode}'`);
  }
  const path = args.text(0);
  const bytes = asking(path, () => host.readFile(path));
  if (bytes.length > LARGEST_FILE) throw new Unsupported("files above 1 MB");
  meter.text(bytes.length);
  const encoding = args.at(3) === null ? "utf-8" : args.text(3);
  const errors = args.at(4) === null ? "strict" : args.text(4);
  // Universal newlines, as Python reads text by default.
  const text = decode(bytes, encoding, errors).replaceAll(/\r\n?/g, "\n");
  return new TextFile(text);
}

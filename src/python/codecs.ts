/** `str.encode` and `bytes.decode`. */
import { codeOf } from "./code_points.ts";
import { decodeUtf8, type FaultHandler } from "./codec_utf8.ts";
import {
  decodeImapUtf7,
  decodeUtf7,
  encodeImapUtf7,
  encodeUtf7,
  latinBytes,
} from "./codec_utf7.ts";
import { Raised, Unsupported } from "./raised.ts";
import { escapeCode } from "./repr.ts";

/** The codecs that can be had. */
type Codec =
  | "ascii"
  | "latin-1"
  | "utf-8"
  | "utf-8-sig"
  | "utf-7"
  | "imap4-utf-7";

const ALIASES: ReadonlyMap<string, Codec> = new Map([
  ["ascii", "ascii"],
  ["us-ascii", "ascii"],
  ["646", "ascii"],
  ["latin-1", "latin-1"],
  ["latin1", "latin-1"],
  ["latin", "latin-1"],
  ["l1", "latin-1"],
  ["iso-8859-1", "latin-1"],
  ["iso8859-1", "latin-1"],
  ["8859", "latin-1"],
  ["cp819", "latin-1"],
  ["utf-8", "utf-8"],
  ["utf8", "utf-8"],
  ["u8", "utf-8"],
  ["utf", "utf-8"],
  ["cp65001", "utf-8"],
  ["utf-8-sig", "utf-8-sig"],
  ["utf8-sig", "utf-8-sig"],
  ["utf-7", "utf-7"],
  ["utf7", "utf-7"],
  ["u7", "utf-7"],
  ["unicode-1-1-utf-7", "utf-7"],
  ["imap4-utf-7", "imap4-utf-7"],
  ["imap4-utf7", "imap4-utf-7"],
]);

/** The codec of a name, in any spelling that Python takes. */
function codecOf(name: string): Codec {
  const plain = name.toLowerCase().replaceAll(/[_ -]+/g, "-");
  const codec = ALIASES.get(plain);
  if (codec !== undefined) return codec;
  if (plain === "string-escape") {
    throw new Unsupported(
      "the codec 'string-escape' is gone since Python 3",
      "Write the string with its escapes, or decode with 'unicode_escape' in a pythonfile",
    );
  }
  throw new Unsupported(`the codec '${name}' is not supported`);
}

/** `bytes.decode(name, errors)`. @throws `UnicodeDecodeError` as Python. */
export function decode(
  bytes: Uint8Array,
  name: string,
  errors: string,
): string {
  const codec = codecOf(name);
  const onFault: FaultHandler = ({ start, end, reason }) => {
    switch (errors) {
      case "ignore":
        return "";
      case "replace":
        return "\ufffd";
      case "backslashreplace":
        return Array.from(bytes.subarray(start, end), escapeCode).join("");
      case "strict": {
        const where = end - start === 1
          ? `byte 0x${
            (bytes[start] ?? 0).toString(16).padStart(2, "0")
          } in position ${start}`
          : `bytes in position ${start}-${end - 1}`;
        throw new Raised(
          "UnicodeDecodeError",
          `'${
            codec.replace("-sig", "")
          }' codec can't decode ${where}: ${reason}`,
        );
      }
    }
    throw new Unsupported(`the error handler '${errors}' is not supported`);
  };
  switch (codec) {
    case "utf-8":
      return decodeUtf8(bytes, onFault);
    case "utf-8-sig":
      return decodeUtf8(bytes, onFault).replace(/^\ufeff/, "");
    case "utf-7":
      return decodeUtf7(bytes, onFault);
    case "imap4-utf-7":
      return decodeImapUtf7(bytes);
    case "latin-1":
    case "ascii": {
      let text = "";
      bytes.forEach((byte, index) => {
        text += byte < 128 || codec === "latin-1"
          ? String.fromCharCode(byte)
          : onFault({
            start: index,
            end: index + 1,
            reason: "ordinal not in range(128)",
          });
      });
      return text;
    }
  }
}

/** `text.encode(name, errors)`. @throws `UnicodeEncodeError` as Python. */
export function encode(text: string, name: string, errors: string): Uint8Array {
  const codec = codecOf(name);
  switch (codec) {
    case "utf-7":
      return encodeUtf7(text);
    case "imap4-utf-7":
      return encodeImapUtf7(text);
    case "utf-8":
    case "utf-8-sig": {
      const sound = replaceUnfit(
        text,
        "utf-8",
        errors,
        (code) =>
          code >= 0xd800 && code <= 0xdfff
            ? "surrogates not allowed"
            : undefined,
      );
      return new TextEncoder().encode(
        codec === "utf-8-sig" ? `\ufeff${sound}` : sound,
      );
    }
  }
  const limit = codec === "ascii" ? 128 : 256;
  return latinBytes(
    replaceUnfit(
      text,
      codec,
      errors,
      (code) => code >= limit ? `ordinal not in range(${limit})` : undefined,
    ),
  );
}

/** `text` with the characters replaced that do not fit; `faultOf` says why. */
function replaceUnfit(
  text: string,
  codec: string,
  errors: string,
  faultOf: (code: number) => string | undefined,
): string {
  return Array.from(text, (character, index) => {
    const code = codeOf(character);
    const reason = faultOf(code);
    if (reason === undefined) return character;
    switch (errors) {
      case "ignore":
        return "";
      case "replace":
        return "?";
      case "xmlcharrefreplace":
        return `&#${code};`;
      case "backslashreplace":
        return escapeCode(code);
      case "strict":
        throw new Raised(
          "UnicodeEncodeError",
          `'${codec}' codec can't encode character '${
            escapeCode(code)
          }' in position ${index}: ${reason}`,
        );
    }
    throw new Unsupported(`the error handler '${errors}' is not supported`);
  }).join("");
}

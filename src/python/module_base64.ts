/** Module `base64`, as far as passwords are hidden with it. */
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { latinBytes, latinText } from "./codec_utf7.ts";
import { builtin } from "./native.ts";
import { Raised, typeError, valueError } from "./raised.ts";
import { Module, typeName, type Value } from "./values.ts";

/** The ASCII text of what is to be decoded. */
function asciiText(value: Value): string {
  if (value instanceof Uint8Array) return latinText(value);
  if (typeof value !== "string") {
    throw typeError(
      `argument should be a bytes-like object or ASCII string, not '${
        typeName(value)
      }'`,
    );
  }
  if (/^\p{ASCII}*$/u.test(value)) return value;
  throw valueError("string argument should contain only ASCII characters");
}

/** The data characters before the padding that ends them; see `binascii.c`. */
function dataOf(text: string): string {
  let data = "";
  let pads = 0;
  for (const character of text) {
    if (character === "=") {
      pads += 1;
      const place = data.length % 4;
      if (place >= 2 && place + pads >= 4) return data;
    } else if (/[A-Za-z0-9+/]/.test(character)) {
      data += character;
      pads = 0;
    }
  }
  const left = data.length % 4;
  if (left === 0) return data;
  throw new Raised(
    "binascii.Error",
    left === 1
      ? "Invalid base64-encoded string: number of data characters " +
        `(${data.length}) cannot be 1 more than a multiple of 4`
      : "Incorrect padding",
  );
}

function decoder(name: string, urlSafe: boolean) {
  return builtin(name, "s, /", (args) => {
    const text = asciiText(args.at(0));
    const plain = urlSafe
      ? text.replaceAll("-", "+").replaceAll("_", "/")
      : text;
    return decodeBase64(dataOf(plain));
  });
}

function encoder(name: string, urlSafe: boolean) {
  return builtin(name, "s, /", (args) => {
    const value = args.at(0);
    if (!(value instanceof Uint8Array)) {
      throw typeError(
        `a bytes-like object is required, not '${typeName(value)}'`,
      );
    }
    const text = encodeBase64(value);
    return latinBytes(
      urlSafe ? text.replaceAll("+", "-").replaceAll("/", "_") : text,
    );
  });
}

/** The module. */
export const BASE64_MODULE = new Module(
  "base64",
  new Map<string, Value>(
    [
      decoder("b64decode", false),
      decoder("standard_b64decode", false),
      decoder("urlsafe_b64decode", true),
      decoder("decodebytes", false),
      encoder("b64encode", false),
      encoder("standard_b64encode", false),
      encoder("urlsafe_b64encode", true),
    ].map((item) => [item.name, item]),
  ),
);

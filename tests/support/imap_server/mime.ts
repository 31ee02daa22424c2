/** Just enough MIME for FETCH: the tree of parts, their types and encodings. */
import { fromBase64, fromByteString, toByteString } from "./bytes.ts";
import { type HeaderField, parseHeader, splitMessage } from "./header.ts";

/** A message or a part of one. */
export interface MimePart {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
  readonly fields: readonly HeaderField[];
  /** Upper case: `TEXT`, `PLAIN`. */
  readonly type: string;
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Lower-case `Content-Transfer-Encoding`. */
  readonly encoding: string;
  /** Parts of a multipart, or the one message of a message/rfc822. */
  readonly children: readonly MimePart[];
}

/** Deeper nesting is left as one leaf. */
const MAX_DEPTH = 20;

/** The tree of a message. */
export function parsePart(source: Uint8Array, depth = 0): MimePart {
  const { header, body } = splitMessage(source);
  const fields = parseHeader(header);
  const value = (name: string) =>
    fields.find((field) => field.key === name)?.value;
  const content = value("content-type") ?? "text/plain";
  const match = /^\s*([\w!#$&^.+-]+)\/([\w!#$&^.+-]+)/.exec(content);
  const type = (match?.[1] ?? "TEXT").toUpperCase();
  const subtype = (match?.[2] ?? "PLAIN").toUpperCase();
  const parameters = parseParameters(content);
  const boundary = parameters.get("BOUNDARY");
  let children: MimePart[] = [];
  if (depth < MAX_DEPTH && type === "MULTIPART" && boundary !== undefined) {
    children = splitParts(body, boundary).map((p) => parsePart(p, depth + 1));
  } else if (
    depth < MAX_DEPTH && type === "MESSAGE" && subtype === "RFC822"
  ) {
    children = [parsePart(body, depth + 1)];
  }
  return {
    header,
    body,
    fields,
    type,
    subtype,
    parameters,
    encoding: (value("content-transfer-encoding") ?? "7bit").trim()
      .toLowerCase(),
    children,
  };
}

/** The part at a path of numbers from 1; a leaf is its own part 1. */
export function findPart(
  root: MimePart,
  path: readonly number[],
): MimePart | undefined {
  let part: MimePart | undefined = root;
  for (const number of path) {
    const container: MimePart = part.type === "MESSAGE"
      ? part.children[0] ?? part
      : part;
    if (container.type === "MULTIPART") part = container.children[number - 1];
    else part = number === 1 ? container : undefined;
    if (part === undefined) return undefined;
  }
  return part;
}

/** The body without its transfer encoding. */
export function decodeTransfer(part: MimePart): Uint8Array | undefined {
  switch (part.encoding) {
    case "base64":
      return fromBase64(toByteString(part.body).replaceAll(/\s/g, ""));
    case "quoted-printable":
      return fromByteString(
        toByteString(part.body).replaceAll(/=\r?\n/g, "").replaceAll(
          /=([0-9A-Fa-f]{2})/g,
          (_, hex: string) => String.fromCharCode(parseInt(hex, 16)),
        ),
      );
    default:
      return part.body;
  }
}

/** `name=value` pairs of a structured field, names in upper case. */
export function parseParameters(value: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (
    const match of value.matchAll(
      /;\s*([\w!#$&*^.+-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/g,
    )
  ) {
    parameters.set(
      (match[1] ?? "").toUpperCase(),
      match[2]?.replaceAll(/\\(.)/g, "$1") ?? match[3] ?? "",
    );
  }
  return parameters;
}

function splitParts(body: Uint8Array, boundary: string): Uint8Array[] {
  const text = toByteString(body);
  const quoted = boundary.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const lines = new RegExp(`(?:^|\r?\n)--${quoted}(--)?[ \t]*(?=\r?\n|$)`, "g");
  const parts: Uint8Array[] = [];
  let start = -1;
  for (const match of text.matchAll(lines)) {
    if (start >= 0) parts.push(body.subarray(start, match.index));
    if (match[1] !== undefined) return parts;
    const after = match.index + match[0].length;
    start = Math.min(
      body.length,
      after + (text.startsWith("\r\n", after) ? 2 : 1),
    );
  }
  if (start >= 0) parts.push(body.subarray(start));
  return parts;
}

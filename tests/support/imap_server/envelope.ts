/** ENVELOPE and BODYSTRUCTURE (RFC 3501 §7.4.2), for clients that ask. */
import { encodeUtf8, toByteString } from "./bytes.ts";
import { type MimePart, parseParameters, parsePart } from "./mime.ts";

/** The parenthesised envelope of a message. */
export function envelopeText(source: Uint8Array): string {
  return envelopeOf(parsePart(source));
}

/** The parenthesised structure; `extended` for BODYSTRUCTURE, not for BODY. */
export function bodyStructureText(
  source: Uint8Array,
  extended: boolean,
): string {
  return structureOf(parsePart(source), extended);
}

function envelopeOf(part: MimePart): string {
  const value = (name: string) =>
    part.fields.find((field) => field.key === name)?.value;
  const from = addressList(value("from"));
  return `(${
    [
      nstring(value("date")),
      nstring(value("subject")),
      from,
      value("sender") === undefined ? from : addressList(value("sender")),
      value("reply-to") === undefined ? from : addressList(value("reply-to")),
      addressList(value("to")),
      addressList(value("cc")),
      addressList(value("bcc")),
      nstring(value("in-reply-to")),
      nstring(value("message-id")),
    ].join(" ")
  })`;
}

/** Addresses by a simple split: groups and comments are not told apart. */
function addressList(value: string | undefined): string {
  if (value === undefined) return "NIL";
  const found: string[] = [];
  for (
    const match of value.matchAll(
      /(?:"((?:[^"\\]|\\.)*)"|([^<>",]*))\s*<([^<>@]*)@?([^<>]*)>|([^\s,<>"@]+)@([^\s,<>"]+)/g,
    )
  ) {
    const name = (match[1] ?? match[2] ?? "").trim();
    found.push(
      `(${nstring(name === "" ? undefined : name)} NIL ${
        nstring(match[3] ?? match[5])
      } ${nstring(match[4] ?? match[6])})`,
    );
  }
  return found.length === 0 ? "NIL" : `(${found.join("")})`;
}

function structureOf(part: MimePart, extended: boolean): string {
  if (part.type === "MULTIPART" && part.children.length > 0) {
    const inner = part.children.map((child) => structureOf(child, extended));
    const more = extended ? ` ${parameterText(part)} NIL NIL NIL` : "";
    return `(${inner.join("")} ${nstring(part.subtype)}${more})`;
  }
  const value = (name: string) =>
    part.fields.find((field) => field.key === name)?.value;
  const fields = [
    nstring(part.type),
    nstring(part.subtype),
    parameterText(part),
    nstring(value("content-id")),
    nstring(value("content-description")),
    nstring(part.encoding),
    String(part.body.length),
  ];
  const lines = String(toByteString(part.body).split("\n").length - 1);
  const [inner] = part.children;
  if (part.type === "MESSAGE" && inner !== undefined) {
    fields.push(envelopeOf(inner), structureOf(inner, extended), lines);
  } else if (part.type === "TEXT") {
    fields.push(lines);
  }
  if (extended) {
    fields.push("NIL", dispositionText(value("content-disposition")));
    fields.push("NIL", "NIL");
  }
  return `(${fields.join(" ")})`;
}

function parameterText(part: MimePart): string {
  return pairs(part.parameters);
}

function dispositionText(value: string | undefined): string {
  if (value === undefined) return "NIL";
  const kind = /^[^;\s]+/.exec(value)?.[0] ?? "attachment";
  return `(${nstring(kind)} ${pairs(parseParameters(value))})`;
}

function pairs(parameters: ReadonlyMap<string, string>): string {
  if (parameters.size === 0) return "NIL";
  const flat = [...parameters].flatMap(([k, v]) => [nstring(k), nstring(v)]);
  return `(${flat.join(" ")})`;
}

/** Quoted where that can be, else a literal; NIL for undefined. */
function nstring(value: string | undefined): string {
  if (value === undefined) return "NIL";
  return /^[\x20-\x7e]*$/.test(value)
    ? `"${value.replaceAll(/["\\]/g, "\\$&")}"`
    : `{${encodeUtf8(value).length}}\r\n${value}`;
}

/**
 * Folder names as directory names on Windows, and back.
 *
 * Windows forbids some characters in names, drops dots and blanks at their end
 * and keeps a few for devices. Such a name has `%XX` in place of each character
 * that is in the way (`Re: a` is `Re%3A a`), `XX` being its code in hexadecimal.
 * All other names are themselves. A `%` is escaped only where it would read as
 * an escape, so that `100%` and even `50%20off` stay as they are.
 */
import { SUBDIRECTORIES } from "./layout.ts";

/** How names are escaped. */
export interface Escaping {
  /** Slashes separate levels (`sep = /`), and are in no part of a name. */
  readonly nested: boolean;
}

/** Names that Windows keeps for devices, with or without an extension. */
const DEVICE =
  /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)/i;

const FORBIDDEN = /[\x00-\x1f<>:"/\\|?*]/;

const ESCAPE = /^%([0-9a-f]{2})/i;

/**
 * The directory that stands for a part of a folder name. Different names have
 * different directories, which differ by more than the case of letters if the
 * names do. Every directory stands for a name, see {@link unescapeName}.
 */
export function escapeName(name: string, rules: Escaping): string {
  const text = escapeFrom(name, true, rules);
  return isReserved(text) ? escapeOf(text.charAt(0)) + text.slice(1) : text;
}

/** @param first Whether `name` is one from its first character on. */
function escapeFrom(name: string, first: boolean, rules: Escaping): string {
  const encode = (rest: string) => escapeFrom(rest, false, rules);
  let text = "";
  for (let at = 0; at < name.length; at++) {
    const char = name.charAt(at);
    const inTheWay = isForbidden(char, rules) ||
      at === name.length - 1 && (char === "." || char === " ") ||
      readsAsEscape(name.slice(at), first && at === 0, encode, rules);
    text += inTheWay ? escapeOf(char) : char;
  }
  return text;
}

/** The part of a folder name that a directory stands for. */
export function unescapeName(directory: string, rules: Escaping): string {
  let name = "";
  for (let at = 0; at < directory.length; at++) {
    const text = directory.slice(at);
    if (readsAsEscape(text, at === 0, (rest) => rest, rules)) {
      name += characterOf(text);
      at += 2;
    } else name += directory.charAt(at);
  }
  return name;
}

/**
 * Whether the end of a name begins with something that {@link escapeName} writes.
 * @param first Whether `text` is all of the name.
 * @param encode What follows as it is in the directory's name.
 */
function readsAsEscape(
  text: string,
  first: boolean,
  encode: (rest: string) => string,
  rules: Escaping,
): boolean {
  const char = characterOf(text);
  if (char === undefined) return false;
  if (isForbidden(char, rules)) return true;
  const rest = text.slice(3);
  if (char === "." || char === " ") return rest === "";
  // Only where an escape would follow without it.
  if (char === "%") return readsAsEscape(`%${rest}`, first, encode, rules);
  return first && isReserved(char + encode(rest));
}

function isForbidden(char: string, { nested }: Escaping): boolean {
  return FORBIDDEN.test(char) && !(nested && char === "/");
}

/** A device, or one of the directories that every Maildir has. */
function isReserved(name: string): boolean {
  return DEVICE.test(name) ||
    (SUBDIRECTORIES as readonly string[]).includes(name.toLowerCase());
}

/** The character whose escape `text` begins with, if it does. */
function characterOf(text: string): string | undefined {
  const digits = ESCAPE.exec(text)?.[1];
  return digits === undefined
    ? undefined
    : String.fromCharCode(Number.parseInt(digits, 16));
}

function escapeOf(char: string): string {
  return "%" +
    char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
}

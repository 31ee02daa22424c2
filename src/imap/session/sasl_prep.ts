/** SASLprep (RFC 4013): the one form of a user name or password. */

/** RFC 3454 table C.1.2: blanks that are not the ASCII one. */
const OTHER_BLANKS = /[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000]/gu;

/** RFC 3454 table B.1, without U+200B, which is in both: they vanish. */
const NOTHING =
  /[\u00AD\u034F\u1806\u180B-\u180D\u200C\u200D\u2060\uFE00-\uFE0F\uFEFF]/gu;

/**
 * The prepared text. ASCII stays as it is.
 *
 * Where RFC 4013 forbids a character (controls, private use, and so on) nothing is
 * refused: the server has the last word, and passwords with them are in use.
 */
export function saslPrep(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return text.replaceAll(OTHER_BLANKS, " ").replaceAll(NOTHING, "")
    .normalize("NFKC");
}

/** Text from mail servers and file names, made harmless for a terminal. */

/**
 * What must not reach a terminal or a log as it is: control characters (they
 * move the cursor and change settings), line separators, marks that turn the
 * direction of writing (they make a text read other than it is), and halves of
 * surrogate pairs.
 */
const HARMFUL = /\p{Cc}|\p{Bidi_Control}|\p{Surrogate}|[\u2028\u2029\ufeff]/gu;

/** `text` with every harmful character as `\xHH` or `\uHHHH`. */
export function escapeText(text: string): string {
  return text.replaceAll(HARMFUL, escapeChar);
}

/** The same for a text of several lines: line ends and tabs stay. */
export function escapeLines(text: string): string {
  return text.replaceAll(/\r\n/g, "\n").replaceAll(
    HARMFUL,
    (char) => char === "\n" || char === "\t" ? char : escapeChar(char),
  );
}

/**
 * The same for a message that may hold a server's words: what follows the first
 * line is indented, so that no line of theirs can be taken for one of ours.
 */
export function escapeMessage(text: string): string {
  return escapeLines(text).trimEnd().replaceAll("\n", "\n    ");
}

function escapeChar(char: string): string {
  const hex = char.charCodeAt(0).toString(16);
  return hex.length <= 2
    ? `\\x${hex.padStart(2, "0")}`
    : `\\u${hex.padStart(4, "0")}`;
}

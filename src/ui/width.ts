/** How many columns of a terminal a text takes. */

/**
 * Letters that take two columns: East Asian wide and full-width forms
 * (Unicode UAX #11) and pictures.
 */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

const PLAIN = /^[\x20-\x7e]*$/;

let segmenter: Intl.Segmenter | undefined;

/** What users see as characters. Made late: it loads tables for 10 ms. */
function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return segmenter.segment(text);
}

/** The columns that `text` takes. It must hold no control characters. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text)) width += widthOf(segment);
  return width;
}

/**
 * `text` itself if it fits into `columns`, else its end after `…`.
 *
 * The end, because folder names differ there: `Archive/2026/Invoices`.
 */
export function fitEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let width = 1;
  let kept = "";
  const segments = [...graphemes(text)].reverse();
  for (const { segment } of segments) {
    width += widthOf(segment);
    if (width > columns) break;
    kept = segment + kept;
  }
  return columns <= 0 ? "" : `…${kept}`;
}

/** The columns of one character as users see it. */
function widthOf(segment: string): number {
  if (/^\p{Mark}/u.test(segment)) return 0;
  return WIDE.test(segment) ? 2 : 1;
}
